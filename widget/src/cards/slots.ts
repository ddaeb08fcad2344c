/** Times to choose from. Pressing one says it, as the customer would. */

import { button, h } from "../dom";
import { instant, wallClock } from "../format";
import type { Action, Data } from "../types";
import { asList, asObject, text } from "../values";
import { frame, type CardContext } from "./context";

/** More than these are behind "More times". */
const AT_FIRST = 9;

interface Slot {
  day: string;
  /** What the button shows. */
  face: string;
  /** What it says. */
  label: string;
}

export function slots({ data }: Action, context: CardContext): HTMLElement | null {
  const offered = asList(data.slots).length ? data.slots : data.alternatives;
  const all = asList(offered).map((item) => read(asObject(item), context)).filter(valid);
  if (!all.length) {
    const asked = Array.isArray(data.slots) || Array.isArray(data.alternatives);
    return asked ? h("p", { class: "quiet" }, context.t.noTimes) : null;
  }
  const times = h("div", { class: "times" });
  const show = (count: number) => times.replaceChildren(...days(all.slice(0, count), context));
  show(AT_FIRST);
  const more =
    all.length > AT_FIRST &&
    button(context.t.more, () => {
      show(all.length);
      if (more) more.remove();
      times.querySelectorAll("button")[AT_FIRST]?.focus();
    }, "link");
  const zone = context.format.foreignZone();
  const note = zone && h("p", { class: "zone" }, context.t.zone.replace("{zone}", zone));
  return frame("plain", "clock", context.t.times, times, more, note);
}

const valid = (slot: Slot): boolean => slot.label !== "";

function read(data: Data, { format }: CardContext): Slot {
  const wall = wallClock(text(data, "date"), text(data, "time"));
  const when = wall || instant(data, "start") ? format.when(wall ? { ...data, start: "" } : data) : null;
  const label = text(data, "label") || [when?.day, when?.time].filter(Boolean).join(", ");
  return { day: when?.day ?? "", face: when?.time || label, label };
}

function days(all: Slot[], context: CardContext): HTMLElement[] {
  const names = [...new Set(all.map((slot) => slot.day))];
  return names.map((day) =>
    h(
      "div",
      { class: "day-slots" },
      day && h("div", { class: "slot-day" }, day),
      h(
        "div",
        { class: "slots" },
        ...all
          .filter((slot) => slot.day === day)
          .map((slot) => {
            const choice = button(slot.face, () => context.send(slot.label), "slot");
            if (slot.face !== slot.label) choice.setAttribute("aria-label", spoken(slot));
            return choice;
          }),
      ),
    ),
  );
}

/** The visible words come first in the accessible name: voice control asks for them. */
function spoken({ face, day }: Slot): string {
  return day ? `${face}, ${day}` : face;
}
