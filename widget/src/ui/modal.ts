/** Full screen on a phone: the panel is all there is, Tab goes round, the page takes no part. */

export function createModal(host: Element, panel: HTMLElement) {
  let inert: Element[] = [];
  const page = document.documentElement.style;
  let overflow = "";

  return {
    set: (on: boolean) => {
      if (on === panel.hasAttribute("aria-modal")) return;
      if (on) {
        panel.setAttribute("aria-modal", "true");
        inert = [...document.body.children].filter(
          (element) => !element.contains(host) && !element.hasAttribute("inert"),
        );
        overflow = page.overflow;
      } else panel.removeAttribute("aria-modal");
      page.overflow = on ? "hidden" : overflow;
      for (const element of inert) element.toggleAttribute("inert", on);
    },

    tab: (event: KeyboardEvent, current: Element | null) => {
      if (event.key !== "Tab" || !panel.hasAttribute("aria-modal")) return;
      const all = [
        ...panel.querySelectorAll<HTMLElement>("button, a, textarea, [tabindex='0']"),
      ].filter((element) => !element.matches(":disabled") && element.getClientRects().length);
      const [first, last] = [all[0], all[all.length - 1]];
      if (current !== (event.shiftKey ? first : last) && current !== panel) return;
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    },
  };
}
