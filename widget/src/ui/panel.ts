/** The window of the chat: header, transcript, composer, and what goes on between them. */

import type { Chat } from "../chat";
import { button, h, iconButton, set } from "../dom";
import { fill, T, type Strings } from "../i18n";
import { markdown } from "../markdown";
import type { Config } from "../types";
import type { Context } from "./bubble";
import { createComposer } from "./composer";
import { createList } from "./list";

export function createPanel(chat: Chat, config: Config, context: Context, close: () => void) {
  const { t } = context;
  const { name = "", hours, suggestions = [], greeting } = config;
  const { state, store } = chat;
  const list = createList(store, context);
  const composer = createComposer(t, context.send, (event) => chat.socket()?.send(event));

  const next = context.format.next(hours?.changes ?? "");
  const opening = hours?.text || (next && fill(t[hours?.open ? T.openUntil : T.closedUntil], next));

  const avatar = h("div", { class: "avatar", "aria-hidden": "true" });
  const dot = h("i", { hidden: true });
  const line = h("span", { dir: "auto" });
  const strip = h("div", { class: "strip", hidden: true });
  const menu = h(
    "div",
    { class: "menu", id: "menu", hidden: true },
    button("", () => startNew(), t[T.newChat]),
  );
  const toggle = iconButton("icon", t[T.menu], "menu", () => showMenu(!!menu.hidden));
  set(toggle, "aria-controls", "menu");

  const showMenu = (show: boolean) => {
    menu.hidden = !show;
    set(toggle, "aria-expanded", `${show}`);
    if (show) menu.querySelector("button")?.focus();
  };
  showMenu(false);

  const startNew = () => {
    showMenu(false);
    composer.focus();
    chat.startNew();
  };

  const chips = h(
    "div",
    { class: "chips" },
    ...suggestions.slice(0, 6).map((text) => button("chip", () => context.send(text), text)),
  );

  const element = h(
    "section",
    { class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: -1, hidden: true },
    h(
      "header",
      {},
      avatar,
      h(
        "div",
        { class: "who" },
        h("h2", { id: "title" }, h("bdi", {}, name)),
        h("div", {}, dot, line),
      ),
      toggle,
      iconButton("icon", t[T.close], "close", close),
      menu,
    ),
    strip,
    h("div", { class: "middle" }, list.log, list.jump),
    chips,
    composer.element,
    notice(config, t),
  );

  /** One line at the top, for what matters most. */
  const drawStrip = () => {
    const { slow, cut, handedOff, agent } = state;
    const offline = navigator.onLine === false;
    const waiting = handedOff && !agent;
    strip.textContent = offline
      ? t[T.offline]
      : slow || cut
        ? t[T.reconnecting]
        : waiting
          ? t[T.waiting]
          : "";
    strip.hidden = !strip.textContent;
    strip.classList.toggle("warn", offline || slow || cut);
    strip.classList.toggle("calm", waiting);
  };

  const draw = () => {
    const { agent } = state;
    const hello = greeting || state.greeting;
    list.draw(hello ? markdown(hello, context.hosts) : null, chat.thinking(), state);
    // A person who joined is named; otherwise the line tells whether the business is open.
    line.textContent = agent || opening;
    avatar.textContent = [...(agent || name)][0]?.toUpperCase() ?? "";
    dot.hidden = !line.textContent;
    dot.className = agent || hours?.open ? "on" : "";
    chips.hidden = store.entries.length > 0 || !suggestions.length;
    drawStrip();
  };

  /** Escape closes the menu first. True when it did. */
  const escape = () => {
    if (menu.hidden) return false;
    showMenu(false);
    toggle.focus();
    return true;
  };

  return { element, draw, escape, focus: composer.focus, toEnd: list.toEnd };
}

function notice({ notice: words, privacyUrl: href = "" }: Config, t: Strings): HTMLElement | false {
  const link =
    /^https:/.test(href) && h("a", { href, target: "_blank", rel: "noopener" }, t[T.privacy]);
  return !!(words || link) && h("p", { class: "fine", dir: "auto" }, words, " ", link);
}
