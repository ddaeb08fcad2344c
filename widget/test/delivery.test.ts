import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { HttpError, type Api } from "../src/api";
import { createChat, type Chat } from "../src/chat";
import { ENGLISH } from "../src/i18n";
import type { Message } from "../src/types";

const chunk = (id: number, content: string) =>
  `id: t.${id}\ndata: ${JSON.stringify({ type: "chunk", content })}\n\n`;
const DONE = 'id: t.9\ndata: {"type":"done","messageId":"m1","handedOff":false}\n\n';
const DOWN = new TypeError("network");

/** The socket of the chat, in the hands of the test. */
class Line {
  static last: Line;
  readyState = 1;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;
  sent: string[] = [];
  constructor() {
    Line.last = this;
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
  }
  frame(event: string, data: object, seq?: number) {
    this.onmessage?.({ data: JSON.stringify({ event, data, seq }) });
  }
}

let chat: Chat;
let posts: { clientId: string; lastId: string }[];
let stored: Message[];

/** Answers each POST with the next of these; the last one for ever. */
function start(websocket: boolean, ...answers: (string | Error)[]) {
  posts = [];
  stored = [];
  const api: Partial<Api> = {
    business: "test",
    create: async () => ({ id: "c", token: "t" }),
    history: async () => ({ messages: stored, lastSeq: 0 }),
    socketUrl: () => "ws://test",
    stream: async (_, { clientId }, lastId) => {
      posts.push({ clientId, lastId });
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? "";
      if (answer instanceof Error) throw answer;
      return new Response(answer);
    },
  };
  const config = { features: { websocket } };
  chat = createChat(api as Api, config, ENGLISH, () => undefined, () => undefined);
}

const shown = () => chat.store.entries.map(({ state, text }) => `${state}: ${text}`);
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  vi.stubGlobal("WebSocket", Line);
});

afterEach(() => {
  chat.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a message that the server has", () => {
  it("is sent, whatever becomes of its answer, which is resumed later", async () => {
    start(true, chunk(1, "Hel"), DOWN, DOWN, DOWN, DOWN, chunk(2, "lo") + DONE);
    chat.send("hi");
    await pass(4);
    expect(shown()).toEqual(["sent: hi", "live: Hel"]);
    expect([chat.state.cut, chat.store.entries[0]?.retry]).toEqual([true, undefined]);
    await pass(30);
    expect(shown()).toEqual(["sent: hi", "done: Hello"]);
    expect([chat.state.cut, chat.thinking()]).toEqual([false, false]);
    expect(new Set(posts.map(({ clientId }) => clientId)).size).toBe(1);
    expect(posts.map(({ lastId }) => lastId)).toEqual(["", "t.1", "t.1", "t.1", "t.1", "t.1"]);
  });

  it("is answered by the socket, and then not resumed any more", async () => {
    start(true, "", DOWN);
    chat.send("hi");
    await pass(5);
    expect([shown(), chat.thinking()]).toEqual([["sent: hi"], true]);
    const { clientId } = posts[0]!;
    Line.last.frame("message", { role: "customer", content: "hi", id: "c1", clientId }, 1);
    Line.last.frame("response_complete", { messageId: "m1", content: "Hello", turnId: "t" }, 2);
    const before = posts.length;
    await pass(120);
    expect([shown(), chat.thinking()]).toEqual([["sent: hi", "done: Hello"], false]);
    expect(posts.length).toBe(before);
  });

  it("stays sent when resuming is given up, and its bubble waits for the socket", async () => {
    start(true, chunk(1, "Hel"), DOWN);
    chat.send("hi");
    await pass(300);
    expect(posts.length).toBeLessThan(20);
    expect([shown(), chat.state.cut]).toEqual([["sent: hi", "live: Hel"], false]);
    while (Line.last.readyState !== 1) await pass(1);
    Line.last.frame("response_complete", { messageId: "m1", content: "Hello", turnId: "t" }, 2);
    expect(shown()).toEqual(["sent: hi", "done: Hello"]);
  });

  it("finds its answer in the history where there is no socket", async () => {
    start(false, chunk(1, "Hel"), DOWN);
    chat.send("hi");
    await pass(5);
    const { clientId } = posts[0]!;
    stored = [
      { role: "customer", content: "hi", id: "c1", seq: 1, clientId },
      { role: "assistant", content: "Hello", id: "m1", seq: 2 },
    ];
    await pass(300);
    expect(shown()).toEqual(["sent: hi", "done: Hello"]);
  });

  it("leaves nothing behind when the customer starts over", async () => {
    start(true, chunk(1, "Hel"), DOWN);
    chat.send("hi");
    await pass(5);
    chat.startNew();
    const before = posts.length;
    await pass(300);
    expect([shown(), chat.thinking(), posts.length]).toEqual([[], false, before]);
  });
});

describe("a message that the server may not have", () => {
  it("is not sent after three tries, until it turns out to be stored", async () => {
    start(false, DOWN);
    chat.send("hi");
    await pass(60);
    expect([shown(), posts.length]).toEqual([["failed: hi"], 3]);
    expect(chat.store.entries[0]?.retry).toBeDefined();
    stored = [{ role: "customer", content: "hi", id: "c1", seq: 1, clientId: posts[0]!.clientId }];
    await chat.load();
    expect(shown()).toEqual(["sent: hi"]);
    expect(chat.store.entries[0]?.retry).toBeUndefined();
  });

  it("does not become unsent after the socket has shown it", async () => {
    start(true, new HttpError(503));
    chat.send("hi");
    await pass(0);
    const { clientId } = posts[0]!;
    Line.last.frame("message", { role: "customer", content: "hi", id: "c1", clientId }, 1);
    await pass(60);
    expect(shown()).toEqual(["sent: hi"]);
  });

  it("says why while the chat is switched off, and goes when it is on again", async () => {
    start(true, new HttpError(503, 60_000, "Our chat is switched off."), chunk(1, "Hi") + DONE);
    chat.send("hi");
    await pass(1);
    const [entry] = chat.store.entries;
    expect([shown(), entry!.note]).toEqual([["failed: hi"], "Our chat is switched off."]);
    expect(posts).toHaveLength(1);
    chat.retry(entry!.retry!);
    await pass(1);
    expect(shown()).toEqual(["sent: hi", "done: Hi"]);
  });

  it("becomes sent when the socket shows it later", async () => {
    start(true, new HttpError(503));
    chat.send("hi");
    await pass(60);
    expect(shown()).toEqual(["failed: hi"]);
    const { clientId } = posts[0]!;
    Line.last.frame("message", { role: "customer", content: "hi", id: "c1", clientId }, 1);
    expect(shown()).toEqual(["sent: hi"]);
    expect(chat.storage.unsent()).toEqual([]);
  });
});
