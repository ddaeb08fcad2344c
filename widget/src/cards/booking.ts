/** Bookings: made, changed, cancelled, looked up. */

import { append, button, h, icon } from "../dom";
import { instant } from "../format";
import type { Action, Data } from "../types";
import { asObject, isObject, text } from "../values";
import { details, frame, reference, whenBlock, type CardContext } from "./context";

export function booked({ type, data }: Action, context: CardContext): HTMLElement {
  const booking = unwrap(data);
  const title = type === "create_booking" ? context.t.booked : context.t.changed;
  return frame("good", "check", title, ...body(booking, context), calendar(booking, context));
}

export function cancelled({ data }: Action, context: CardContext): HTMLElement {
  return frame("gone", "close", context.t.cancelled, ...body(unwrap(data), context));
}

export function found({ data }: Action, context: CardContext): HTMLElement | null {
  const bookings = Array.isArray(data.bookings) ? data.bookings.map(asObject) : [unwrap(data)];
  const known = bookings.filter((booking) => text(booking, "reference", "label", "start", "date"));
  if (!known.length) return h("p", { class: "quiet" }, context.t.noBooking);
  const cards = known.slice(0, 5).map((booking) => {
    const gone = text(booking, "status").startsWith("cancel");
    const title = gone ? context.t.cancelled : context.t.yourBooking;
    return frame(gone ? "gone" : "plain", "calendar", title, ...body(booking, context));
  });
  if (cards.length === 1) return cards[0] ?? null;
  const all = h("div", { class: "cards" });
  append(all, cards);
  return all;
}

/** Some servers wrap the record. */
export function unwrap(data: Data): Data {
  return isObject(data.booking) ? { ...data, ...data.booking } : data;
}

function body(booking: Data, context: CardContext): (HTMLElement | null)[] {
  return [whenBlock(booking, context), details(booking, context), reference(booking, context)];
}

const HOUR = 3_600_000;

/** A file that every calendar opens, made here: the booking goes to no third party. */
function calendar(booking: Data, { t, business }: CardContext): HTMLElement | null {
  const start = instant(booking, "start");
  if (!start) return null;
  const end = instant(booking, "end") ?? new Date(start.getTime() + HOUR);
  const save = () => download("booking.ics", "text/calendar", ics(booking, business, start, end));
  return button(t.calendar, save, "link", icon("calendar"), t.calendar);
}

export function ics(booking: Data, business: string, start: Date, end: Date): string {
  const stamp = (date: Date) => date.toISOString().replace(/[-:]|\.\d+/g, "");
  const escape = (value: string) => value.replace(/[\\,;]/g, "\\$&").replace(/\r?\n/g, "\\n");
  const id = text(booking, "reference", "id") || stamp(start);
  const summary = [business, text(booking, "service")].filter(Boolean).join(", ");
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Frontdesk//EN",
    "BEGIN:VEVENT",
    `UID:${escape(id)}@frontdesk`,
    `DTSTAMP:${stamp(new Date())}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(end)}`,
    `SUMMARY:${escape(summary)}`,
    `DESCRIPTION:${escape(id)}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

export function download(name: string, type: string, content: string): void {
  const href = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
