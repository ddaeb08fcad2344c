import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createApi } from "../src/console/api";
import { createSession, type Session } from "../src/console/session";
import type { Entry, Item, Loaded, Me } from "../src/console/types";
import { entry, item, NOON } from "./console.support";

/** The console's socket, in the hands of the test. */
class Line {
  static last: Line;
  static protocols: unknown;
  sent: { event: string; data: unknown }[] = [];
  readyState = 0;
  onopen?: () => void;
  onclose?: (event: { code: number }) => void;
  onmessage?: (event: { data: string }) => void;
  constructor(_: string, protocols: unknown) {
    Line.protocols = protocols;
    Line.last = this;
  }
  close() {
    this.readyState = 3;
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  frame(event: string, data: object) {
    this.onmessage?.({ data: JSON.stringify({ event, data }) });
  }
}

const ME: Me = {
  staff: { id: "me", name: "Ana", role: "agent" },
  business: { id: "b", name: "Bella" },
  colleagues: [],
  canned: [],
  csrf: "token",
};

type Answer = { status?: number; body: unknown } | "down";

let asked: { path: string; body?: Record<string, unknown>; token: string | null }[];
let answers: Record<string, Answer>;
let called: string[];
let session: Session;

const mine = (extra: Partial<Item> = {}) =>
  item("c", { status: "human", agent: ME.staff, ...extra });

function page(conversation: Item, entries: Entry[] = []): Loaded {
  const customer = { id: "k", sections: [], previous: [] };
  const lastSeq = entries[entries.length - 1]?.seq ?? 0;
  return { conversation, entries, lastSeq, hasEarlier: false, customer };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));
const verbs = () => asked.filter(({ body }) => body).map(({ path }) => path.split("/").pop());

beforeEach(() => {
  asked = [];
  called = [];
  answers = { conversations: { body: { conversations: [], counts: {}, more: false } } };
  vi.stubGlobal("WebSocket", Line);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const path = url.replace("/console/api/", "").replace(/\?.*/, "");
    const token = new Headers(init.headers).get("x-csrf-token");
    asked.push({ path, body: init.body ? JSON.parse(`${init.body}`) : undefined, token });
    const answer = answers[path] ?? { status: 404, body: { detail: "unknown" } };
    if (answer === "down") throw new TypeError("no network");
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  });
  const tell = {
    say: () => undefined,
    signedOut: () => called.push("signed out"),
    call: ({ id }: Item) => called.push(id),
  };
  session = createSession(createApi("/console"), ME, () => undefined, tell);
});

afterEach(() => vi.unstubAllGlobals());

async function open(conversation: Item, entries: Entry[] = []) {
  session.start();
  Line.last.open();
  answers[`conversations/${conversation.id}`] = { body: page(conversation, entries) };
  await session.open(conversation.id);
}

const pending = () => session.state.thread?.pending ?? [];
const texts = () => session.state.thread?.entries.map(({ text }) => text);

describe("the live line", () => {
  it("says which conversation is open, from where on, and again after it broke", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await open(mine(), [entry(7)]);
      expect(Line.protocols).toEqual(["frontdesk.console.v1"]);
      expect(Line.last.sent).toEqual([{ event: "open", data: { conversation: "c", after: 7 } }]);
      Line.last.frame("entries", { conversation: mine(), entries: [entry(9)] });
      const broken = Line.last;
      broken.onclose?.({ code: 1012 });
      vi.advanceTimersByTime(40_000);
      expect(Line.last).not.toBe(broken);
      Line.last.open();
      expect(Line.last.sent).toEqual([{ event: "open", data: { conversation: "c", after: 9 } }]);
      Line.last.frame("entries", { conversation: mine(), entries: [entry(9), entry(11)] });
      expect(texts()).toEqual(["m7", "m9", "m11"]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("hears of other conversations only for the list", async () => {
    await open(mine());
    Line.last.frame("entries", { conversation: item("other"), entries: [entry(1)] });
    Line.last.frame("chunk", { conversation: "other", turnId: "t", chunk: "x", offset: 0 });
    Line.last.frame("something new", {});
    expect([texts(), session.state.thread?.live]).toEqual([[], null]);
    expect(session.listing.rows().map(({ id }) => id)).toContain("other");
  });

  it("calls for who is newly waiting, once", async () => {
    await open(mine());
    const waits = item("other", { unread: 1 });
    Line.last.frame("changed", { conversations: [waits], counts: { queued: 1 } });
    Line.last.frame("changed", { conversations: [waits], counts: { queued: 1 } });
    Line.last.frame("changed", { conversations: [item("bot", { status: "bot", unread: 1 })] });
    expect(called).toEqual(["other"]);
  });

  it("ends with the session", async () => {
    await open(mine());
    Line.last.onclose?.({ code: 4401 });
    expect(called).toEqual(["signed out"]);
  });
});

describe("a reply", () => {
  it("is shown at once, and once", async () => {
    await open(mine());
    const said = entry(3, { kind: "staff", text: "Hi", agentName: "Ana" });
    answers["conversations/c/reply"] = { body: { conversation: mine(), entries: [said] } };
    session.send("staff", "Hi");
    expect(pending().map(({ state }) => state)).toEqual(["sending"]);
    await tick();
    await tick();
    expect([pending(), texts()]).toEqual([[], ["Hi"]]);
    const last = asked[asked.length - 1];
    expect(last?.body).toMatchObject({ text: "Hi", clientId: expect.stringMatching(/^\w{32}$/) });
  });

  it("takes what is waiting first, and in the order it was written", async () => {
    await open(item("c"));
    answers["conversations/c/accept"] = { body: { conversation: mine(), entries: [] } };
    answers["conversations/c/reply"] = { body: { conversation: mine(), entries: [] } };
    answers["conversations/c/note"] = { body: { conversation: mine(), entries: [] } };
    session.send("staff", "one");
    session.send("note", "two");
    for (let n = 0; n < 8; n++) await tick();
    expect(verbs()).toEqual(["accept", "reply", "note"]);
  });

  it("that failed says why and is tried again with the same id", async () => {
    await open(mine());
    answers["conversations/c/reply"] = "down";
    session.send("staff", "Hi");
    await tick();
    await tick();
    expect(pending()[0]).toMatchObject({ state: "failed" });
    answers["conversations/c/reply"] = { body: { conversation: mine(), entries: [] } };
    const [one] = pending();
    if (one) session.retry(one);
    for (let n = 0; n < 4; n++) await tick();
    const ids = asked
      .filter(({ path }) => path.endsWith("reply"))
      .map(({ body }) => body?.clientId);
    expect([ids.length, new Set(ids).size, pending().length]).toEqual([2, 1, 0]);
  });

  it("on its way when another conversation is opened is there on return", async () => {
    await open(mine());
    answers["conversations/c/reply"] = { status: 502, body: { detail: "The provider is down." } };
    session.send("staff", "Hi");
    answers["conversations/d"] = { body: page(item("d")) };
    await session.open("d");
    await tick();
    expect(session.state.error).toContain("was not sent");
    await session.open("c");
    expect(pending()[0]).toMatchObject({ text: "Hi", why: "The provider is down." });
  });
});

describe("a change", () => {
  it("that came too late says who was faster, and shows how it is", async () => {
    await open(item("c"));
    const detail = "Ben has this conversation.";
    answers["conversations/c/accept"] = { status: 409, body: { detail, agentName: "Ben" } };
    const now = mine({
      agent: { id: "ben", name: "Ben" },
      updated: new Date(NOON + 1).toISOString(),
    });
    answers["conversations/c"] = { body: page(now) };
    expect(await session.act("accept")).toBe(false);
    await tick();
    expect(session.state.error).toBe(detail);
    expect(session.state.thread?.item?.agent?.name).toBe("Ben");
  });

  it("carries the session's token", async () => {
    answers.me = { body: ME };
    const api = createApi("/console");
    await api.me();
    answers["conversations/c/resolve"] = { body: { conversation: mine(), entries: [] } };
    await api.act("c", "resolve");
    expect(asked.map(({ token }) => token)).toEqual([null, "token"]);
  });
});

describe("what was read", () => {
  it("is told when somebody looks, up to what is shown", async () => {
    const read = { conversation: mine(), entries: [] };
    answers["conversations/c/seen"] = { body: read };
    await open(mine({ unread: 2 }), [entry(4)]);
    await tick();
    const told = asked.filter(({ path }) => path.endsWith("seen"));
    expect(told.map(({ body }) => body)).toEqual([{ seq: 4 }]);
    expect(session.state.thread?.item?.unread).toBe(0);
  });
});
