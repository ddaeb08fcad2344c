/** What an action did, shown as a card. A card only ever shows what the server committed. */

import { button, h, type Child } from "../dom";
import { T } from "../i18n";
import type { Action, Data } from "../types";
import { frame, quiet, record, text, unwrap, type CardContext } from "./context";
import { slots } from "./slots";

export type { CardContext } from "./context";

/** What a reply's later actions have not overtaken: a second try, or a booking of an offered time. */
export function current(actions: Action[]): Action[] {
  return actions.filter(({ type, status }, i) => {
    if (status === "done" && !/availability/.test(type)) return true;
    return !actions
      .slice(i + 1)
      .some((later) => later.type === type || /_booking$/.test(later.type));
  });
}

/** Nothing for what needs no card: the words of the reply say it. */
export function card({ type, status, data }: Action, context: CardContext): Child[] {
  const { t } = context;
  const words = text(data, "fallback_text");
  const offer = () => slots(data, context);
  if (status === "needs_confirmation") return [proposal(type, data, words, context)];
  // A full evening comes with other times to choose from.
  if (status === "failed") return offer() ?? [quiet(words || t[T.notDone])];
  if (status !== "done") return [];
  if (/availability/.test(type)) return offer() ?? [quiet(t[T.noTimes])];
  if (!/_booking$/.test(type)) return words ? [quiet(words)] : [];
  if (/^lookup/.test(type)) return found(data, context);
  const parts = record(unwrap(data), context);
  if (/^cancel/.test(type)) return [frame("gone", "close", t[T.cancelled], ...parts)];
  return [frame("good", "check", t[/^create/.test(type) ? T.booked : T.changed], ...parts)];
}

function found(data: Data, context: CardContext): Child[] {
  const { t } = context;
  const all = (Array.isArray(data.bookings) ? data.bookings : [unwrap(data)]) as Data[];
  const known = all.filter((booking) => text(booking, "reference", "label", "start", "date"));
  return known.slice(0, 5).map((booking) => {
    const parts = record(booking, context);
    return /^cancel/.test(text(booking, "status"))
      ? frame("gone", "close", t[T.cancelled], ...parts)
      : frame("", "calendar", t[T.yourBooking], ...parts);
  });
}

/** Nothing has been done yet, and nothing will be before the customer says so. */
function proposal(
  type: string,
  data: Data,
  words: string,
  { t, send, ...rest }: CardContext,
): Child {
  const parts = record(unwrap(data), { t, send, ...rest });
  const summary = !parts.some(Boolean) && quiet(text(data, "summary") || words);
  return frame(
    "ask",
    "question",
    t[/^cancel/.test(type) ? T.cancelTitle : T.confirmTitle],
    ...parts,
    summary,
    h(
      "div",
      { class: "choice" },
      button("yes", () => send(t[T.yes], text(data, "proposalId") || undefined), t[T.confirm]),
      button("no", () => send(t[T.no]), t[T.notNow]),
    ),
  );
}
