/** Ready-made replies, called by "/" in the composer. */

import type { Canned } from "./types";

const MOST = 8;

/** The word after the slash before the caret; null when none is being written. */
export function called(before: string): string | null {
  return /(?:^|\s)\/([^\s/]{0,40})$/.exec(before)?.[1]?.toLowerCase() ?? null;
}

/** By shortcut first, then by what they say. */
export function matching(replies: Canned[], word: string): Canned[] {
  const rank = ({ shortcut, text }: Canned) => {
    const name = shortcut.replace(/^\//, "").toLowerCase();
    if (name.startsWith(word)) return 0;
    if (name.includes(word)) return 1;
    return text.toLowerCase().includes(word) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, at: rank(reply) }))
    .filter(({ at }) => at < 3)
    .sort((one, other) => one.at - other.at)
    .slice(0, MOST)
    .map(({ reply }) => reply);
}

/** `{name}` and `{{ name }}`; what has no value stays, so that whoever sends it sees the hole. */
export function filled(text: string, values: Record<string, string>): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}|\{(\w+)\}/g, (whole, one, other) => {
    const value = values[(one ?? other).toLowerCase()];
    return value === undefined ? whole : value;
  });
}

/** The reply in place of its call; `caret`: where to go on. */
export function inserted(text: string, caret: number, reply: string) {
  const before = text.slice(0, caret).replace(/\/[^\s/]*$/, "");
  return { text: before + reply + text.slice(caret), caret: before.length + reply.length };
}
