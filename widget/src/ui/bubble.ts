/** One message on the screen. */

import { card, current, type CardContext } from "../cards";
import type { Standings } from "../cards/standing";
import { button, h } from "../dom";
import { T } from "../i18n";
import { closed, markdown } from "../markdown";
import type { Entry } from "../types";

export interface Context extends CardContext {
  hosts: string[];
  retry(entry: Entry): void;
}

/** How a message stands among the others. */
export interface View {
  first: boolean;
  last: boolean;
  /** A while passes before the next one. */
  timed: boolean;
  /** The day, if this is its first message. */
  day: string;
  /** The customer has said something since. */
  past: boolean;
  /** A person has it, and nobody has answered yet. */
  delivered: boolean;
  /** A card asks for a yes: the words need no buttons of their own. */
  asking: boolean;
  standings: Standings;
}

export type Bubble = ReturnType<typeof createBubble>;

export function createBubble(entry: Entry, context: Context) {
  const { t, format } = context;
  const { role, at } = entry;
  const written = role === "assistant" || role === "staff";
  const sender = h("div");
  const body = h("div", { class: "bubble", dir: "auto" });
  const cards = h("div", { class: "cards" });
  const meta = h("div", { class: "meta" });
  const element = h("div", { class: `row ${role}` }, sender, body, cards, meta);
  const time = h(
    "time",
    { datetime: new Date(at).toISOString(), title: format.exact(at) },
    format.clock(at),
  );
  const day = h("div", { class: "day" });
  let shown = "";
  let told: unknown;
  let carded = "";
  let drawn: unknown;

  const fillBody = ({ text, state }: Entry) => {
    if (shown === text + state) return;
    shown = text + state;
    body.hidden = !text;
    body.replaceChildren(
      written ? markdown(state === "live" ? closed(text) : text, context.hosts) : text,
    );
  };

  const fillMeta = ({ state, note, retry }: Entry, delivered: boolean) => {
    const tale = `${state} ${note} ${!!retry} ${delivered}`;
    if (told === tale) return;
    told = tale;
    const again = retry && button("retry", () => context.retry(entry), t[T.retry]);
    const words: Record<string, Node | string> = {
      sending: note ?? t[T.sending],
      failed: h("span", { role: "alert" }, `${t[T.notSent]} ${note ?? ""}`),
      live: "",
    };
    const line = written || role === "customer" ? (words[state] ?? time) : "";
    meta.replaceChildren(line, delivered ? h("span", {}, t[T.delivered]) : "", again ?? "");
  };

  /** Cards are made anew where one of them stands differently. */
  const fillCards = ({ actions, text, state }: Entry, { asking, standings, past }: View) => {
    const asks =
      role === "assistant" &&
      state === "done" &&
      !asking &&
      /(say yes or no\.|yes or no\?)\s*$/.test(text) &&
      !actions.some(({ status }) => status === "needs_confirmation");
    const tale = `${asks} ${actions.map((action) => standings.get(action))}`;
    if (carded !== tale || drawn !== actions) {
      carded = tale;
      drawn = actions;
      cards.replaceChildren(
        ...current(actions)
          .flatMap((action) => card(action, context, standings.get(action)))
          .filter((node): node is Node => !!node),
      );
      if (asks)
        cards.append(
          h(
            "div",
            { class: "slots" },
            // Asked in English, answered in English, whatever the language of the page.
            button("slot", () => context.send("Yes"), t[T.yes]),
            button("slot", () => context.send("No"), t[T.no]),
          ),
        );
    }
    // The conversation went on: yesterday's times are not on offer any more.
    for (const choice of cards.querySelectorAll<HTMLButtonElement>(".slot"))
      choice.disabled ||= past;
  };

  return {
    day,
    element,
    name: format.day(at),

    /** Brings it up to date; cheap where nothing changed, as chunks come often. */
    draw: (view: View) => {
      const { first, last, timed } = view;
      const place = [first && "first", last && "last", timed && "timed"];
      element.className = ["row", role, entry.state, ...place]
        .filter(Boolean)
        .join(" ");
      fillMeta(entry, view.delivered);
      fillBody(entry);
      fillCards(entry, view);
      const staff = role === "staff" && first;
      const name =
        role === "customer"
          ? t[T.you]
          : role === "assistant"
            ? t[T.assistant]
            : entry.agentName || t[T.team];
      sender.className = staff ? "sender" : "vh";
      sender.textContent = written || role === "customer" ? name + (staff ? "" : ":") : "";
      day.textContent = view.day;
    },
  };
}
