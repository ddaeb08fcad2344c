/** Above the conversation: who it is, and what can be done. */

import { button, h, set } from "../../dom";
import { actions, type Verb } from "../actions";
import { nameOf, type Session } from "../session";
import type { Item } from "../types";
import { iconButton, type Icon } from "./icons";
import { avatar, holder } from "./item";
import { once } from "./keyed";

/** What needs no words once it is known. */
const SYMBOLS: Partial<Record<Verb, Icon>> = { assign: "assign", snooze: "moon", block: "block" };
/** What makes a conversation one's own. */
const STARTS: Verb[] = ["accept", "take_over", "reopen"];
const KEYS: Partial<Record<Verb, string>> = {
  accept: "T",
  take_over: "T",
  resolve: "E",
  assign: "A",
};

export interface HeadDoors {
  session: Session;
  act(verb: Verb): void;
  back(): void;
  details(): void;
}

export function createHead({ session, act, back, details }: HeadDoors) {
  const { me } = session;
  const face = h("span");
  const title = h("h2", { id: "thread-title", tabindex: -1, dir: "auto" });
  const about = h("p", { class: "muted" });
  const bar = h("div", { class: "actions" });
  const info = iconButton("details", "About the customer", details, "only-narrow");
  const element = h(
    "header",
    { class: "thread-head" },
    iconButton("back", "Back to the list", back, "only-one"),
    face,
    h("div", { class: "grow" }, title, about),
    info,
    bar,
  );

  const fillWho = once<Item>(
    (item) => {
      face.replaceChildren(avatar(item.contact.id, item.contact.name ?? ""));
      title.textContent = nameOf(item);
      const channel = item.channel === "sms" ? "Text messages" : "Web chat";
      about.replaceChildren(
        h("span", { class: `state state--${item.status}` }, holder(item, me.staff.id)),
        h(
          "span",
          { class: "clip" },
          `${channel}${item.contact.phone && item.contact.name ? ` · ${item.contact.phone}` : ""}`,
        ),
      );
    },
    ({ contact, channel, status, agent, snoozedUntil }) => [
      contact,
      channel,
      status,
      agent,
      snoozedUntil,
    ],
  );

  const fillActions = once<[Item, string]>(
    ([item, busy]) => {
      const focused = document.activeElement?.getAttribute("data-verb");
      bar.replaceChildren(
        ...actions(item, me.staff).map(({ verb, title: words, isMain }) => {
          const symbol = isMain ? undefined : SYMBOLS[verb];
          const key = KEYS[verb];
          const made = symbol
            ? iconButton(symbol, words, () => act(verb))
            : button(
                `button ${STARTS.includes(verb) ? "button--primary" : ""}`,
                () => act(verb),
                words,
              );
          if (key) made.title = `${words} (${key})`;
          set(made, "data-verb", verb);
          set(made, "aria-disabled", busy ? "true" : undefined);
          return made;
        }),
      );
      // The button that was pressed may be gone: the focus stays near.
      if (focused) (bar.querySelector<HTMLElement>(`[data-verb=${focused}]`) ?? title).focus();
    },
    ([{ status, agent }, busy]) => [status, agent?.id, busy],
  );

  return {
    element,
    title,
    draw: (item: Item, busy: string) => {
      fillWho(item);
      fillActions([item, busy]);
    },
  };
}
