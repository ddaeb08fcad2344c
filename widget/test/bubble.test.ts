import { describe, expect, it, vi } from "vitest";

import { standings } from "../src/cards/standing";
import type { Entry } from "../src/types";
import { createBubble, type View } from "../src/ui/bubble";
import { format, strings } from "./support";

function draw(text: string, part: Partial<Entry> = {}, view: Partial<View> = {}) {
  const send = vi.fn();
  const context = {
    t: strings("es"),
    format: format("es", "Europe/Madrid"),
    base: "https://desk.example",
    hosts: [],
    send,
    retry: vi.fn(),
  };
  const entry: Entry = { role: "assistant", text, at: 0, state: "done", actions: [], ...part };
  const bubble = createBubble(entry, context);
  const redraw = (patch: Partial<Entry>, more: Partial<View> = {}) => {
    Object.assign(entry, patch);
    bubble.draw({
      first: true,
      last: true,
      timed: true,
      day: "",
      past: false,
      delivered: false,
      asking: false,
      standings: standings([entry]),
      ...view,
      ...more,
    });
  };
  redraw({});
  const buttons = () => [...bubble.element.querySelectorAll("button")];
  return {
    element: bubble.element,
    buttons,
    send,
    redraw,
    words: () => buttons().map((one) => one.textContent),
  };
}

describe("a question for yes or no", () => {
  it.each(["Shall I book it? Please say yes or no.", "Zoe: yes or no?"])(
    "can be answered by a press: %s",
    (text) => {
      const { words, buttons, send } = draw(text);
      expect(words()).toEqual(["Sí", "No"]);
      buttons()[0]?.click();
      expect(send).toHaveBeenCalledWith("Yes");
    },
  );

  it("offers it when it is complete, and while it is the last word", () => {
    const { words, redraw } = draw("Zoe: yes or no?", { state: "live" });
    expect(words()).toEqual([]);
    redraw({ state: "done" });
    expect(words()).toEqual(["Sí", "No"]);
    expect(draw("Zoe: yes or no?", {}, { past: true }).buttons()[0]?.disabled).toBe(true);
  });

  it("leaves it to a card that asks, here or elsewhere, and to nobody else's words", () => {
    const actions = [{ type: "create_booking", status: "needs_confirmation", data: {} }];
    expect(draw("Please say yes or no.", { actions }).words()).not.toContain("Sí");
    expect(draw("Please say yes or no.", {}, { asking: true }).words()).toEqual([]);
    expect(draw("yes or no?", { role: "customer" }).words()).toEqual([]);
    expect(draw("Whether yes or no, we are open.").words()).toEqual([]);
  });
});

describe("a message", () => {
  it("tells that it arrived while a person has yet to answer", () => {
    const { element, redraw } = draw("hola", { role: "customer", state: "sending" });
    expect(element.textContent).toContain("Enviando…");
    redraw({ state: "sent" }, { delivered: true });
    expect(element.textContent).toContain("Entregado");
    redraw({}, { delivered: false });
    expect(element.textContent).not.toContain("Entregado");
  });

  it("of staff names them", () => {
    const { element } = draw("Hola", { role: "staff", agentName: "Ana" });
    expect(element.querySelector(".sender")?.textContent).toBe("Ana");
    expect(element.className).toContain("staff");
  });

  it("keeps what its cards have open while nothing of them changes", () => {
    const lines = [{ name: "Soup", quantity: 1, total: 900 }];
    const actions = [{ type: "view_order", status: "done", data: { lines, currency: "EUR" } }];
    const { element, redraw } = draw("Here it is.", { actions });
    const card = element.querySelector("details");
    redraw({ text: "Here it is. Anything else?" });
    expect(element.querySelector("details")).toBe(card);
  });
});
