/** The round button in the corner of the page. */

import { button, h, icon, set } from "../dom";
import { fill, T, type Strings } from "../i18n";

export function createLauncher(t: Strings, onclick: () => void) {
  const badge = h("span", { class: "badge", "aria-hidden": "true" });
  const element = button("launcher", onclick, icon("chat"), icon("down"), badge);
  set(element, "aria-haspopup", "dialog");

  const draw = (open: boolean, unread: number) => {
    set(element, "aria-label", open ? t[T.close] : unread ? fill(t[T.unread], unread) : t[T.open]);
    set(element, "aria-expanded", `${open}`);
    badge.hidden = open || !unread;
    badge.textContent = unread > 9 ? "9+" : `${unread}`;
  };
  draw(false, 0);
  return { element, draw };
}
