/** What every card needs, and the parts that cards are made of. */

import { h, icon, type Child, type IconName } from "../dom";
import type { Format } from "../format";
import type { Strings } from "../locales/en";
import type { Data } from "../types";
import { text } from "../values";

export interface CardContext {
  t: Strings;
  format: Format;
  business: string;
  /** Says this for the customer, who pressed a button instead of typing. */
  send(content: string, confirm?: string): void;
}

export type Tone = "good" | "gone" | "ask" | "plain";

/** A card with its title; `group` names it for screen readers. */
export function frame(tone: Tone, symbol: IconName, title: string, ...children: Child[]): HTMLElement {
  const head = h("div", { class: "card-head" }, h("span", { class: "card-icon" }, icon(symbol)), h("strong", {}, title));
  return h("div", { class: `card ${tone}`, role: "group", "aria-label": title }, head, ...children);
}

/** When it is, in large letters. */
export function whenBlock(data: Data, { format, t }: CardContext): HTMLElement | null {
  const when = format.when(data);
  if (!when) return null;
  const zone = format.foreignZone();
  return h(
    "div",
    { class: "when" },
    h("span", { class: "when-day" }, when.day),
    when.time && h("span", { class: "when-time" }, when.time),
    zone && h("span", { class: "zone" }, t.zone.replace("{zone}", zone)),
  );
}

/** Name and value, for the fields that are there. Unknown fields are the server's business. */
export function details(data: Data, { t }: CardContext): HTMLElement | null {
  const rows: [string, string][] = [
    [t.service, text(data, "service", "service_name", "room_type")],
    [t.guests, text(data, "party_size", "guests")],
    [t.staff, text(data, "staff", "staff_name", "provider", "stylist")],
    [t.name, text(data, "name", "customer_name")],
    [t.phone, text(data, "phone")],
    [t.notes, text(data, "notes", "special_requests")],
  ];
  const present = rows.filter(([, value]) => value);
  if (!present.length) return null;
  return h(
    "dl",
    {},
    ...present.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, value))),
  );
}

export function reference(data: Data, { t }: CardContext): HTMLElement | null {
  const value = text(data, "reference");
  if (!value) return null;
  return h("div", { class: "reference" }, h("span", {}, t.reference), h("code", {}, value));
}
