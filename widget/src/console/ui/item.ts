/** One conversation in the list. */

import { h, set } from "../../dom";
import { plain } from "../../markdown";
import { nameOf } from "../session";
import { span, spoken } from "../times";
import type { Item } from "../types";
import { because, isUrgent } from "../views";
import { icon } from "./icons";
import { once, type Row } from "./keyed";

const LATE = 2 * 60_000;
const TONES = 6;

export interface ItemView {
  item: Item;
  isOpen: boolean;
  hasDraft: boolean;
}

/** Initials on one of a few colours, the same for a person every time. */
export function avatar(id: string, name: string, className = ""): HTMLElement {
  const tone = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) % TONES;
  const words = name
    .replace(/[^\p{L}\s]/gu, "")
    .split(/\s+/)
    .filter(Boolean);
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : ""];
  const initials = letters.map((word) => [...(word ?? "")][0] ?? "").join("");
  return h(
    "span",
    { class: `face tone-${tone} ${className}`, "aria-hidden": "true" },
    initials.toUpperCase() || icon("person"),
  );
}

/** Whoever has it, in a word. */
export function holder({ status, agent, snoozedUntil }: Item, me: string): string {
  if (status === "bot") return "Assistant";
  if (status === "queued") return "Waiting";
  if (status === "resolved") return "Resolved";
  if (status === "snoozed") return snoozedUntil ? "Snoozed" : "Aside";
  return agent?.id === me ? "You" : (agent?.name ?? "Team");
}

const SPEAKERS: Record<string, string> = {
  assistant: "Assistant: ",
  staff: "Team: ",
  note: "Note: ",
};

/** `since` is drawn by `tick`, every second. */
function waiting({ waitingSince, updated, status }: Item): HTMLElement {
  if (!waitingSince || status === "resolved") {
    return h("time", { class: "ago", datetime: updated, "data-since": updated });
  }
  return h("time", { class: "wait", datetime: waitingSince, "data-since": waitingSince });
}

export function itemRow(me: string): Row<ItemView> {
  const link = h("a", { class: "item" });
  const element = h("li", {}, link);

  const fill = once<ItemView>(({ item, hasDraft }) => {
    const { id, contact, channel, preview, previewRole, unread, reason, status } = item;
    const name = nameOf(item);
    const face = avatar(contact.id, contact.name ?? "");
    face.append(h("span", { class: "channel" }, icon(channel === "sms" ? "sms" : "web")));
    set(link, "href", `#${id}`);
    link.replaceChildren(
      face,
      h(
        "span",
        { class: "line" },
        h("b", { dir: "auto" }, name),
        h("span", { class: "vh" }, channel === "sms" ? ", text message" : ", web chat"),
        waiting(item),
      ),
      h(
        "span",
        { class: "line" },
        h(
          "span",
          { class: `words ${unread ? "fresh" : ""}`, dir: "auto" },
          hasDraft && h("i", { class: "draft" }, "Draft · "),
          (SPEAKERS[previewRole] ?? "") +
            (previewRole === "customer" ? preview : plain(preview) || "No words yet"),
        ),
        unread > 0 &&
          h(
            "span",
            { class: "count" },
            unread > 99 ? "99+" : `${unread}`,
            h("span", { class: "vh" }, " unread"),
          ),
      ),
      h(
        "span",
        { class: "tags" },
        isUrgent(item) && h("span", { class: "badge badge--bad" }, "Urgent"),
        h("span", { class: `state state--${status}` }, holder(item, me)),
        reason && h("span", { class: "reason" }, because(reason)),
      ),
    );
  });

  return {
    element,
    draw: (view) => {
      fill(view);
      link.classList.toggle("open", view.isOpen);
      set(link, "aria-current", view.isOpen ? "true" : undefined);
    },
  };
}

/** Brings every clock below up to date. */
export function tick(root: Element, now = Date.now()): void {
  for (const time of root.querySelectorAll<HTMLElement>("[data-since]")) {
    const ms = now - Date.parse(time.dataset.since ?? "");
    const waits = time.classList.contains("wait");
    const words = !waits && ms < 60_000 ? "now" : span(ms);
    if (time.textContent !== words) time.textContent = words;
    if (waits) {
      time.classList.toggle("late", ms > LATE);
      time.title = `Waiting for ${spoken(ms)}`;
    } else time.title = `${spoken(ms)} ago`;
  }
}
