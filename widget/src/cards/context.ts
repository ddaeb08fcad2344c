/** What every card needs, and the parts that cards are made of. */

import { h, icon, type Child, type IconName } from "../dom";
import type { Format } from "../format";
import { fill, T, type Strings } from "../i18n";
import type { Data } from "../types";

export interface CardContext {
  t: Strings;
  format: Format;
  /** Says this for the customer, who pressed a button instead of typing. */
  send(content: string, confirm?: string): void;
}

/** The first of these fields that holds something to show; "" when none does. */
export function text(data: Data, ...names: string[]): string {
  const value = names
    .map((name) => data[name])
    .find((field) => /^(string|number)$/.test(typeof field) && field !== "");
  return value === undefined ? "" : `${value}`;
}

/** A card with its title, which also names it for screen readers. */
export function frame(
  tone: string,
  symbol: IconName,
  title: string,
  ...children: Child[]
): HTMLElement {
  return h(
    "div",
    { class: `card ${tone}`, role: "group", "aria-label": title },
    h("div", { class: "head" }, h("span", {}, icon(symbol)), h("b", {}, title)),
    ...children,
  );
}

export function quiet(words: string): HTMLElement {
  return h("p", { class: "quiet", dir: "auto" }, words);
}

export function zone({ format, t }: CardContext): Child {
  const place = format.foreign();
  return place && h("p", { class: "zone" }, fill(t[T.zone], place));
}

/** When it is, for whom, and under which reference. Unknown fields are the server's business. */
export function record(data: Data, context: CardContext): Child[] {
  const { format, t } = context;
  const { day, time } = format.when(data);
  const rows = (
    [
      [T.service, "service", "service_name"],
      [T.guests, "party_size", "guests"],
      [T.staff, "staff", "staff_name", "provider"],
      [T.name, "name", "customer_name"],
    ] as [T, ...string[]][]
  ).flatMap(([label, ...names]) => {
    const value = text(data, ...names);
    return value ? [h("div", {}, h("dt", {}, t[label]), h("dd", { dir: "auto" }, value))] : [];
  });
  const reference = text(data, "reference");
  return [
    day && h("div", { class: "when" }, h("b", {}, day), time && h("b", {}, time), zone(context)),
    rows.length > 0 && h("dl", {}, ...rows),
    reference &&
      h("div", { class: "ref" }, h("span", {}, t[T.reference]), h("code", {}, reference)),
  ];
}

/** Some actions wrap the record. */
export function unwrap(data: Data): Data {
  return { ...data, ...(data.booking as Data | undefined) };
}
