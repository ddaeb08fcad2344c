/** The list of conversations: tabs, search, rows. */

import { button, h, set } from "../../dom";
import type { Session } from "../session";
import type { Colleague, View } from "../types";
import { VIEWS } from "../views";
import { avatar, itemRow, tick, type ItemView } from "./item";
import { icon, iconButton } from "./icons";
import { keyed, once } from "./keyed";

const PAUSE = 250;

const EMPTY: Record<View, [title: string, words: string]> = {
  queued: ["Nobody is waiting", "Whoever asks for a person appears here."],
  mine: ["Nothing on your desk", "Conversations that you accept or take over appear here."],
  bot: ["The assistant is idle", "What it is talking about appears here."],
  all: ["No conversations yet", "They appear here as soon as a customer writes."],
  resolved: ["Nothing resolved yet", "What is finished is kept here."],
};

export interface ListDoors {
  session: Session;
  hasDraft(id: string): boolean;
  help(): void;
  alerts: {
    canAsk(): boolean;
    ask(): Promise<void>;
    decline(): void;
    hasSound(): boolean;
    setSound(on: boolean): void;
  };
}

function presence(session: Session) {
  const people = h("ul", { class: "people", "aria-label": "Colleagues" });
  const fill = once<Colleague[]>((colleagues) =>
    people.replaceChildren(
      ...colleagues.map(({ id, name, isPresent }) => {
        const state = `${name}, ${isPresent ? "online" : "away"}`;
        const face = avatar(id, name, isPresent ? "present" : "absent");
        return h("li", { title: state }, face, h("span", { class: "vh" }, state));
      }),
    ),
  );
  const toggle = button("status", () => session.away(!session.state.isAway));
  return {
    people,
    toggle,
    draw: () => {
      const { colleagues, isAway } = session.state;
      fill(colleagues.filter(({ id }) => id !== session.me.staff.id).slice(0, 6));
      toggle.classList.toggle("status--away", isAway);
      toggle.title = isAway ? "Away: press to be online" : "Online: press to be away";
      set(toggle, "aria-label", toggle.title);
      if (toggle.textContent !== (isAway ? "Away" : "Online"))
        toggle.textContent = isAway ? "Away" : "Online";
    },
  };
}

/** The switches of this browser. */
function switches({ alerts, help }: ListDoors) {
  const sound = h("span");
  const draw = () => {
    const on = alerts.hasSound();
    sound.replaceChildren(
      iconButton(on ? "sound" : "mute", on ? "Sound is on" : "Sound is off", () => {
        alerts.setSound(!on);
        draw();
        sound.querySelector("button")?.focus();
      }),
    );
  };
  draw();
  return h("div", { class: "switches" }, sound, iconButton("help", "Keyboard shortcuts (?)", help));
}

/** Permission is asked for after a click on "Notify me", and for nothing else. */
function offer({ alerts }: ListDoors): HTMLElement {
  const leave = () => element.remove();
  const element = h(
    "div",
    { class: "offer" },
    icon("bell"),
    h("span", {}, "Desktop alerts are off"),
    button("link", () => void alerts.ask().then(leave), "Notify me"),
    iconButton("close", "Not now", () => {
      alerts.decline();
      leave();
    }),
  );
  element.hidden = !alerts.canAsk();
  return element;
}

export function createList(doors: ListDoors) {
  const { session, hasDraft } = doors;
  const { listing, me } = session;
  const people = presence(session);
  let place = 0;
  let timer: ReturnType<typeof setTimeout>;

  const search = h("input", {
    type: "search",
    placeholder: "Search",
    "aria-label": "Search conversations",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => void session.show(listing.view(), search.value.trim()), PAUSE);
    },
    onkeydown: (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      if (search.value) {
        search.value = "";
        void session.show(listing.view(), "");
      } else search.blur();
    },
  });

  const tabs = VIEWS.map(([view, title]) => {
    const count = h("span", { class: "tally" });
    const made = button(
      "tab",
      () => void session.show(view, search.value.trim()),
      title,
      " ",
      count,
    );
    const draw = () => {
      const number = listing.counts()[view] ?? 0;
      count.textContent = number ? (number > 999 ? "999+" : `${number}`) : "";
      set(made, "aria-pressed", `${listing.view() === view}`);
      made.classList.toggle("tab--calls", view === "queued" && number > 0);
    };
    return { made, draw };
  });

  const items = h("ul", { class: "items" });
  const show = keyed<ItemView>(
    items,
    ({ item }) => item.id,
    () => itemRow(me.staff.id),
  );
  const more = button("button more", () => void session.list(true), "Show more");
  const title = h("b");
  const words = h("p", { class: "muted" });
  const retry = button("button", () => void session.list(), "Try again");
  const nothing = h(
    "div",
    { class: "empty-state" },
    icon("inbox"),
    h("p", {}, title),
    words,
    retry,
  );

  const element = h(
    "section",
    { class: "pane pane--list", "aria-label": "Conversations" },
    h(
      "header",
      { class: "list-head" },
      h("div", { class: "bar" }, h("h2", {}, "Inbox"), people.people, people.toggle),
      h(
        "div",
        { class: "bar" },
        h("div", { class: "search" }, icon("search"), search),
        switches(doors),
      ),
      h(
        "div",
        { class: "tabs", role: "group", "aria-label": "Show" },
        ...tabs.map(({ made }) => made),
      ),
    ),
    offer(doors),
    h("nav", { class: "scroll", "aria-label": "Conversations" }, items, more, nothing),
  );

  return {
    element,
    search: () => search.focus(),
    tick: () => tick(element),
    /** The one after the open one, or before it; where that has left the list, what took its place. */
    beside: (step: number): string | undefined => {
      const rows = listing.rows();
      const at = rows.findIndex(({ id }) => id === session.state.thread?.id);
      const next = at < 0 ? place : at + step;
      place = Math.max(0, Math.min(rows.length - 1, next));
      return rows[place]?.id;
    },
    reveal: () => items.querySelector(".open")?.scrollIntoView({ block: "nearest" }),
    draw: () => {
      people.draw();
      for (const tab of tabs) tab.draw();
      const rows = listing.rows();
      const open = session.state.thread?.id;
      const at = rows.findIndex(({ id }) => id === open);
      if (at >= 0) place = at;
      show(
        rows.map((item) => ({
          item,
          isOpen: item.id === open,
          hasDraft: item.id !== open && hasDraft(item.id),
        })),
      );
      more.hidden = !listing.more();
      nothing.hidden = rows.length > 0;
      const loading = listing.state() === "loading";
      const found = listing.query()
        ? ["Nothing found", "Try a name, a number or a word."]
        : EMPTY[listing.view()];
      title.textContent = loading
        ? "Loading…"
        : listing.state() === "failed"
          ? "The list cannot be loaded"
          : (found[0] ?? "");
      words.textContent = listing.state() === "ready" ? (found[1] ?? "") : "";
      retry.hidden = listing.state() !== "failed";
      tick(items);
    },
  };
}
