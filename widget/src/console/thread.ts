/** The open conversation: entries by their place, what is on its way, what is being said. */

import type { Changed, Customer, Entry, Item, Loaded, Viewer, Words } from "./types";

/** Words of one's own that the server has not confirmed yet. */
export interface Pending {
  clientId: string;
  kind: "staff" | "note";
  text: string;
  at: number;
  state: "sending" | "failed";
  /** Why it failed. */
  why: string;
}

export interface Thread {
  id: string;
  state: "loading" | "ready" | "failed";
  why: string;
  item?: Item;
  customer?: Customer;
  entries: Entry[];
  lastSeq: number;
  hasEarlier: boolean;
  pending: Pending[];
  /** The assistant's words while it speaks. */
  live: { turnId: string; text: string } | null;
  /** The customer is writing, until then. */
  typing: number;
  viewing: Viewer[];
}

/** A message whose delivery is not known after this long will hardly be heard of any more. */
const DELIVERY = 2 * 60_000;

/** A typing sign that is not renewed goes out by itself. */
const TYPING = 8_000;

/** `pending`: what was on its way when it was last open. */
export function openThread(id: string, item?: Item, pending: Pending[] = []): Thread {
  return {
    id,
    item,
    state: "loading",
    why: "",
    entries: [],
    lastSeq: 0,
    hasEarlier: false,
    pending,
    live: null,
    typing: 0,
    viewing: [],
  };
}

/**
 * Takes entries in, whatever their order; what comes again replaces what was there, as deliveries
 * change. Returns those that were not here before.
 */
export function merge(thread: Thread, entries: Entry[], me = ""): Entry[] {
  const fresh: Entry[] = [];
  for (const entry of entries) {
    const at = place(thread.entries, entry.seq);
    const known = thread.entries[at]?.seq === entry.seq;
    thread.entries.splice(at, known ? 1 : 0, entry);
    thread.lastSeq = Math.max(thread.lastSeq, entry.seq);
    if (known) continue;
    fresh.push(entry);
    if (entry.kind === "customer") thread.typing = 0;
    if (entry.kind === "assistant") thread.live = null;
    if (entry.kind === "staff" || entry.kind === "note") confirm(thread, entry, me);
  }
  return fresh;
}

function place(entries: Entry[], seq: number): number {
  let at = entries.length;
  while (at > 0 && (entries[at - 1]?.seq ?? 0) >= seq) at--;
  return at;
}

/** The socket can be faster than the answer to the request. */
function confirm(thread: Thread, entry: Entry, me: string): void {
  const at = thread.pending.findIndex(
    ({ clientId, kind, text }) =>
      clientId === entry.clientId ||
      (kind === entry.kind && text === entry.text && (entry.agentName || me) === me),
  );
  if (at >= 0) thread.pending.splice(at, 1);
}

export function loaded(thread: Thread, page: Loaded, me: string): void {
  merge(thread, page.entries, me);
  thread.lastSeq = Math.max(thread.lastSeq, page.lastSeq);
  thread.hasEarlier = page.hasEarlier;
  thread.customer = page.customer;
  thread.state = "ready";
  taken(thread, page.conversation);
}

export function earlier(thread: Thread, page: Loaded): void {
  merge(thread, page.entries);
  thread.hasEarlier = page.hasEarlier;
}

export function changed(thread: Thread, { conversation, entries }: Changed, me: string): Entry[] {
  const fresh = merge(thread, entries, me);
  taken(thread, conversation);
  return fresh;
}

/** A conversation that a person has, or nobody, is not the assistant's to speak in. */
export function taken(thread: Thread, item: Item): void {
  const before = thread.item;
  if (before && Date.parse(before.updated) > Date.parse(item.updated)) return;
  thread.item = item;
  if (item.status !== "bot" && item.status !== "queued") thread.live = null;
}

/** `offset`, in code points: where this piece belongs. A piece behind a gap is of no use: the whole
 * text comes with the entry. */
export function speak(thread: Thread, { turnId, chunk, offset }: Words): void {
  const before = thread.live?.turnId === turnId ? [...thread.live.text] : [];
  if (offset > before.length) return;
  thread.live = { turnId, text: before.slice(0, offset).join("") + chunk };
}

/** The reply is written anew. */
export function restart(thread: Thread, turnId: string): void {
  thread.live = { turnId, text: "" };
}

export function typing(thread: Thread, isTyping: boolean, now = Date.now()): void {
  thread.typing = isTyping ? now + TYPING : 0;
}

/** Something was sent, and what became of it is not known yet. */
export function isUnderWay({ entries }: Thread, now = Date.now()): boolean {
  return entries
    .slice(-20)
    .some(
      ({ delivery, at }) =>
        /^(queued|sent)$/.test(delivery?.state ?? "") && now - Date.parse(at) < DELIVERY,
    );
}
