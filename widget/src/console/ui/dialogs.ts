/** Questions before an action. The browser's own dialogs: they keep the focus and give it back. */

import { button, h } from "../../dom";
import type { Session } from "../session";
import { local, presets } from "../times";
import { avatar } from "./item";
import { iconButton } from "./icons";

const WHEN: Intl.DateTimeFormatOptions = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "numeric",
  minute: "2-digit",
};

/** Opens at once. `close` runs when it is answered or left. */
export function dialog(title: string, ...children: (Node | string)[]): () => void {
  const heading = h("h2", { id: "dialog-title" }, title);
  const close = () => element.close();
  const element = h(
    "dialog",
    {
      class: "dialog",
      "aria-labelledby": "dialog-title",
      onclose: () => element.remove(),
      // A click beside it leaves it.
      onclick: (event: Event) => event.target === element && close(),
    },
    h(
      "div",
      { class: "sheet" },
      h("header", {}, heading, iconButton("close", "Close", close)),
      ...children,
    ),
  );
  document.body.append(element);
  element.showModal();
  return close;
}

function buttons(...children: HTMLElement[]): HTMLElement {
  return h("div", { class: "answers" }, ...children);
}

/** Runs the action and closes; what went wrong is shown in the inbox. */
function doing(session: Session, close: () => void, verb: string, body?: object): void {
  close();
  void session.act(verb, body);
}

export function assign(session: Session): void {
  const { colleagues, thread } = session.state;
  const { staff } = session.me;
  const everyone = [
    { ...staff, name: `${staff.name} (you)`, isPresent: true },
    ...colleagues.filter(({ id }) => id !== staff.id),
  ].filter(({ id }) => id !== thread?.item?.agent?.id);
  const close = dialog(
    "Assign to",
    h(
      "ul",
      { class: "choices" },
      ...everyone.map(({ id, name, isPresent }) =>
        h(
          "li",
          {},
          button(
            "choice",
            () => doing(session, close, "assign", { staff: id }),
            avatar(id, name),
            h("span", { class: "grow" }, name),
            h(
              "span",
              { class: `badge ${isPresent ? "badge--ok" : ""}` },
              isPresent ? "Online" : "Away",
            ),
          ),
        ),
      ),
    ),
  );
}

export function snooze(session: Session): void {
  const now = new Date();
  const put = (until: Date) => doing(session, close, "snooze", { until: until.toISOString() });
  const input = h("input", {
    type: "datetime-local",
    min: local(now),
    value: local(presets(now)[2]?.until ?? now),
    required: true,
    id: "snooze-until",
  });
  const close = dialog(
    "Snooze until",
    h(
      "ul",
      { class: "choices" },
      ...presets(now).map(({ title, until }) =>
        h(
          "li",
          {},
          button(
            "choice",
            () => put(until),
            h("span", { class: "grow" }, title),
            h("span", { class: "muted" }, until.toLocaleString([], WHEN)),
          ),
        ),
      ),
    ),
    h(
      "form",
      {
        class: "ask",
        onsubmit: (event: Event) => {
          event.preventDefault();
          put(new Date(input.value));
        },
      },
      h("label", { for: "snooze-until" }, "Another time"),
      h(
        "div",
        { class: "beside" },
        input,
        h("button", { class: "button button--primary" }, "Snooze"),
      ),
      h("p", { class: "hint" }, "It comes back by itself when the customer writes."),
    ),
  );
}

export function handBack(session: Session): void {
  const input = h("textarea", { id: "hand-back-note", rows: 3, maxlength: 1000, dir: "auto" });
  const close = dialog(
    "Hand back to the assistant",
    h(
      "form",
      {
        class: "ask",
        onsubmit: (event: Event) => {
          event.preventDefault();
          const note = input.value.trim();
          doing(session, close, "hand_back", note ? { note } : {});
        },
      },
      h("label", { for: "hand-back-note" }, "What the assistant should know (optional)"),
      input,
      h("p", { class: "hint" }, "Your note is not shown to the customer."),
      buttons(
        button("button", () => close(), "Cancel"),
        h("button", { class: "button button--primary" }, "Hand back"),
      ),
    ),
  );
  input.focus();
}

export function block(session: Session, name: string): void {
  const close = dialog(
    `Block ${name}?`,
    h(
      "p",
      {},
      "The conversation ends, and nothing that they write reaches you or the assistant any more.",
    ),
    buttons(
      button("button", () => close(), "Cancel"),
      button("button button--danger", () => doing(session, close, "block"), "Block"),
    ),
  );
}

const KEYS: [key: string, does: string][] = [
  ["J / K", "Next or previous conversation"],
  ["R", "Write a reply"],
  ["N", "Write a note"],
  ["T", "Accept or take over"],
  ["E", "Resolve"],
  ["A", "Assign"],
  ["/", "Search"],
  ["Esc", "Leave the field, close the conversation"],
  ["?", "This help"],
];

export function help(enterSends: boolean, setEnterSends: (on: boolean) => void): void {
  const box = h("input", {
    type: "checkbox",
    id: "enter-sends",
    checked: enterSends,
    onchange: () => setEnterSends(box.checked),
  });
  dialog(
    "Keyboard shortcuts",
    h(
      "dl",
      { class: "keys" },
      ...KEYS.map(([key, does]) =>
        h(
          "div",
          {},
          h("dt", {}, ...key.split(" / ").map((one) => h("kbd", {}, one))),
          h("dd", {}, does),
        ),
      ),
    ),
    h(
      "p",
      { class: "check" },
      box,
      h(
        "label",
        { for: "enter-sends" },
        "Enter sends what I write (Shift+Enter starts a new line)",
      ),
    ),
    h("p", { class: "hint" }, "Ctrl+Enter, or ⌘+Enter on a Mac, always sends."),
  );
}
