import { vi } from "vitest";

import { card, type CardContext } from "../src/cards";
import type { Standing } from "../src/cards/standing";
import type { Data } from "../src/types";
import { format, strings } from "./support";

/** A card as a customer sees it. */
export function show(
  type: string,
  status: string,
  data: Data,
  { locale = "en-GB", zone = "Europe/Rome", standing = undefined as Standing | undefined } = {},
) {
  const send = vi.fn();
  const context: CardContext = {
    t: strings(locale.slice(0, 2)),
    format: format(locale, zone),
    base: "https://desk.example",
    send,
  };
  const div = document.createElement("div");
  const parts = card({ type, status, data }, context, standing);
  div.append(...parts.filter((node): node is Node => !!node));
  return { div, send, text: div.textContent ?? "", buttons: [...div.querySelectorAll("button")] };
}
