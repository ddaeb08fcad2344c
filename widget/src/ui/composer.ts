/** Where the customer writes. */

import { h, iconButton, set } from "../dom";
import { T, type Strings } from "../i18n";

const LONGEST = 4_000;
const TALLEST = 132;
const RENEW = 3_000;
const IDLE = 4_000;

/** `signal`: the other side may know that the customer is typing; it is told sparingly. */
export function createComposer(
  t: Strings,
  send: (text: string) => void,
  signal: (event: "typing_start" | "typing_stop") => void,
) {
  let told = 0;
  let idle: ReturnType<typeof setTimeout>;

  const pause = () => {
    clearTimeout(idle);
    if (told) signal("typing_stop");
    told = 0;
  };

  const typed = () => {
    clearTimeout(idle);
    idle = setTimeout(pause, IDLE);
    if (Date.now() - told < RENEW) return;
    told = Date.now();
    signal("typing_start");
  };

  const fit = () => {
    set(submit, "aria-disabled", `${!input.value.trim()}`);
    // Without text the placeholder stands as the page reads.
    input.dir = input.value && "auto";
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, TALLEST)}px`;
  };

  const go = () => {
    const text = input.value.trim();
    input.focus();
    if (!text) return;
    input.value = "";
    fit();
    pause();
    send(text);
  };

  const input = h("textarea", {
    rows: 1,
    maxlength: LONGEST,
    placeholder: t[T.write],
    "aria-label": t[T.write],
    enterkeyhint: "send",
    onblur: pause,
    oninput: () => {
      fit();
      if (input.value.trim()) typed();
    },
    onkeydown: (event: KeyboardEvent) => {
      // An input method uses Enter to choose characters; Safari reports that as key code 229.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
        return;
      event.preventDefault();
      go();
    },
  });
  const submit = iconButton("send", t[T.send], "send", go);
  set(submit, "aria-disabled", "true");
  return {
    element: h("div", { class: "composer" }, input, submit),
    focus: () => input.focus({ preventScroll: true }),
  };
}
