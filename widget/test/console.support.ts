/** What the tests of the inbox share. */

import type { Entry, Item } from "../src/console/types";

export const NOON = Date.parse("2026-05-01T12:00:00Z");

export function item(id: string, extra: Partial<Item> = {}): Item {
  return {
    id,
    channel: "web",
    status: "queued",
    agent: null,
    contact: { id: `contact of ${id}`, name: "Zoe Smith" },
    preview: "Hello",
    previewRole: "customer",
    waitingSince: null,
    unread: 0,
    updated: new Date(NOON).toISOString(),
    reason: "",
    urgency: "",
    snoozedUntil: null,
    ...extra,
  };
}

export function entry(seq: number, extra: Partial<Entry> = {}): Entry {
  const at = new Date(NOON + seq * 1000).toISOString();
  return { seq, id: `e${seq}`, at, kind: "customer", text: `m${seq}`, ...extra };
}

/** The same numbers every time: mulberry32. */
export function dice(seed: number): (sides: number) => number {
  return (sides) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

export function shuffled<T>(values: T[], roll: (sides: number) => number): T[] {
  const out = [...values];
  for (let at = out.length - 1; at > 0; at--) {
    const other = roll(at + 1);
    [out[at], out[other]] = [out[other] as T, out[at] as T];
  }
  return out;
}
