/** The transcript on the screen. It follows the store and keeps the reader's place. */

import { asking, standings } from "../cards/standing";
import type { State } from "../chat";
import { button, h, icon } from "../dom";
import { T } from "../i18n";
import type { Store } from "../store";
import type { Entry } from "../types";
import { createBubble, type Bubble, type Context } from "./bubble";

/** Nearer to the end than this, one is reading along. */
const NEAR = 160;
const GROUP = 5 * 60_000;

export function createList({ entries, voided }: Store, context: Context) {
  const { t } = context;
  const bubbles = new Map<Entry, Bubble>();
  const greeting = h("div", { class: "row assistant first last", hidden: true });
  const writer = h("div", { class: "sender" });
  const dots = h(
    "div",
    { hidden: true },
    writer,
    h(
      "div",
      { class: "bubble dots" },
      h("span", { class: "vh" }, t[T.typing]),
      h("i"),
      h("i"),
      h("i"),
    ),
  );
  let follow = true;

  const toEnd = () => {
    follow = true;
    jump.hidden = true;
    log.scrollTop = log.scrollHeight;
  };

  // It is silent: a reader would hear every chunk. The complete reply is announced elsewhere.
  const log = h(
    "div",
    {
      class: "log",
      role: "log",
      "aria-live": "off",
      "aria-label": t[T.log],
      tabindex: 0,
      onscroll: () => {
        follow = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
        if (follow) jump.hidden = true;
      },
    },
    greeting,
    dots,
  );
  const jump = button("jump", toEnd, icon("down"), t[T.newMessages]);
  jump.hidden = true;
  // The keyboard of a phone, a longer input, a wider window: the end stays the end.
  new ResizeObserver(() => follow && toEnd()).observe(log);

  const prune = () => {
    for (const [entry, { element, day }] of bubbles) {
      if (entries.includes(entry)) continue;
      element.remove();
      day.remove();
      bubbles.delete(entry);
    }
  };

  const place = (entry: Entry, after: Element): Bubble => {
    const known = bubbles.get(entry);
    const bubble = known ?? createBubble(entry, context);
    bubbles.set(entry, bubble);
    if (after.nextSibling !== bubble.day) after.after(bubble.day, bubble.element);
    if (!known) {
      if (entry.state === "sending") follow = true;
      else if (!follow) jump.hidden = false;
    }
    return bubble;
  };

  const draw = (words: Node | null, thinking: boolean, { typing, agent, handedOff }: State) => {
    greeting.hidden = !words;
    if (words)
      greeting.replaceChildren(
        h("div", { class: "vh" }, `${t[T.assistant]}:`),
        h("div", { class: "bubble", dir: "auto" }, words),
      );
    prune();
    const asked = entries.map(({ role }) => role).lastIndexOf("customer");
    const alone = handedOff && entries.slice(asked).every(({ role }) => role !== "staff");
    const stand = standings(entries, voided, handedOff);
    const asks = asking(stand);
    let after: Element = greeting;
    let day = "";
    entries.forEach((entry, i) => {
      const bubble = place(entry, after);
      const fresh = bubble.name !== day;
      const first = fresh || !together(entries[i - 1], entry);
      const next = entries[i + 1];
      const delivered = i === asked && alone && entry.state === "sent";
      bubble.draw({
        first,
        last: !together(entry, next),
        timed: delivered || !next || next.at - entry.at > GROUP,
        day: fresh ? bubble.name : "",
        past: i < asked,
        delivered,
        asking: asks,
        standings: stand,
      });
      after = bubble.element;
      day = bubble.name;
    });
    dots.hidden = !thinking;
    const human = typing === "human";
    dots.className = `row first last ${human ? "staff" : "assistant"}`;
    writer.textContent = human ? agent || t[T.team] : "";
    if (follow) toEnd();
  };

  return { log, jump, draw, toEnd };
}

function together(one: Entry | undefined, other: Entry | undefined): boolean {
  return (
    one?.role === other?.role &&
    one?.agentName === other?.agentName &&
    Math.abs((other?.at ?? 0) - (one?.at ?? 0)) < GROUP
  );
}
