/** The open conversation. */

import { button, h, set } from "../../dom";
import type { Format } from "../../format";
import type { Viewer } from "../types";
import { because } from "../views";
import type { Composer } from "./composer";
import { createHead, type HeadDoors } from "./head";
import { icon, type Icon } from "./icons";
import { tick } from "./item";
import { createLog } from "./log";

export interface ThreadDoors extends HeadDoors {
  composer: Composer;
  format: Format;
}

function others(viewing: Viewer[]): string {
  const typing = viewing.filter(({ isTyping }) => isTyping);
  const who = (typing.length ? typing : viewing).map(({ name }) => name).join(", ");
  if (!who) return "";
  const many = (typing.length || viewing.length) > 1;
  return `${who} ${many ? "are" : "is"} ${typing.length ? "typing a reply" : "viewing this, too"}`;
}

function empty(symbol: Icon, title: string, words: string, ...more: Node[]): HTMLElement {
  return h(
    "div",
    { class: "empty-state" },
    icon(symbol),
    h("p", {}, h("b", {}, title)),
    h("p", { class: "muted" }, words),
    ...more,
  );
}

export function createThread(doors: ThreadDoors) {
  const { session, composer } = doors;
  const head = createHead(doors);
  const log = createLog(session, doors.format);
  const why = h("p", { class: "strip strip--why", dir: "auto" });
  const optedOut = h(
    "p",
    { class: "strip strip--why" },
    icon("block"),
    h("span", {}, "They opted out of text messages: what you write is held back."),
  );
  const collision = h("p", { class: "strip strip--collision", role: "status" });
  const nothing = empty(
    "inbox",
    "No conversation is open",
    "Choose one from the list, or press J for the first.",
  );
  const loading = h(
    "div",
    { class: "empty-state", role: "status" },
    h("p", { class: "muted" }, "Loading…"),
  );
  const wrong = h("p", { class: "muted" });
  const failed = empty(
    "block",
    "This conversation cannot be shown",
    "",
    wrong,
    button("button", () => void session.reload(), "Try again"),
  );
  const body = h(
    "div",
    { class: "thread-body" },
    head.element,
    why,
    optedOut,
    collision,
    log.element,
    composer.element,
  );
  const element = h(
    "section",
    { class: "pane pane--thread", "aria-labelledby": "thread-title" },
    nothing,
    loading,
    failed,
    body,
  );
  let drawn = "";

  return {
    element,
    focus: () => head.title.focus({ preventScroll: true }),
    draw: () => {
      const { thread, busy } = session.state;
      const item = thread?.item;
      if (thread && thread.id !== drawn) log.start();
      drawn = thread?.id ?? "";
      nothing.hidden = !!thread;
      failed.hidden = thread?.state !== "failed";
      loading.hidden = !thread || thread.state !== "loading" || !!item;
      body.hidden = !item || thread?.state === "failed";
      wrong.textContent = thread?.why ?? "";
      set(element, "aria-labelledby", item ? "thread-title" : undefined);
      set(element, "aria-label", item ? undefined : "Conversation");
      if (!thread || !item || body.hidden) return;
      head.draw(item, busy);
      const { reason, status, waitingSince } = item;
      why.hidden = status !== "queued";
      if (!why.hidden) {
        const since = waitingSince && h("time", { class: "wait", "data-since": waitingSince });
        why.replaceChildren(
          icon("bell"),
          h("span", {}, reason ? `Asked for a person: ${because(reason)}` : "Asked for a person"),
          since || "",
        );
        tick(why);
      }
      optedOut.hidden = item.channel !== "sms" || thread.customer?.consent !== "out";
      const said = others(thread.viewing);
      collision.hidden = !said;
      if (collision.textContent !== said) collision.textContent = said;
      log.draw(thread);
      composer.draw(item);
    },
  };
}
