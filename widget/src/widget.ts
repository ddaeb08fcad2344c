/** One widget on a page: it fetches its business, shows the launcher, and opens on demand. */

import { createApi, HttpError } from "./api";
import { text } from "./cards/context";
import { createChat, type Tell } from "./chat";
import { h } from "./dom";
import { createFormat } from "./format";
import { T, type Language, type Strings } from "./i18n";
import { plain } from "./markdown";
import { backoff, online, sleep } from "./transport/backoff";
import type { Action, Config } from "./types";
import type { Context } from "./ui/bubble";
import { createLauncher } from "./ui/launcher";
import { createModal } from "./ui/modal";
import { createPanel } from "./ui/panel";
import { adoptStyles, applyTheme } from "./ui/theme";

const TRIES = 5;

export type Options = (name: string) => string;
export type Widget = ReturnType<typeof createWidget>;

/** Null when the business is unknown, the page is not its own, or the server stays away. */
export async function fetchConfig(base: string, business: string): Promise<Config | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await online();
      return await createApi(base, business).config();
    } catch (error) {
      const final = error instanceof HttpError && error.status < 500 && error.status !== 429;
      if (attempt >= TRIES || final) {
        console.warn(`Frontdesk: no widget for "${business}":`, error);
        return null;
      }
      await sleep(backoff(attempt + 1));
    }
  }
}

export function createWidget(
  host: Element,
  root: ShadowRoot,
  base: string,
  config: Config,
  { locale, dir }: Language,
  t: Strings,
  option: Options,
  tell: Tell,
) {
  const end = new AbortController();
  const { signal } = end;
  const narrow = matchMedia("(max-width: 479px)");
  const status = h("div", { class: "vh", role: "status" });
  let isOpen = false;
  let unread = 0;
  let frame = 0;
  let saying: string[] = [];

  /** Says complete sentences once; the same words twice need an empty moment in between. */
  const say = (words: string) => {
    if (saying.push(words) > 1) return;
    status.textContent = "";
    setTimeout(() => {
      status.textContent = saying.join(" ");
      saying = [];
    }, 60);
  };

  const count = (number: number) => {
    if (number !== unread) tell("unread", { count: number });
    unread = number;
    launcher.draw(isOpen, unread);
  };

  const heard: Tell = (event, detail) => {
    const { content = "", message = "" } = detail as { content?: string; message?: string };
    const { status, data } = detail as Action;
    // The card asks for an answer: what it asks is heard too.
    if (status === "needs_confirmation") say(text(data, "message"));
    else if (event !== "action") say(message || plain(content));
    if (event === "message" && (!isOpen || document.hidden)) count(unread + 1);
    tell(event, detail);
  };

  /** Chunks can come faster than the screen shows them: at most one drawing a frame. */
  const draw = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      panel.draw();
    });
  };

  const chat = createChat(createApi(base, option("business")), config, t, draw, heard);
  const context: Context = {
    t,
    format: createFormat(locale, config.timezone, config.currency),
    base,
    hosts: config.linkHosts ?? [],
    retry: chat.retry,
    send: (content, confirm) => {
      chat.send(content, confirm);
      // A button that was pressed goes away; a telephone's keyboard should not come for it.
      if (!narrow.matches) panel.focus();
      else if (root.activeElement?.matches("button")) panel.element.focus();
    },
  };

  /** Above the keyboard of a phone, and alone on its screen. */
  const fit = () => {
    const alone = isOpen && narrow.matches;
    modal.set(alone);
    const { height, offsetTop } = visualViewport ?? { height: innerHeight, offsetTop: 0 };
    wrapper.style.setProperty("--vh", `${height}px`);
    wrapper.style.setProperty("--vt", `${offsetTop}px`);
  };

  const show = (open: boolean, focus = true) => {
    if (open === isOpen) return;
    isOpen = open;
    panel.element.hidden = !open;
    wrapper.classList.toggle("open", open);
    chat.storage.save({ open });
    fit();
    count(open ? 0 : unread);
    tell(open ? "open" : "close");
    if (open) {
      panel.draw();
      panel.toEnd();
      void chat.open();
    }
    if (!focus) return;
    // On a touch screen the input would raise the keyboard over the greeting.
    if (!open) launcher.element.focus();
    else if (matchMedia("(pointer: coarse)").matches) panel.element.focus();
    else panel.focus();
  };

  const panel = createPanel(chat, config, context, () => show(false));
  const launcher = createLauncher(t, () => show(!isOpen));
  const modal = createModal(host, panel.element);
  const wrapper = h(
    "div",
    { class: `root ${option("position")}`, lang: locale, dir },
    panel.element,
    launcher.element,
    status,
  );
  const unwatch = applyTheme(wrapper, option("theme"), config.theme?.accent);
  launcher.element.hidden = option("launcher") === "none";
  if (option("z-index")) wrapper.style.setProperty("--z", option("z-index"));
  adoptStyles(root);
  root.append(wrapper);

  wrapper.addEventListener("keydown", (event) => {
    // What is typed in the chat is not a shortcut of the page.
    event.stopPropagation();
    if (event.key === "Escape" && isOpen && !panel.escape()) show(false);
    modal.tab(event, root.activeElement);
  });
  for (const event of ["online", "offline"]) addEventListener(event, draw, { signal });
  addEventListener("offline", () => say(t[T.offline]), { signal });
  document.addEventListener("visibilitychange", () => isOpen && !document.hidden && count(0), {
    signal,
  });
  narrow.addEventListener("change", fit, { signal });
  for (const event of ["resize", "scroll"])
    visualViewport?.addEventListener(event, fit, { signal });

  const { open: wasOpen } = chat.storage.load();
  const wanted = option("open");
  // A phone's whole screen is not taken without being asked.
  if ((wasOpen || (wanted && wanted !== "false")) && !narrow.matches) show(true, false);

  return {
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!isOpen),
    send: (text: string) => {
      show(true);
      chat.send(text);
    },
    /** `forget` also drops the conversation. */
    stop: (forget = false) => {
      end.abort();
      unwatch();
      modal.set(false);
      if (forget) chat.forget();
      else chat.stop();
      root.replaceChildren();
    },
  };
}
