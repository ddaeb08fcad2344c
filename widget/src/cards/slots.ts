/** Times to choose from. Pressing one says it, as the customer would. */

import { button, h, set, type Child } from "../dom";
import { T } from "../i18n";
import type { Data } from "../types";
import { zone } from "./booking";
import { frame, text, type CardContext } from "./context";

/** More is not a choice but a list. */
const MOST = 18;

export function slots(data: Data, context: CardContext): Child[] | undefined {
  const list = [data.slots, data.alternatives].find((some) => Array.isArray(some) && some.length);
  if (!list) return undefined;
  const days = new Map<string, HTMLElement>();
  for (const slot of (list as Data[]).slice(0, MOST)) {
    const { day, time } = context.format.when(slot);
    const label = text(slot, "label") || `${day}, ${time}`;
    const choice = button("slot", () => context.send(label), time || label);
    // The visible words come first in the accessible name: voice control asks for them.
    if (time) set(choice, "aria-label", `${time}, ${day}`);
    const heading = time && day;
    if (!days.has(heading)) days.set(heading, h("div", { class: "slots" }));
    days.get(heading)?.append(choice);
  }
  const parts = [...days].flatMap(([day, choices]) => [
    day && h("p", { class: "slot-day" }, day),
    choices,
  ]);
  return [frame("", "clock", context.t[T.times], ...parts, zone(context))];
}
