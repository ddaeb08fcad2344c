/** Where staff write: to the customer, or a note to each other. */

import { button, h, set } from "../../dom";
import { firstStep } from "../actions";
import { filled, inserted } from "../canned";
import { createDrafts, type Draft } from "../drafts";
import { segments } from "../segments";
import type { Session } from "../session";
import { setting } from "../setting";
import type { Item } from "../types";
import { createCannedList } from "./canned";
import { icon } from "./icons";

const LONGEST = 4_000;
const TALLEST = 220;
const RENEW = 3_000;
const IDLE = 4_000;
const SETTING = "frontdesk:enter-sends";

const FIRST: Record<string, string> = {
  accept: "Accept and send",
  take_over: "Take over and send",
};

export type Composer = ReturnType<typeof createComposer>;

export function createComposer(session: Session) {
  const { me } = session;
  const drafts = createDrafts();
  const modifier = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘" : "Ctrl";
  let item: Item | undefined;
  let kind: Draft["kind"] = "staff";
  let told = 0;
  let idle: ReturnType<typeof setTimeout>;
  let enterSends = setting(SETTING) === "on";

  const pause = () => {
    clearTimeout(idle);
    if (told) session.typing(false);
    told = 0;
  };

  /** Customers see somebody writing to them, not somebody writing a note. */
  const typed = () => {
    if (kind === "note" || !input.value.trim()) return pause();
    clearTimeout(idle);
    idle = setTimeout(pause, IDLE);
    if (Date.now() - told < RENEW) return;
    told = Date.now();
    session.typing(true);
  };

  const hints = () => {
    const keys = enterSends ? "Enter sends, Shift+Enter starts a line" : `${modifier}+Enter sends`;
    const parts = item?.channel === "sms" && kind === "staff" ? segments(input.value) : 0;
    if (parts > 1) return `${keys} · goes out in ${parts} parts`;
    return me.canned.length ? `${keys} · / for canned replies` : keys;
  };

  const fit = () => {
    hint.textContent = hints();
    set(submit, "aria-disabled", `${!input.value.trim() || blocked()}`);
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, TALLEST)}px`;
  };

  const save = () => item && drafts.save(item.id, { kind, text: input.value });

  const blocked = () => kind === "staff" && !!item && firstStep(item, me.staff.id) === null;

  const go = () => {
    const text = input.value.trim();
    if (!text || blocked()) return input.focus();
    input.value = "";
    save();
    pause();
    session.send(kind, text);
    canned.close();
    fit();
    input.focus();
  };

  const input = h("textarea", {
    rows: 2,
    maxlength: LONGEST,
    dir: "auto",
    id: "composer",
    "aria-describedby": "composer-hint",
    onblur: () => {
      pause();
      canned.close();
    },
    oninput: () => {
      fit();
      save();
      typed();
      canned.follow();
    },
    onkeydown: (event: KeyboardEvent) => {
      // An input method uses Enter to choose characters; Safari reports that as key code 229.
      if (event.isComposing || event.keyCode === 229 || canned.key(event)) return;
      if (event.key === "Escape") return input.blur();
      if (event.key !== "Enter" || event.shiftKey) return;
      if (!enterSends && !event.metaKey && !event.ctrlKey) return;
      event.preventDefault();
      go();
    },
  });

  const canned = createCannedList(input, me.canned, ({ text }) => {
    const name = item?.contact.name?.split(/\s+/)[0] || "there";
    const values = { name, agent: me.staff.name, business: me.business.name };
    const put = inserted(input.value, input.selectionStart, filled(text, values));
    input.value = put.text;
    input.setSelectionRange(put.caret, put.caret);
    fit();
    save();
    typed();
  });

  const turn = (next: Draft["kind"]) => {
    kind = next;
    pause();
    save();
    draw();
  };
  const choose = (next: Draft["kind"], title: string) =>
    button("mode", () => (turn(next), input.focus()), title);
  const reply = choose("staff", "Reply");
  const note = choose("note", "Note");
  const label = h("span");
  const submit = button("button button--primary send", go, icon("send"), label);
  const hint = h("p", { class: "hint", id: "composer-hint" });
  const element = h(
    "div",
    { class: "composer" },
    canned.element,
    h("div", { class: "modes", role: "group", "aria-label": "Write" }, reply, note),
    input,
    h("div", { class: "foot" }, hint, submit),
  );

  const draw = () => {
    if (!item) return;
    const first = kind === "staff" ? firstStep(item, me.staff.id) : "";
    const words = kind === "note" ? "Write a note to your team…" : placeholder(item, first);
    element.classList.toggle("composer--note", kind === "note");
    set(reply, "aria-pressed", `${kind === "staff"}`);
    set(note, "aria-pressed", `${kind === "note"}`);
    set(input, "aria-label", kind === "note" ? "Note to your team" : "Reply to the customer");
    set(input, "placeholder", words);
    input.readOnly = first === null;
    label.textContent = kind === "note" ? "Add note" : (FIRST[first ?? ""] ?? "Send");
    fit();
  };

  return {
    element,
    draw: (next: Item) => {
      if (next.id !== item?.id) {
        item = next;
        pause();
        canned.close();
        const draft = drafts.load(next.id);
        kind = draft.kind;
        input.value = draft.text;
      }
      item = next;
      draw();
    },
    focus: (next: Draft["kind"]) => {
      turn(next);
      input.focus();
    },
    hasDraft: drafts.has,
    enterSends: () => enterSends,
    setEnterSends: (on: boolean) => {
      enterSends = on;
      setting(SETTING, on ? "on" : "off");
      draw();
    },
  };
}

function placeholder({ agent, channel }: Item, first: string | null): string {
  if (first === null) return `${agent?.name || "A colleague"} answers this conversation.`;
  return channel === "sms" ? "Write a text message…" : "Write a reply…";
}
