// Bundles the widget, and the staff inbox with its style sheet, each into one file, and writes the
// manifest that lets Python check them without Node.
//
//   node build.mjs [OUT_DIR]     default: frontdesk_widget/dist

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build, transform } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
/** Bytes, compressed: past the first number something should be left out, past the second it must. */
const BUDGETS = { "widget.js": [18 * 1024, 20 * 1024], "console.js": [24 * 1024, 25 * 1024] };

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Style sheets arrive in the bundle as minified text: they become adopted style sheets. */
const cssAsText = {
  name: "css-as-text",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = readFileSync(path, "utf8");
      const { code } = await transform(css, { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const LOCALES = join(HERE, "src/locales");

/** A language as the values of `T`, in its order: names are for translators. */
function texts(path) {
  const source = readFileSync(join(HERE, "src/strings.ts"), "utf8");
  const names = [...source.matchAll(/^  (\w+),$/gm)].map(([, name]) => name);
  const named = JSON.parse(readFileSync(path, "utf8"));
  const odd = [...names, ...Object.keys(named)].filter((n) => !named[n] || !names.includes(n));
  if (odd.length) throw new Error(`${path}: ${odd.join(", ")}`);
  return JSON.stringify(names.map((name) => named[name]));
}

const languages = readdirSync(LOCALES)
  .sort()
  .filter((name) => name !== "en.json")
  .map((name) => ({ name, text: texts(join(LOCALES, name)) }));
const version = sha256(languages.map(({ text }) => text).join("\n")).slice(0, 8);

/** English without its names. */
const localesAsLists = {
  name: "locales-as-lists",
  setup(builder) {
    builder.onLoad({ filter: /locales\/en\.json$/ }, ({ path }) => ({
      contents: texts(path),
      loader: "json",
    }));
  },
};

/** One hash over everything the bundle is made from; tests/test_widget_build.py computes the same. */
function sourceHash() {
  const sources = readdirSync(join(HERE, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(HERE, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const hash = createHash("sha256");
  for (const name of [...sources, "build.mjs"].sort()) {
    hash.update(`${name}\n${sha256(readFileSync(join(HERE, name)))}\n`);
  }
  return hash.digest("hex");
}

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, entry)],
    absWorkingDir: HERE,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    define: { TEXTS: JSON.stringify(version) },
    plugins: [cssAsText, localesAsLists],
    write: false,
  });
  return outputFiles[0].contents;
}

const script = await bundle("src/index.ts");
const sheet = await build({
  entryPoints: [join(HERE, "src/styles/inbox.css")],
  bundle: true,
  minify: true,
  charset: "utf8",
  write: false,
});
const files = {
  "widget.js": script,
  "console.js": await bundle("src/console/index.ts"),
  "inbox.css": sheet.outputFiles[0].contents,
};
const manifest = {
  file: "widget.js",
  sha256: sha256(script),
  texts: version,
  source_hash: sourceHash(),
  console: sha256(files["console.js"]),
  inbox: sha256(files["inbox.css"]),
};
const out = resolve(process.argv[2] ?? join(HERE, "frontdesk_widget/dist"));
mkdirSync(join(out, "i18n"), { recursive: true });
for (const name in files) writeFileSync(join(out, name), files[name]);
for (const { name, text } of languages) writeFileSync(join(out, "i18n", name), text);
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

for (const [name, [alarm, budget]] of Object.entries(BUDGETS)) {
  const size = gzipSync(files[name], { level: 9 }).length;
  console.log(`${name}: ${files[name].length} bytes, ${size} gzip, budget ${budget}`);
  if (size > alarm) console.warn(`${name} is past ${alarm} bytes: find something to leave out`);
  if (size > budget) process.exitCode = 1;
}
