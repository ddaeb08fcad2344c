/** What an action did, shown as a card. A card only ever shows what the server committed. */

import type { Child } from "../dom";
import { T } from "../i18n";
import type { Action } from "../types";
import { booking } from "./booking";
import { list, quiet, text, type CardContext } from "./context";
import { cart, isCart, order } from "./order";
import { proposal } from "./proposal";
import { slots } from "./slots";
import type { Standing } from "./standing";

export type { CardContext } from "./context";

/** More would be a list to read, not a card to see. */
const MOST = 5;

/** What a reply's later actions have not overtaken: a second try, or a booking of an offered time. */
export function current(actions: Action[]): Action[] {
  return actions.filter(({ type, status }, i) => {
    if (status === "needs_confirmation" || (status === "done" && !/availability/.test(type)))
      return true;
    return !actions
      .slice(i + 1)
      .some((later) => later.type === type || /_booking$/.test(later.type));
  });
}

/** Nothing for what needs no card: the words of the reply say it. */
export function card(action: Action, context: CardContext, standing: Standing = "open"): Child[] {
  const { type, status, data } = action;
  const { t } = context;
  const words = text(data, "fallback_text");
  const offer = () => slots(data, context);
  if (status === "needs_confirmation") return [proposal(action, context, standing)];
  // A full evening comes with other times to choose from.
  if (status === "failed") return offer() ?? [quiet(words || t[T.notDone])];
  if (status !== "done") return [];
  if (/availability/.test(type)) return offer() ?? [quiet(t[T.noTimes])];
  const looks = /^(look|get|list|view|check)/.test(type);
  const several = list(data.bookings ?? data.orders);
  const shown = several.length ? several : [data];
  return shown.slice(0, MOST).flatMap((one): Child[] => {
    if (Array.isArray(one.lines) || /^cancel_order/.test(type))
      return [
        isCart(one) && !/^(confirm|place|cancel)/.test(type)
          ? cart(one, context, standing !== "past")
          : order(one, context, !looks),
      ];
    if (!/_booking|waitlist/.test(type)) return words ? [quiet(words)] : [];
    if (looks && !text(one, "reference", "label", "start", "date")) return [];
    return [booking(one, context, looks ? undefined : happened(type))];
  });
}

function happened(type: string): T {
  if (/waitlist/.test(type)) return T.waitlisted;
  if (/^cancel/.test(type)) return T.cancelled;
  return /^create/.test(type) ? T.booked : T.changed;
}
