/** A booking: when it is, for whom, and under which reference. */

import { h, type Child } from "../dom";
import { fill, T } from "../i18n";
import type { Data } from "../types";
import { contact, frame, reference, rows, text, type CardContext } from "./context";

/** The time in a box; a booking that moved shows where it was. */
export function when(data: Data, context: CardContext): Child {
  const { format, t } = context;
  const { day, time } = format.when(data);
  const past = format.when((data.previous ?? {}) as Data);
  const before = [past.day, past.time].filter(Boolean).join(", ");
  return (
    day &&
    h(
      "div",
      { class: "when" },
      before && h("p", {}, h("span", { class: "vh" }, t[T.before], " "), h("s", {}, before)),
      h("b", {}, day),
      time && h("b", {}, time),
      zone(context),
    )
  );
}

export function zone({ format, t }: CardContext): Child {
  const place = format.foreign();
  return place && h("p", { class: "zone" }, fill(t[T.zone], place));
}

/** Unknown fields are the server's business. */
export function record(data: Data, context: CardContext): Child[] {
  const { t } = context;
  return [
    when(data, context),
    rows([
      [t[T.service], text(data, "service")],
      [t[T.guests], data.service && data.party_size === 1 ? "" : text(data, "party_size")],
      [t[T.staff], text(data, "staff")],
      ...contact(data, context),
    ]),
    reference(data, context),
  ];
}

/** `title`: what has just happened to it, if anything has. */
export function booking(data: Data, context: CardContext, title?: T): Child {
  const { t } = context;
  const parts = record(data, context);
  if (title === T.cancelled || /^cancel/.test(text(data, "status")))
    return frame("gone", "close", t[T.cancelled], ...parts);
  if (/^wait/.test(text(data, "status")) || title === T.waitlisted)
    return frame("ask", "clock", t[T.waitlisted], ...parts);
  return frame(
    title ? "good" : "",
    title ? "check" : "calendar",
    t[title ?? T.yourBooking],
    ...parts,
    calendar(data, context),
  );
}

/** A file of the server itself; an address that leads anywhere else is no calendar. */
function calendar(data: Data, { base, t }: CardContext): Child {
  const address = text(data, "calendarUrl");
  try {
    const { origin } = new URL(base, location.href);
    const url = new URL(address, origin);
    if (!address || url.origin !== origin) return null;
    return h("a", { class: "link", href: url.href, target: "_blank", rel: "noopener" }, t[T.calendar]);
  } catch {
    return null;
  }
}
