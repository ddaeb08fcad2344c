/** What an action did, shown as a card. A card only ever shows what the server committed. */

import { h } from "../dom";
import type { Action } from "../types";
import { text } from "../values";
import { booked, cancelled, found } from "./booking";
import { proposal } from "./confirm";
import type { CardContext } from "./context";
import { slots } from "./slots";

export type { CardContext } from "./context";

const CARDS: Record<string, (action: Action, context: CardContext) => HTMLElement | null> = {
  create_booking: booked,
  reschedule_booking: booked,
  update_booking: booked,
  cancel_booking: cancelled,
  lookup_booking: found,
  check_availability: slots,
};

/** Null for what needs no card: the words of the reply say it. */
export function card(action: Action, context: CardContext): HTMLElement | null {
  const { type, status, data } = action;
  const words = text(data, "fallback_text", "fallbackText");
  if (status === "needs_confirmation") return proposal(action, context);
  if (status === "failed") {
    // A full evening comes with other times to choose from.
    const offer = Array.isArray(data.alternatives) ? slots(action, context) : null;
    return offer ?? h("p", { class: "quiet" }, words || context.t.notDone);
  }
  if (status !== "done") return null;
  const made = Object.prototype.hasOwnProperty.call(CARDS, type) ? CARDS[type]?.(action, context) : null;
  return made ?? (words ? h("p", { class: "quiet", dir: "auto" }, words) : null);
}
