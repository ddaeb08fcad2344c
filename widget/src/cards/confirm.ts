/** A proposal: nothing has been done yet, and nothing will be before the customer says so. */

import { button, h } from "../dom";
import type { Action } from "../types";
import { text } from "../values";
import { unwrap } from "./booking";
import { details, frame, reference, whenBlock, type CardContext } from "./context";

export function proposal({ type, data }: Action, context: CardContext): HTMLElement {
  const { t, send } = context;
  const title = type === "cancel_booking" ? t.cancelTitle : t.confirmTitle;
  const record = unwrap(data);
  const when = whenBlock(record, context);
  const rows = details(record, context);
  const summary = text(data, "summary", "fallback_text", "fallbackText");
  const proposalId = text(data, "proposalId", "proposal_id") || undefined;
  return frame(
    "ask",
    "question",
    title,
    when,
    rows,
    !when && !rows && summary && h("p", { dir: "auto" }, summary),
    reference(record, context),
    h(
      "div",
      { class: "choice" },
      button(t.confirm, () => send(t.yes, proposalId), "primary"),
      button(t.notNow, () => send(t.no), "secondary"),
    ),
  );
}
