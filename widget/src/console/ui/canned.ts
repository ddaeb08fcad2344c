/** The list box of ready-made replies above the composer. */

import { h, set } from "../../dom";
import { called, matching } from "../canned";
import type { Canned } from "../types";

const ID = "canned";

/** `pick` puts the reply in place of its call. */
export function createCannedList(
  input: HTMLTextAreaElement,
  replies: Canned[],
  pick: (reply: Canned) => void,
) {
  const element = h("div", {
    class: "canned",
    role: "listbox",
    id: ID,
    "aria-label": "Canned replies",
  });
  let found: Canned[] = [];
  let chosen = 0;
  element.hidden = true;
  set(input, "aria-autocomplete", "list");

  const close = () => {
    found = [];
    element.hidden = true;
    set(input, "aria-activedescendant", undefined);
    set(input, "aria-controls", undefined);
  };

  const choose = (at: number) => {
    chosen = (at + found.length) % found.length;
    [...element.children].forEach((option, place) => {
      set(option, "aria-selected", `${place === chosen}`);
      if (place === chosen) option.scrollIntoView({ block: "nearest" });
    });
    set(input, "aria-activedescendant", `${ID}-${chosen}`);
  };

  const take = (at: number) => {
    const reply = found[at];
    close();
    if (reply) pick(reply);
  };

  const option = ({ shortcut, text }: Canned, at: number) =>
    h(
      "div",
      {
        role: "option",
        id: `${ID}-${at}`,
        // The composer keeps the focus.
        onmousedown: (event: Event) => event.preventDefault(),
        onclick: () => take(at),
      },
      h("b", {}, `/${shortcut.replace(/^\//, "")}`),
      h("span", { dir: "auto" }, text),
    );

  return {
    element,
    close,
    /** After every change of the words or the caret. */
    follow: () => {
      const word = called(input.value.slice(0, input.selectionStart));
      found = word === null ? [] : matching(replies, word);
      if (!found.length) return close();
      element.replaceChildren(...found.map(option));
      element.hidden = false;
      set(input, "aria-controls", ID);
      choose(0);
    },
    /** True when the key was the list's. */
    key: (event: KeyboardEvent): boolean => {
      if (element.hidden) return false;
      const { key } = event;
      if (key === "ArrowDown") choose(chosen + 1);
      else if (key === "ArrowUp") choose(chosen - 1);
      else if (key === "Escape") close();
      else if ((key === "Enter" || key === "Tab") && !event.shiftKey) take(chosen);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
