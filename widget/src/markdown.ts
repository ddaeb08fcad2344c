/** A small part of Markdown, straight to DOM nodes: there is no HTML that could slip through. */

import { h } from "./dom";
import { safeLink } from "./links";

/**
 * Longer constructs are plain text: bounds keep every pattern linear. No look-behind, which older
 * Safaris cannot read.
 */
const INLINE = new RegExp(
  [
    /\\([\\`*_[\]()#+.!~-])/, // 1 escaped character
    /`([^`\n]{1,500})`/, // 2 code
    /\[([^[\]\n]{1,300})\]\(<?([^\s()<>]{1,1000})>?\)/, // 3, 4 link
    /\*\*(?=\S)([^\n]{0,1000}?\S)\*\*/, // 5 bold
    /\*(?=[^\s*])([^*\n]{0,1000}?[^\s*])\*(?!\*)/, // 6 italic
    /_(?=[^\s_])([^_\n]{0,1000}?[^\s_])_(?!\w)/, // 7 italic
    /((?:https?:\/\/|mailto:|tel:)[^\s<>"'`]{1,1000})/, // 8 bare address
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

const DEEPEST = 4;

/** `hosts`: where links may lead; what leads elsewhere is shown, not linked. */
export function markdown(source: string, hosts: readonly string[]): DocumentFragment {
  const out = document.createDocumentFragment();
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length) out.append(textBlock(paragraph, hosts));
    paragraph = [];
  };
  for (let i = 0; i < lines.length;) {
    const line = lines[i] ?? "";
    const block = list(lines, i, hosts) ?? heading(line, hosts);
    if (block || !line.trim()) flush();
    if (block) out.append(block.node);
    else if (line.trim()) paragraph.push(line);
    i += block?.lines ?? 1;
  }
  flush();
  return out;
}

/** A reply cut in mid-sentence: its last bold word is bold before its sign is closed. */
export function closed(source: string): string {
  const line = source.slice(source.lastIndexOf("\n") + 1);
  if (line.split("**").length % 2 === 1) return source;
  return /\*\*\s*$/.test(source) ? source.replace(/\*\*\s*$/, "") : `${source.trimEnd()}**`;
}

/** What a screen reader should say: the words without the signs. */
export function plain(source: string): string {
  const blocks = Array.from(markdown(source, []).childNodes);
  return blocks
    .map((node) => node.textContent ?? "")
    .join("\n")
    .trim();
}

interface Block {
  node: Node;
  lines: number;
}

function textBlock(lines: string[], hosts: readonly string[]): Node {
  const p = h("p");
  lines.forEach((line, i) => {
    if (i) p.append(h("br"));
    p.append(inline(line, hosts));
  });
  return p;
}

function heading(line: string, hosts: readonly string[]): Block | null {
  const match = /^ {0,3}#{1,6}\s+(.+?)[\s#]*$/.exec(line);
  if (!match) return null;
  return { node: h("p", {}, h("strong", {}, inline(match[1] ?? "", hosts))), lines: 1 };
}

const ITEM = /^\s{0,6}(?:[-*+•]|(\d{1,3})[.)])\s+(.*)$/;

function list(lines: string[], start: number, hosts: readonly string[]): Block | null {
  const first = ITEM.exec(lines[start] ?? "");
  if (!first) return null;
  const ordered = first[1] !== undefined;
  const node = ordered ? h("ol", { start: first[1] }) : h("ul");
  let i = start;
  for (let last: HTMLElement | null = null; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const item = ITEM.exec(line);
    if (item && (item[1] !== undefined) === ordered) {
      last = h("li", {}, inline(item[2] ?? "", hosts));
      node.append(last);
    } else if (last && /^\s{2,}\S/.test(line) && !item) {
      last.append(h("br"), inline(line.trim(), hosts)); // the item goes on
    } else break;
  }
  return { node, lines: i - start };
}

function inline(source: string, hosts: readonly string[], depth = 0): Node {
  const out = document.createDocumentFragment();
  if (depth > DEEPEST) {
    out.append(source);
    return out;
  }
  const pattern = new RegExp(INLINE);
  let at = 0;
  for (let match = pattern.exec(source); match; match = pattern.exec(source)) {
    if (match[0].startsWith("_") && /\w/.test(source[match.index - 1] ?? "")) {
      pattern.lastIndex = match.index + 1; // inside_a_word it is no sign
      continue;
    }
    const { node, length } = token(match, hosts, depth);
    out.append(source.slice(at, match.index), node);
    at = pattern.lastIndex = match.index + length;
  }
  out.append(source.slice(at));
  return out;
}

function token(match: RegExpMatchArray, hosts: readonly string[], depth: number) {
  const [whole, escaped, code, label, target, bold, star, underscore, bare] = match;
  const inner = (value: string) => inline(value, hosts, depth + 1);
  const length = whole.length;
  if (escaped !== undefined) return { node: new Text(escaped), length };
  if (code !== undefined) return { node: h("code", {}, code), length };
  if (label !== undefined) return { node: link(label, target ?? "", hosts), length };
  if (bold) return { node: h("strong", {}, inner(bold)), length };
  const italic = star ?? underscore;
  if (italic) return { node: h("em", {}, inner(italic)), length };
  const address = withoutSentenceEnd(bare ?? "");
  return {
    node: link(address.replace(/^(mailto|tel):/, ""), address, hosts),
    length: address.length,
  };
}

/** The full stop after an address, or the bracket around it, is not part of it. */
function withoutSentenceEnd(address: string): string {
  const end = address.includes("(") ? /[.,;:!?*_~\]]+$/ : /[.,;:!?*_~\])]+$/;
  return address.replace(end, "");
}

/** A link that leads where it says, or its words with the address in plain sight. */
function link(label: string, target: string, hosts: readonly string[]): Node {
  const href = safeLink(target, hosts);
  if (!href) return new Text(label === target ? label : `${label} (${target})`);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, label);
}
