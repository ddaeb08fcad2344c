/** Nothing has been done yet, and nothing will be before the customer says so. */

import { button, h, type Child, type IconName } from "../dom";
import { T } from "../i18n";
import type { Action, Data } from "../types";
import { record, when } from "./booking";
import { frame, quiet, text, type CardContext } from "./context";
import { contents } from "./order";
import type { Standing } from "./standing";

const ENDS: Partial<Record<Standing, [IconName, T]>> = {
  sent: ["clock", T.tooMany],
  accepted: ["check", T.accepted],
  declined: ["close", T.declined],
  replaced: ["close", T.replaced],
  lapsed: ["close", T.lapsed],
};

export function proposal(action: Action, context: CardContext, standing: Standing): Child {
  const { t } = context;
  const { type, data } = action;
  const words = readBack(data);
  const end = ENDS[standing];
  if (end) {
    const short = words.split("\n")[0] || text(data, "label");
    return frame(`ended ${standing}`, end[0], t[end[1]], short && quiet(short));
  }
  const { title, yes, no } = asks(type);
  const parts = [
    ...(Array.isArray(data.lines)
      ? contents(data, context, !!words)
      : words
        ? [when(data, context)]
        : record(data, context)),
    words && h("p", { dir: "auto" }, words),
  ];
  const answer = (content: string, confirm?: string) => () => {
    for (const choice of choices.children) (choice as HTMLButtonElement).disabled = true;
    context.send(content, confirm);
  };
  const choices = h(
    "div",
    { class: "choice" },
    button("yes", answer(t[T.agree], text(data, "proposalId") || undefined), t[yes]),
    button("no", answer(t[T.no]), t[no]),
  );
  for (const choice of choices.children)
    (choice as HTMLButtonElement).disabled = standing === "busy";
  return frame("ask", "question", t[title], ...parts, choices);
}

/** The server's words for what is agreed to, all of it; an order's lines are shown as lines. */
function readBack(data: Data): string {
  const words = text(data, "summary", "message", "fallback_text").split("\n");
  return words.filter((line) => !data.lines || !line.startsWith("- ")).join("\n");
}

/** What is agreed to is on the button. */
function asks(type: string): { title: T; yes: T; no: T } {
  const [cancels, orders] = [/^cancel/.test(type), /order/.test(type)];
  if (cancels)
    return orders
      ? { title: T.cancelOrderTitle, yes: T.cancelOrder, no: T.keep }
      : { title: T.cancelTitle, yes: T.cancelBooking, no: T.keep };
  const yes = orders ? T.placeOrder : /^(create|make)_booking$/.test(type) ? T.confirmBooking : T.confirm;
  return { title: T.confirmTitle, yes, no: T.change };
}
