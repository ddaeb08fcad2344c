// Bundles the widget into one script and writes the manifest that lets Python check it without Node.
//
//   node build.mjs [OUT_DIR]     default: frontdesk_widget/dist

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build, transform } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ALARM = 18 * 1024;
const BUDGET = 20 * 1024;

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

const { outputFiles } = await build({
  entryPoints: [join(HERE, "src/index.ts")],
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  plugins: [cssAsText],
  write: false,
});

const script = outputFiles[0].contents;
const manifest = { file: "widget.js", sha256: sha256(script), source_hash: sourceHash() };
const out = resolve(process.argv[2] ?? join(HERE, "frontdesk_widget/dist"));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, manifest.file), script);
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const size = gzipSync(script, { level: 9 }).length;
console.log(`widget.js: ${script.length} bytes, ${size} gzip, budget ${BUDGET}`);
if (size > ALARM) console.warn(`widget.js is past ${ALARM} bytes: find something to leave out`);
if (size > BUDGET) process.exitCode = 1;
