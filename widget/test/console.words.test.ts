import { describe, expect, it } from "vitest";

import { called, filled, inserted, matching } from "../src/console/canned";
import { createDrafts } from "../src/console/drafts";
import { segments } from "../src/console/segments";
import { local, presets, span, spoken } from "../src/console/times";
import { shown, words } from "../src/console/ui/call";

const replies = [
  { id: "1", shortcut: "hours", text: "We are open from five." },
  { id: "2", shortcut: "/hello", text: "Hi {name}!" },
  { id: "3", shortcut: "after-hours", text: "Sorry, we are closed." },
];

describe("canned replies", () => {
  it("are called by a slash that begins a word", () => {
    expect(
      ["/", "Hi /he", "a\n/H", "and/or", "http://x", "/two words", "plain"].map(called),
    ).toEqual(["", "he", "h", null, null, null, null]);
  });

  it("come by their shortcut first, then by their words", () => {
    const found = (word: string) => matching(replies, word).map(({ id }) => id);
    expect(found("")).toEqual(["1", "2", "3"]);
    expect(found("ho")).toEqual(["1", "3"]);
    expect(found("closed")).toEqual(["3"]);
    expect(found("zzz")).toEqual([]);
  });

  it("fill in what is known and leave what is not", () => {
    const values = { name: "Zoe", agent: "$& Ana" };
    expect(filled("Hi {name}, {{ agent }} and {Name}: {reference} {", values)).toBe(
      "Hi Zoe, $& Ana and Zoe: {reference} {",
    );
  });

  it("take the place of their call", () => {
    expect(inserted("Well, /he and more", 9, "Hi Zoe!")).toEqual({
      text: "Well, Hi Zoe! and more",
      caret: 13,
    });
  });
});

describe("a text message", () => {
  it("is sent in parts", () => {
    const parts = (letter: string, count: number) => segments(letter.repeat(count));
    expect([parts("a", 0), parts("a", 160), parts("a", 161), parts("a", 307)]).toEqual([
      1, 1, 2, 3,
    ]);
    expect([parts("€", 80), parts("€", 81), parts("[", 80)]).toEqual([1, 2, 1]);
    expect([parts("ł", 70), parts("ł", 71), parts("👋", 35), parts("👋", 36)]).toEqual([
      1, 2, 1, 2,
    ]);
  });
});

describe("drafts", () => {
  const storage = (text: string | null) => {
    let kept = text;
    return { getItem: () => kept, setItem: (_: string, value: string) => void (kept = value) };
  };

  it("are kept for each conversation and gone when sent", () => {
    const place = storage(null);
    const drafts = createDrafts(place);
    drafts.save("a", { kind: "note", text: "remember" });
    drafts.save("b", { kind: "staff", text: "  " });
    expect([drafts.has("a"), drafts.has("b")]).toEqual([true, false]);
    expect(createDrafts(place).load("a")).toEqual({ kind: "note", text: "remember" });
    drafts.save("a", { kind: "note", text: "" });
    expect(createDrafts(place).load("a")).toEqual({ kind: "staff", text: "" });
  });

  it("survive nonsense and a storage that is forbidden", () => {
    for (const odd of ["{oops", "[]", "null", '{"a": 3}', '{"a": {"kind": 1, "text": []}}'])
      expect(createDrafts(storage(odd)).load("a")).toEqual({ kind: "staff", text: "" });
    const forbidden = () => {
      throw new Error("forbidden");
    };
    const drafts = createDrafts({ getItem: forbidden, setItem: forbidden });
    drafts.save("a", { kind: "staff", text: "kept" });
    expect(drafts.load("a").text).toBe("kept");
  });
});

describe("times", () => {
  it("are as short as a list has room for", () => {
    const [s, m, hour] = [1000, 60_000, 3_600_000];
    const all = [-5, 42 * s, 3 * m, hour, hour + 5 * m, 49 * hour].map(span);
    expect(all).toEqual(["0s", "42s", "3m", "1h", "1h 5m", "2d"]);
    expect([5 * s, m, 2 * hour, 48 * hour].map(spoken)).toEqual([
      "less than a minute",
      "1 minute",
      "2 hours",
      "2 days",
    ]);
  });

  it("that things are put off to all lie ahead, each once", () => {
    for (let day = 0; day < 14; day++) {
      const now = new Date(2026, 4, 1 + day, 15, 20);
      const all = presets(now).map(({ until }) => +until);
      expect(Math.min(...all)).toBeGreaterThan(+now);
      expect(new Set(all).size).toBe(all.length);
      expect([...all].sort((a, b) => a - b)).toEqual(all);
    }
  });

  it("fit the browser's own field", () => {
    expect(local(new Date(2026, 4, 1, 9, 5))).toBe("2026-05-01T09:05");
  });
});

describe("what a tool did", () => {
  const print = {
    money: (minor: unknown, code?: string) => `${code} ${minor}`,
    when: () => "soon",
  };
  const cells = (value: unknown) => {
    const node = shown(value, print) as HTMLElement;
    return [...node.querySelectorAll("tr")].map((row) =>
      [...row.children].map(({ textContent }) => textContent),
    );
  };

  it("is a table with words for names, without what is empty", () => {
    expect(words("create_booking")).toBe("Create booking");
    expect(words("partySize")).toBe("Party size");
    expect(cells({ party_size: 4, isNew: true, notes: "", tags: [], who: ["a", "b"] })).toEqual([
      ["Party size", "4"],
      ["Is new", "Yes"],
      ["Who", "a, b"],
    ]);
  });

  it("writes money in its currency and times on the business's clock", () => {
    const item = { unit_price: 1200, qty: 2, start: "2026-11-23T19:00-05:00" };
    expect(cells({ currency: "EUR", item })[1]?.[1]).toBe("Unit priceEUR 1200Qty2Startsoon");
  });

  it("lists what is alike in rows", () => {
    expect(cells([{ a: 1, b: "x" }, { a: 2 }])).toEqual([
      ["A", "B"],
      ["1", "x"],
      ["2", ""],
    ]);
  });

  it("never becomes markup, and ends somewhere", () => {
    const bad = "<img src=x onerror=alert(1)>";
    const node = shown({ [bad]: bad, list: [{ [bad]: bad }] }, print) as HTMLElement;
    expect(node.querySelector("img")).toBeNull();
    expect(node.textContent).toContain(bad);
    let deep: unknown = "end";
    for (let n = 0; n < 50; n++) deep = { deep };
    expect((shown(deep, print) as HTMLElement).textContent).toContain("end");
    const many = shown(
      Array.from({ length: 500 }, (_, n) => n),
      print,
    );
    expect(many).toContain("and 480 more");
  });
});
