/** An order: what is in it, what it costs, and how far it is. */

import { h, icon, type Child } from "../dom";
import { T } from "../i18n";
import type { Data } from "../types";
import { when } from "./booking";
import {
  contact,
  frame,
  list,
  quiet,
  reference,
  rows,
  text,
  type CardContext,
} from "./context";

const STAGES: Record<string, T> = {
  accepted: T.orderAccepted,
  preparing: T.orderPreparing,
  ready: T.orderReady,
  completed: T.orderCompleted,
  rejected: T.orderRejected,
  cancelled: T.orderCancelled,
};

/** A cart is an order that has no reference yet. */
export function isCart(data: Data): boolean {
  return Array.isArray(data.lines) && !text(data, "reference");
}

export function order(data: Data, context: CardContext, placed: boolean): Child {
  const { t } = context;
  const status = text(data, "status");
  const gone = /cancelled|rejected/.test(status);
  const title = t[STAGES[status] ?? (placed ? T.orderPlaced : T.yourOrder)];
  return frame(
    gone ? "gone" : "good",
    gone ? "close" : "check",
    title,
    ...contents(data, context),
    reference(data, context),
  );
}

/** Only the newest is worth the room: the others open when they are asked to. */
export function cart(data: Data, context: CardContext, open: boolean): Child {
  const { t } = context;
  if (!list(data.lines).length) return quiet(t[T.emptyOrder]);
  return h(
    "details",
    { class: "card", open },
    h(
      "summary",
      { class: "head" },
      h("span", {}, icon("bag")),
      h("b", {}, t[T.yourOrder]),
      h("b", {}, sums(data, context).pop()?.[1]),
      icon("down"),
    ),
    ...contents(data, context),
  );
}

/** The time, the lines, the sums; `short` leaves out whose it is. */
export function contents(data: Data, context: CardContext, short = false): Child[] {
  const { format } = context;
  return [
    when(data, context),
    h(
      "ul",
      { class: "lines" },
      ...list(data.lines).map((line) =>
        h(
          "li",
          {},
          h("span", {}, `${text(line, "quantity") || 1} ×`),
          h("div", { dir: "auto" }, text(line, "name"), options(line)),
          h("span", {}, format.money(line.total, text(data, "currency"))),
        ),
      ),
    ),
    rows(sums(data, context)),
    !short && rows(contact(data, context)),
    ...list(data.problems).map((problem) => quiet(text(problem, "message"))),
  ];
}

/** What costs nothing, and a subtotal that is the total, need no line. */
function sums(data: Data, { t, format }: CardContext): [string, string][] {
  const all: Data = { ...data, ...(data.totals as Data | undefined) };
  const { subtotal, tax, total } = all;
  const price = (amount: unknown) => (amount ? format.money(amount, text(data, "currency")) : "");
  const fees = Array.isArray(all.fees) ? list(all.fees) : [{ amount: all.fees }];
  const plain = fees.reduce((sum, { amount }) => sum + (Number(amount) || 0), Number(subtotal));
  return [
    [t[T.subtotal], subtotal === total ? "" : price(subtotal)],
    ...fees.map((fee): [string, string] => [text(fee, "name") || t[T.fees], price(fee.amount)]),
    [t[plain === total ? T.taxIncluded : T.tax], price(tax)],
    [t[T.total], format.money(total, text(data, "currency"))],
  ];
}

function options(line: Data): Child {
  const chosen = Array.isArray(line.modifiers) ? line.modifiers : [];
  const names = chosen.map((one: Data | string | null) => {
    if (typeof one === "string" || !one) return one;
    const many = Number(one.quantity) > 1 ? `${one.quantity} × ` : "";
    return many + text(one, "name");
  });
  const words = [text(line, "variant"), ...names, text(line, "note")].filter(Boolean);
  return words.length > 0 && h("small", {}, words.join(", "));
}
