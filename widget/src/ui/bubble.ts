/** One message on the screen. */

import { card, current, type CardContext } from "../cards";
import { button, h } from "../dom";
import { T } from "../i18n";
import { closed, markdown } from "../markdown";
import type { Entry } from "../types";

export interface Context extends CardContext {
  hosts: string[];
  retry(entry: Entry): void;
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
  let actions: unknown;
  let asked = false;

  const fillBody = ({ text, state }: Entry) => {
    if (shown === text + state) return;
    shown = text + state;
    body.hidden = !text;
    body.replaceChildren(
      written ? markdown(state === "live" ? closed(text) : text, context.hosts) : text,
    );
  };

  const fillMeta = ({ state, note, retry }: Entry) => {
    if (told === state + (note ?? retry)) return;
    told = state + (note ?? retry);
    const again = retry && button("retry", () => context.retry(entry), t[T.retry]);
    const words: Record<string, Node | string> = {
      sending: note ?? t[T.sending],
      failed: h("span", { role: "alert" }, `${t[T.notSent]} ${note ?? ""}`),
      live: "",
    };
    const line = written || role === "customer" ? (words[state] ?? time) : "";
    meta.replaceChildren(line, again ?? "");
  };

  return {
    day,
    element,
    name: format.day(at),

    /** Brings it up to date; cheap where nothing changed, as chunks come often. */
    draw: (first: boolean, last: boolean, today: string, past: boolean) => {
      element.className = [
        "row",
        role,
        entry.state,
        first && "first",
        last && "last",
        past && "past",
      ]
        .filter(Boolean)
        .join(" ");
      fillMeta(entry);
      fillBody(entry);
      const asks =
        role === "assistant" &&
        entry.state === "done" &&
        /(say yes or no\.|yes or no\?)\s*$/.test(entry.text) &&
        // Its card has buttons of its own.
        !entry.actions.some(({ status }) => status === "needs_confirmation");
      if (actions !== entry.actions || asked !== asks) {
        actions = entry.actions;
        asked = asks;
        cards.replaceChildren(
          ...current(entry.actions)
            .flatMap((action) => card(action, context))
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
      if (past) for (const choice of cards.querySelectorAll("button")) choice.disabled = true;
      const staff = role === "staff" && first;
      const name =
        role === "customer"
          ? t[T.you]
          : role === "assistant"
            ? t[T.assistant]
            : entry.agentName || t[T.team];
      sender.className = staff ? "sender" : "vh";
      sender.textContent = written || role === "customer" ? name + (staff ? "" : ":") : "";
      day.textContent = today;
    },
  };
}
