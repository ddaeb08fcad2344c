/** What became of proposals and carts, read from what came after them in the transcript. */

import type { Action, Entry } from "../types";
import { isCart } from "./order";

/**
 * Of a proposal: `open` to an answer, `busy` while that has to wait for another answer, `sent` when its
 * button was pressed, and then one of the four ends. Of a cart: `past` when there is a newer one, or
 * an order was made of it.
 */
export type Standing =
  | "open"
  | "busy"
  | "sent"
  | "accepted"
  | "declined"
  | "replaced"
  | "lapsed"
  | "past";

export type Standings = ReadonlyMap<Action, Standing>;

/** What the button says. Other refusals are the server's to understand. */
const REFUSAL = /^(no|non|nein|لا)[.!]?$/i;

/**
 * `voided`: the proposals that the server knows to be declined. `person`: somebody of the business
 * has the conversation, and nothing is carried out meanwhile.
 */
export function standings(
  entries: readonly Entry[],
  voided: ReadonlySet<unknown> = new Set(),
  person = false,
): Standings {
  const found = new Map<Action, Standing>();
  /** What later outcomes make of an earlier proposal, by its id, or by its tool. */
  const later = new Map<unknown, Standing>();
  const pressed = new Map<unknown, Standing>();
  let refused = false;
  let answered = false;
  let busy = person;
  let ordered = false;

  const said = ({ text, confirm, state }: Entry) => {
    if (state === "failed") return; // nobody has heard it
    busy ||= !answered;
    if (confirm) pressed.set(confirm, answered ? "lapsed" : "sent");
    if (!REFUSAL.test(text)) return;
    refused = true;
    for (const [of, standing] of later) if (standing === "replaced") later.set(of, "declined");
  };

  const acted = ({ type, status, data }: Action, live: boolean): Standing | undefined => {
    const id = data.proposalId;
    const past = ordered && isCart(data);
    ordered ||= Array.isArray(data.lines);
    if (status === "needs_confirmation") {
      const silent = refused || voided.has(id) ? "declined" : busy || live ? "busy" : "open";
      return later.get(id) ?? later.get(type) ?? pressed.get(id) ?? silent;
    }
    if (status === "done") later.set(id ?? type, "accepted");
    else if (status === "failed" && id) later.set(id, "lapsed");
    return past ? "past" : undefined;
  };

  for (const entry of [...entries].reverse()) {
    const { role, state, actions } = entry;
    if (role === "customer") said(entry);
    else if (role !== "notice") answered ||= state === "done";
    for (const action of [...actions].reverse()) {
      const standing = acted(action, state === "live");
      if (standing) found.set(action, standing);
    }
    // Within one reply there may be several to choose from; a later reply begins anew.
    for (const { type, status } of actions)
      if (status === "needs_confirmation") later.set(type, "replaced");
  }
  return found;
}

/** A card waits for an answer: nothing else on the screen should ask for one. */
export function asking(all: Standings): boolean {
  return [...all.values()].some((standing) => standing === "open" || standing === "busy");
}
