import { describe, expect, it } from "vitest";

import * as threads from "../src/console/thread";
import { dice, entry, item, NOON, shuffled } from "./console.support";

const opened = () => {
  const thread = threads.openThread("c", item("c"));
  thread.state = "ready";
  return thread;
};
const seqs = (thread: threads.Thread) => thread.entries.map(({ seq }) => seq);

describe("the open conversation", () => {
  it("is the same whatever the order and the repetition of what arrives", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const roll = dice(seed);
      const all = Array.from({ length: 1 + roll(30) }, (_, n) => entry(n + 1 + roll(2) * 100));
      const unique = [...new Map(all.map((one) => [one.seq, one])).values()];
      const sent = shuffled([...unique, ...unique.filter(() => roll(3) === 0)], roll);
      const thread = opened();
      const fresh: number[] = [];
      while (sent.length)
        fresh.push(...threads.merge(thread, sent.splice(0, 1 + roll(4))).map(({ seq }) => seq));
      const expected = unique.map(({ seq }) => seq).sort((a, b) => a - b);
      expect(seqs(thread), `seed ${seed}`).toEqual(expected);
      expect(
        fresh.sort((a, b) => a - b),
        `seed ${seed}`,
      ).toEqual(expected);
      expect(thread.lastSeq).toBe(expected[expected.length - 1]);
    }
  });

  it("keeps the newest form of an entry, as deliveries change", () => {
    const thread = opened();
    threads.merge(thread, [entry(3, { kind: "staff", delivery: { state: "queued" } })]);
    const again = entry(3, { kind: "staff", delivery: { state: "failed", error: "no" } });
    expect(threads.merge(thread, [again])).toEqual([]);
    expect(thread.entries).toEqual([again]);
  });

  it("puts earlier entries before the others", () => {
    const thread = opened();
    threads.merge(thread, [entry(50), entry(60)]);
    const page = {
      conversation: item("c"),
      entries: [entry(10), entry(20)],
      lastSeq: 60,
      hasEarlier: true,
      customer: { id: "k", sections: [], previous: [] },
    };
    threads.earlier(thread, page);
    expect(seqs(thread)).toEqual([10, 20, 50, 60]);
    expect([thread.lastSeq, thread.hasEarlier]).toEqual([60, true]);
  });

  it("takes one's own words as sent when they come by the socket first", () => {
    const pending = (clientId: string, text: string): threads.Pending => ({
      clientId,
      kind: "staff",
      text,
      at: NOON,
      state: "sending",
      why: "",
    });
    const list = [pending("a", "same"), pending("b", "same"), pending("c", "other")];
    const thread = threads.openThread("c", item("c"), list);
    threads.merge(thread, [entry(1, { kind: "staff", text: "redacted", clientId: "c" })], "Ana");
    threads.merge(thread, [entry(2, { kind: "staff", text: "same", agentName: "Ben" })], "Ana");
    expect(list.map(({ clientId }) => clientId)).toEqual(["a", "b"]);
    threads.merge(thread, [entry(3, { kind: "staff", text: "same", agentName: "Ana" })], "Ana");
    expect(list.map(({ clientId }) => clientId)).toEqual(["b"]);
  });
});

describe("the assistant's live words", () => {
  const words = "Grüß Gott 👋🏽, das ist ein Text.";
  const pieces = (roll: (sides: number) => number) => {
    const all = [...words];
    const out: { turnId: string; chunk: string; offset: number }[] = [];
    for (let at = 0; at < all.length;) {
      const chunk = all.slice(at, at + 1 + roll(5));
      out.push({ turnId: "t", chunk: chunk.join(""), offset: at });
      at += chunk.length;
    }
    return out;
  };

  it("come together by their offsets in code points, with repetitions", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const roll = dice(seed);
      const thread = opened();
      const sent = pieces(roll).flatMap((one) => (roll(3) ? [one] : [one, one]));
      for (const one of sent) threads.speak(thread, { conversation: "c", ...one });
      expect(thread.live?.text, `seed ${seed}`).toBe(words);
    }
  });

  it("wait behind a gap, and begin anew from the start", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const roll = dice(seed);
      const thread = opened();
      const sent = pieces(roll);
      const lost = roll(sent.length);
      sent.forEach(
        (one, at) => at !== lost && threads.speak(thread, { conversation: "c", ...one }),
      );
      expect(words.startsWith(thread.live?.text ?? ""), `seed ${seed}`).toBe(true);
      for (const one of sent) threads.speak(thread, { conversation: "c", ...one });
      expect(thread.live?.text).toBe(words);
    }
  });

  it("of another turn replace these", () => {
    const thread = opened();
    threads.speak(thread, { conversation: "c", turnId: "one", chunk: "Old", offset: 0 });
    threads.speak(thread, { conversation: "c", turnId: "two", chunk: "late", offset: 3 });
    expect(thread.live?.text).toBe("Old");
    threads.speak(thread, { conversation: "c", turnId: "two", chunk: "New", offset: 0 });
    expect(thread.live).toEqual({ turnId: "two", text: "New" });
    threads.restart(thread, "two");
    expect(thread.live).toEqual({ turnId: "two", text: "" });
  });

  it("end with the reply, and when a person takes over, not when one is asked for", () => {
    const speak = (thread: threads.Thread) =>
      threads.speak(thread, { conversation: "c", turnId: "t", chunk: "Yes", offset: 0 });
    const thread = opened();
    speak(thread);
    threads.taken(thread, item("c", { status: "queued" }));
    expect(thread.live).not.toBeNull();
    threads.taken(thread, item("c", { status: "human" }));
    expect(thread.live).toBeNull();
    speak(thread);
    threads.merge(thread, [entry(1), entry(2, { kind: "assistant" })]);
    expect(thread.live).toBeNull();
  });
});

describe("signs of life", () => {
  it("typing goes out by itself, and with the words", () => {
    const thread = opened();
    threads.typing(thread, true, NOON);
    expect(thread.typing).toBeGreaterThan(NOON);
    expect(thread.typing).toBeLessThan(NOON + 10_000);
    threads.merge(thread, [entry(1)]);
    expect(thread.typing).toBe(0);
  });

  it("what is older than what is known changes nothing", () => {
    const thread = opened();
    const later = item("c", { status: "human", updated: new Date(NOON + 5).toISOString() });
    threads.taken(thread, later);
    threads.taken(thread, item("c", { status: "queued" }));
    expect(thread.item).toBe(later);
  });

  it("a delivery is followed for a while", () => {
    const thread = opened();
    threads.merge(thread, [entry(1, { kind: "staff", delivery: { state: "sent" } })]);
    expect(threads.isUnderWay(thread, NOON + 30_000)).toBe(true);
    expect(threads.isUnderWay(thread, NOON + 600_000)).toBe(false);
    threads.merge(thread, [entry(1, { kind: "staff", delivery: { state: "delivered" } })]);
    expect(threads.isUnderWay(thread, NOON + 30_000)).toBe(false);
  });
});
