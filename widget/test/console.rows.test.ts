import { describe, expect, it, vi } from "vitest";

import { openThread } from "../src/console/thread";
import type { Entry } from "../src/console/types";
import { lineRow, lines, statusWords, type RowContext } from "../src/console/ui/entry";
import { keyed } from "../src/console/ui/keyed";
import { entry, item, NOON } from "./console.support";
import { format } from "./support";

const context: RowContext = {
  format: format("en-GB", "UTC"),
  print: { money: String, when: String },
  hosts: [],
  me: "Ana",
  retry: vi.fn(),
  discard: vi.fn(),
};

const staff = (seq: number, agentName: string) => entry(seq, { kind: "staff", agentName });
const change = (to: "human" | "bot" | "snoozed", extra: object = {}): Entry =>
  entry(1, { kind: "status", text: "", status: { to, ...extra } });

function transcript(...entries: Entry[]) {
  const thread = openThread("c", item("c"));
  thread.entries = entries;
  return thread;
}

function row(...args: Parameters<typeof transcript>): HTMLElement {
  const drawn = lineRow(context);
  const all = lines(transcript(...args), context);
  const last = all[all.length - 1];
  if (last) drawn.draw(last);
  return drawn.element;
}

describe("the transcript", () => {
  it("names each speaker once in a row, and each day", () => {
    const late = entry(90_000, { kind: "assistant" });
    const all = lines(
      transcript(entry(1), entry(2), staff(3, "Ana"), staff(4, "Ben"), staff(5, "Ben"), late),
      context,
    );
    const shown = all.map(({ key, first, last, who }) => [
      key.replace(/^d.*/, "day"),
      first,
      last,
      who,
    ]);
    expect(shown).toEqual([
      ["day", true, true, undefined],
      ["s1", true, false, "Zoe Smith"],
      ["s2", false, true, "Zoe Smith"],
      ["s3", true, true, "You"],
      ["s4", true, false, "Ben"],
      ["s5", false, true, "Ben"],
      ["day", true, true, undefined],
      ["s90000", true, true, "Assistant"],
    ]);
  });

  it("puts live words before what is on its way", () => {
    const thread = transcript(entry(1));
    thread.live = { turnId: "t", text: "I thi" };
    thread.pending = [
      { clientId: "p", kind: "note", text: "!", at: NOON, state: "sending", why: "" },
    ];
    expect(lines(thread, context).map(({ key }) => key.slice(0, 4))).toEqual([
      "dFri",
      "s1",
      "live",
      "pp",
    ]);
  });

  it("leaves customers' words as they are, and draws the assistant's", () => {
    const text = "**b** <b>x</b> [l](https://evil.example)";
    expect(row(entry(1, { text })).querySelector(".bubble")?.textContent).toBe(text);
    const said = row(entry(1, { text, kind: "assistant" })).querySelector(".bubble");
    expect(said?.querySelector("strong")?.textContent).toBe("b");
    expect(said?.querySelectorAll("b, a").length).toBe(0);
  });

  it("says what became of a text message", () => {
    const failed = staff(1, "Ana");
    failed.delivery = { state: "failed", error: "Not a mobile number." };
    expect(row(failed).querySelector(".meta--bad")?.textContent).toContain(
      "Not delivered: Not a mobile number.",
    );
  });

  it("offers to try again", () => {
    const drawn = lineRow(context);
    const pending = {
      clientId: "p",
      kind: "staff" as const,
      text: "Hi",
      at: NOON,
      state: "failed" as const,
      why: "No line.",
    };
    drawn.draw({ key: "p", pending });
    drawn.element.querySelector("button")?.click();
    expect(context.retry).toHaveBeenCalledWith(pending);
  });

  it("keeps a tool's details open while it is drawn again", () => {
    const made = entry(1, { kind: "call", text: "", call: { tool: "get_hours", status: "done" } });
    const drawn = lineRow(context);
    drawn.draw({ key: "s1", entry: made, first: true });
    const details = drawn.element.querySelector("details");
    drawn.draw({ key: "s1", entry: made, first: false });
    expect(drawn.element.querySelector("details")).toBe(details);
  });
});

describe("changes of hands", () => {
  it("are told from the reader's side", () => {
    const said = (one: Entry) => statusWords(one, context);
    expect(said(change("human", { agentName: "Ana", before: "queued" }))).toBe("You joined");
    expect(said(change("human", { agentName: "Ben", before: "human" }))).toBe("Assigned to Ben");
    expect(said(change("bot", { agentName: "Ana", reason: "nobody came" }))).toBe(
      "Handed to the assistant by you · nobody came",
    );
    expect(said(change("snoozed", { until: "2026-05-02T09:00:00Z" }))).toMatch(
      /^Snoozed until .+2026/,
    );
  });
});

describe("keyed rows", () => {
  it("stay the same elements in the order they are given", () => {
    const parent = document.createElement("ul");
    const made = vi.fn(() => {
      const element = document.createElement("li");
      return { element, draw: (value: string) => void (element.textContent = value) };
    });
    const draw = keyed<string>(parent, (value) => value, made);
    const shown = () => [...parent.children].map(({ textContent }) => textContent).join("");
    draw(["a", "b", "c"]);
    const [a] = parent.children;
    for (const order of ["cab", "b", "bca", "acb", ""]) {
      draw([...order]);
      expect(shown()).toBe(order);
    }
    draw(["a"]);
    expect(parent.children[0]).not.toBe(a);
    expect(made).toHaveBeenCalledTimes(3 + 2 + 1);
  });
});
