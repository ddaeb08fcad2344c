/** What every card needs, and the parts that cards are made of. */

import { h, icon, type Child, type IconName } from "../dom";
import type { Format } from "../format";
import { T, type Strings } from "../i18n";
import type { Data } from "../types";

export interface CardContext {
  t: Strings;
  format: Format;
  /** The server: where links of cards may lead. */
  base: string;
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

/** The objects in a field that should be a list of them. */
export function list(field: unknown): Data[] {
  return Array.isArray(field) ? field.filter((item) => item && typeof item === "object") : [];
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

/** Labels and values, without those that have none. */
export function rows(pairs: [label: string, value: string][]): Child {
  const shown = pairs.filter(([, value]) => value);
  return (
    shown.length > 0 &&
    h(
      "dl",
      {},
      ...shown.map(([label, value]) =>
        h("div", {}, h("dt", {}, label), h("dd", { dir: "auto" }, value)),
      ),
    )
  );
}

/** Whose it is, and what they asked for. */
export function contact(data: Data, { t }: CardContext): [string, string][] {
  return [
    [t[T.name], text(data, "name")],
    [t[T.phone], text(data, "phone")],
    [t[T.note], text(data, "notes")],
  ];
}

export function reference(data: Data, { t }: CardContext): Child {
  const code = text(data, "reference");
  return code && h("div", { class: "ref" }, h("span", {}, t[T.reference]), h("code", {}, code));
}
