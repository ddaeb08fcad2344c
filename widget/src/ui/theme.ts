/** Colours and sheets: light or dark, and the business's own accent. */

import { readable, textOn } from "../color";
import { h } from "../dom";
import base from "../styles/base.css";
import cards from "../styles/cards.css";
import messages from "../styles/messages.css";
import panel from "../styles/panel.css";

const ACCENT = "#2f5bea";

/** Adopted sheets work where the page's policy forbids style elements and attributes. */
export function adoptStyles(root: ShadowRoot): void {
  const css = base + panel + messages + cards;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(h("style", {}, css)); // before Safari 16.4
  }
}

/** Returns the end of it. */
export function applyTheme(root: HTMLElement, theme: string, wish = ""): () => void {
  const accent = /^#[\da-f]{6}$/i.test(wish) ? wish : ACCENT;
  const query = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const dark = theme === "dark" || (theme !== "light" && query.matches);
    root.classList.toggle("dark", dark);
    root.style.setProperty("--accent", accent);
    root.style.setProperty("--on-accent", textOn(accent));
    // Readable on the softer of the two surfaces is readable on both.
    root.style.setProperty(
      "--link",
      dark ? readable(accent, "#ffffff", "#24272e") : readable(accent, "#000000", "#f1f3f6"),
    );
  };
  apply();
  query.addEventListener("change", apply);
  return () => query.removeEventListener("change", apply);
}
