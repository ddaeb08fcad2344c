/** What the assistant did: a tool's name, arguments and result, as tables. Never as markup. */

import { h } from "../../dom";
import type { Entry } from "../types";
import { icon } from "./icons";

const DEEPEST = 4;
const MOST = 20;
const COLUMNS = 6;

const STATES: Record<string, [words: string, tone: string]> = {
  done: ["Done", "badge--ok"],
  refused: ["Refused", "badge--warn"],
  failed: ["Failed", "badge--bad"],
  needs_confirmation: ["Asked the customer", "badge--warn"],
  voided: ["Declined", ""],
};

type Plain = Record<string, unknown>;

/** `party_size` and `partySize` as people write it. */
export function words(name: string): string {
  const said = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function isObject(value: unknown): value is Plain {
  return !!value && typeof value === "object" && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return !value.length;
  return isObject(value) && !Object.keys(value).length;
}

/** How values are written: money in the business's currency, times on its clock. */
export interface Print {
  money(minor: unknown, currency?: string): string;
  when(iso: string): string;
}

/** What is around a value. */
interface Place {
  print: Print;
  name: string;
  currency: string;
  depth: number;
}

const MONEY = /(^|_)(price|total|subtotal|tax|fees?|amount|deposit|discount|delta)$/;

function simple(value: unknown, { print, name, currency }: Place): string {
  if (value === true) return "Yes";
  if (value === false) return "No";
  const text = `${value}`;
  if (Number.isInteger(value) && MONEY.test(name)) return print.money(value, currency) || text;
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text) && Date.parse(text))
    return print.when(text);
  return text;
}

/** Anything that JSON can say. */
export function shown(value: unknown, print: Print): Node | string {
  return within(value, { print, name: "", currency: "", depth: 0 });
}

function within(value: unknown, place: Place): Node | string {
  if (place.depth > DEEPEST) return JSON.stringify(value) ?? "";
  const inner = { ...place, depth: place.depth + 1 };
  if (isObject(value)) return fields(value, inner);
  if (!Array.isArray(value)) return simple(value, place);
  const rest = value.length > MOST ? [`and ${value.length - MOST} more`] : [];
  const some = value.slice(0, MOST);
  if (some.every((one) => !isObject(one) && !Array.isArray(one)))
    return [...some.map((one) => simple(one, place)), ...rest].join(", ");
  return some.every(isObject) ? listing(some, rest, inner) : stack(some, rest, inner);
}

function field(owner: Plain, name: string, place: Place): Node | string {
  const { currency } = owner;
  return within(owner[name], {
    ...place,
    name,
    currency: typeof currency === "string" ? currency : place.currency,
  });
}

function fields(value: Plain, place: Place): Node {
  const names = Object.keys(value).filter((name) => !isEmpty(value[name]));
  const row = (name: string) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, words(name)),
      h("td", { dir: "auto" }, field(value, name, place)),
    );
  return h("table", {}, h("tbody", {}, ...names.map(row)));
}

/** Objects that are alike: a row each. */
function listing(values: Plain[], rest: string[], place: Place): Node {
  const names = [...new Set(values.flatMap((one) => Object.keys(one)))].filter((name) =>
    values.some((one) => !isEmpty(one[name])),
  );
  if (names.length > COLUMNS) return stack(values, rest, place);
  const cell = (one: Plain) => (name: string) =>
    h("td", { dir: "auto" }, isEmpty(one[name]) ? "" : field(one, name, place));
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, words(name))))),
    h(
      "tbody",
      {},
      ...values.map((one) => h("tr", {}, ...names.map(cell(one)))),
      ...rest.map((more) => h("tr", {}, h("td", { colspan: names.length }, more))),
    ),
  );
}

function stack(values: unknown[], rest: string[], place: Place): Node {
  return h("div", { class: "stack" }, ...values.map((one) => within(one, place)), ...rest);
}

/** The one thing that tells most: a reference, a message, the first words of the result. */
function gist(data: Plain = {}): string {
  for (const name of ["reference", "label", "message", "fallback_text"]) {
    const value = data[name];
    if (typeof value === "string" && value) return value;
  }
  return "";
}

export function call({ call: made, at }: Entry, print: Print): HTMLElement {
  const { tool = "", status = "", arguments: said = {}, data = {}, problems = [] } = made ?? {};
  const [state, tone] = STATES[status] ?? [words(status), ""];
  const part = (title: string, content: Node | string) =>
    h("div", { class: "part" }, h("h4", {}, title), content);
  // The tables are made when they are looked at for the first time.
  const body = h("div", { class: "parts", tabindex: 0, role: "group", "aria-label": "Details" });
  const element = h(
    "details",
    {
      class: "call",
      ontoggle: () => {
        if (body.firstChild) return;
        body.append(
          isEmpty(said) ? "" : part("Arguments", shown(said, print)),
          problems.length ? part("Refused because", shown(problems, print)) : "",
          isEmpty(data) ? "" : part("Result", shown(data, print)),
        );
        if (!body.firstChild) body.append("Without arguments or result.");
      },
    },
    h(
      "summary",
      {},
      icon("tool"),
      h("span", { class: "tool" }, words(tool) || "Proposal"),
      h("span", { class: "gist", dir: "auto" }, gist(data)),
      h("span", { class: `badge ${tone}` }, state),
      h("time", { class: "vh", datetime: at }, new Date(at).toLocaleTimeString()),
    ),
    body,
  );
  return element;
}
