import { beforeEach, describe, expect, it } from "vitest";

import { createReplies, SOCKET, type Replies } from "../src/replies";
import { createStore, type Store } from "../src/store";
import type { Action, Entry } from "../src/types";

let store: Store;
let replies: Replies;
let heard: Entry[];

beforeEach(() => {
  store = createStore(() => undefined);
  heard = [];
  replies = createReplies(store, (entry) => heard.push(entry));
});

const shown = () => store.entries.map(({ text, state }) => `${state}: ${text}`);
const booking: Action = { type: "create_booking", status: "done", data: { reference: "A" } };

describe("a reply", () => {
  it("is written, then done", () => {
    const reply = replies.start("mine");
    reply.chunk("Hel");
    reply.chunk("lo");
    expect(shown()).toEqual(["live: Hello"]);
    reply.finish({ id: "m1" });
    expect(shown()).toEqual(["done: Hello"]);
    expect(heard).toMatchObject([{ id: "m1", text: "Hello" }]);
  });

  it("may begin anew", () => {
    const reply = replies.start("mine");
    reply.chunk("You are booked");
    reply.restart();
    reply.chunk("Sorry");
    reply.finish({ id: "m1" });
    expect(shown()).toEqual(["done: Sorry"]);
  });

  it("disappears when it is given up, and when it says nothing", () => {
    const reply = replies.start("mine");
    reply.chunk("Hel");
    reply.drop();
    replies.start("other").finish({ id: undefined });
    expect([shown(), heard]).toEqual([[], []]);
  });

  it("shows an action once", () => {
    const reply = replies.start("mine");
    reply.action(booking);
    reply.action({ ...booking });
    reply.finish({ id: "m1" });
    expect(store.entries[0]?.actions).toEqual([booking]);
  });

  it("puts pieces where they belong, counted in code points", () => {
    const reply = replies.start(SOCKET);
    reply.chunk("Hi 😀", 0);
    reply.chunk("! ", 4);
    reply.chunk("😀! Ok", 3);
    reply.chunk("behind a gap", 90);
    expect(shown()).toEqual(["live: Hi 😀! Ok"]);
  });
});

describe("one turn on two lines", () => {
  it("is shown once when both carry its id", () => {
    const mine = replies.start("mine");
    const socket = replies.start(SOCKET);
    socket.chunk("Hel");
    mine.chunk("Hello");
    socket.chunk("lo you");
    mine.chunk(" you");
    mine.finish({ id: "m1" });
    socket.finish({ id: "m1", content: "Hello you", seq: 4 });
    expect(shown()).toEqual(["done: Hello you"]);
    expect(heard).toHaveLength(1);
    expect(store.entries[0]).toMatchObject({ id: "m1", seq: 4 });
  });

  it("is shown once when the socket carries none", () => {
    const mine = replies.start("mine");
    mine.chunk("Hello");
    mine.finish({ id: "m1" });
    replies.start(SOCKET).finish({ content: "Hello", seq: 4 });
    expect([shown(), heard.length]).toEqual([["done: Hello"], 1]);
  });

  it("is shown once when two messages are answered by it", () => {
    const [one, two] = [replies.start("one"), replies.start("two")];
    one.chunk("Both");
    two.chunk("Bo");
    one.finish({ id: "m1" });
    expect(shown()).toEqual(["done: Both"]);
    two.chunk("th");
    two.finish({ id: "m1" });
    expect([shown(), heard.length]).toEqual([["done: Both"], 1]);
  });

  it("goes on with the other line when one breaks", () => {
    const mine = replies.start("mine");
    const socket = replies.start(SOCKET);
    mine.chunk("Hel");
    socket.chunk("Hello");
    mine.drop();
    expect(shown()).toEqual(["live: Hello"]);
  });
});

describe("a reply whose line broke", () => {
  it("keeps its text, and is completed by its own line", () => {
    const mine = replies.start("mine");
    mine.chunk("Hel");
    mine.lost();
    expect([shown(), mine.open()]).toEqual([["live: Hel"], true]);
    mine.chunk("lo");
    mine.finish({ id: "m1" });
    expect([shown(), heard.length]).toEqual([["done: Hello"], 1]);
  });

  it("is completed by the socket in the same bubble, once", () => {
    const mine = replies.start("mine");
    mine.chunk("Hello y");
    const bubble = store.entries[0];
    mine.lost();
    const socket = replies.start(SOCKET);
    socket.chunk("Hello", 0);
    expect(shown()).toEqual(["live: Hello y"]);
    socket.chunk(" you", 5);
    expect(shown()).toEqual(["live: Hello you"]);
    socket.finish({ id: "m1", content: "Hello you!", seq: 4 });
    expect(mine.open()).toBe(false);
    mine.chunk("ou!");
    mine.finish({ id: "m1" });
    expect([shown(), heard.length]).toEqual([["done: Hello you!"], 1]);
    expect(store.entries[0]).toBe(bubble);
  });

  it("is completed by what the socket had told already", () => {
    const mine = replies.start("mine");
    mine.chunk("Hel");
    replies.start(SOCKET).finish({ id: "m1", content: "Hello", seq: 4 });
    expect(shown()).toEqual(["live: Hel"]);
    mine.lost();
    expect(shown()).toEqual(["done: Hello"]);
  });

  it("is completed by the history", () => {
    store.merge({ role: "assistant", content: "Hi", id: "m0", seq: 2 });
    const mine = replies.start("mine");
    mine.chunk("Hel");
    mine.lost(true);
    replies.stored({ role: "assistant", content: "Hi", id: "m0", seq: 2 });
    replies.stored({ role: "assistant", content: "Hello", id: "m1", seq: 4 });
    expect(shown()).toEqual(["done: Hi", "done: Hello"]);
  });

  it("is not completed by the echo of an earlier reply", () => {
    const one = replies.start("one");
    one.chunk("First");
    one.finish({ id: "m1" });
    const two = replies.start("two");
    two.chunk("Sec");
    two.lost();
    replies.start(SOCKET).finish({ id: "m1", content: "First", seq: 2 });
    expect(shown()).toEqual(["done: First", "live: Sec"]);
    two.restart();
    two.chunk("Second");
    two.finish({ id: "m2" });
    expect(shown()).toEqual(["done: First", "done: Second"]);
  });

  it("makes room for the next when its line stays broken", () => {
    const [one, two] = [replies.start("one"), replies.start("two")];
    one.chunk("Fir");
    two.chunk("Second");
    one.lost(true);
    two.finish({ id: "m2" });
    replies.start(SOCKET).finish({ id: "m1", content: "First", seq: 2 });
    expect(shown().sort()).toEqual(["done: First", "done: Second"]);
    expect(heard).toHaveLength(2);
  });
});

describe("two turns", () => {
  it("with the same words are two replies", () => {
    for (const id of ["m1", "m2"]) {
      const reply = replies.start(id);
      reply.chunk("Sorry?");
      reply.finish({ id });
    }
    expect(shown()).toEqual(["done: Sorry?", "done: Sorry?"]);
  });

  it("follow each other: the second waits unseen for the first", () => {
    const [one, two] = [replies.start("one"), replies.start("two")];
    one.chunk("First");
    two.chunk("Second");
    two.finish({ id: "m2" });
    expect(shown()).toEqual(["live: First"]);
    one.finish({ id: "m1" });
    expect(shown()).toEqual(["done: First", "done: Second"]);
  });
});
