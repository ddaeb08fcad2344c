import { describe, expect, it, vi } from "vitest";

import { createFormat } from "../src/format";
import { language } from "../src/i18n";
import type { Entry } from "../src/types";
import { createBubble } from "../src/ui/bubble";

function draw(text: string, part: Partial<Entry> = {}, past = false) {
  const send = vi.fn();
  const context = {
    t: language("es").t,
    format: createFormat("es", "Europe/Madrid"),
    hosts: [],
    send,
    retry: vi.fn(),
  };
  const entry: Entry = { role: "assistant", text, at: 0, state: "done", actions: [], ...part };
  const bubble = createBubble(entry, context);
  bubble.draw(true, true, "", past);
  const buttons = () => [...bubble.element.querySelectorAll("button")];
  const redraw = (patch: Partial<Entry>) => {
    Object.assign(entry, patch);
    bubble.draw(true, true, "", past);
  };
  return { buttons, send, redraw, words: () => buttons().map((one) => one.textContent) };
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
    expect(draw("Zoe: yes or no?", {}, true).buttons()[0]?.disabled).toBe(true);
  });

  it("leaves it to a card that asks, and to nobody else's words", () => {
    const actions = [{ type: "create_booking", status: "needs_confirmation", data: {} }];
    expect(draw("Please say yes or no.", { actions }).words()).not.toContain("Sí");
    expect(draw("yes or no?", { role: "customer" }).words()).toEqual([]);
    expect(draw("Whether yes or no, we are open.").words()).toEqual([]);
  });
});
