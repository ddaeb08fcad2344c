import { describe, expect, it } from "vitest";

import { createStorage } from "../src/storage";
import { createStore } from "../src/store";
import type { Message } from "../src/types";

const said = (seq: number, extra: Partial<Message> = {}): Message => ({
  role: "customer",
  content: `m${seq}`,
  id: `id${seq}`,
  seq,
  at: "2026-05-01T10:00:00Z",
  ...extra,
});

function make() {
  let changes = 0;
  const store = createStore(() => changes++);
  return { store, texts: () => store.entries.map(({ text }) => text), changes: () => changes };
}

describe("the transcript", () => {
  it("orders by sequence, whatever the order of arrival", () => {
    const { store, texts } = make();
    for (const seq of [3, 1, 5, 2]) store.merge(said(seq));
    expect(texts()).toEqual(["m1", "m2", "m3", "m5"]);
  });

  it("takes a message once: by id, by client id, by sequence", () => {
    const { store, texts } = make();
    store.add({ role: "customer", text: "hi", state: "sending", clientId: "c1" });
    expect(store.merge(said(4, { content: "hi", clientId: "c1" })).fresh).toBe(false);
    expect(store.merge(said(4, { content: "hi", id: undefined })).fresh).toBe(false);
    expect(store.merge(said(9, { content: "hi", id: "id4" })).fresh).toBe(false);
    expect(texts()).toEqual(["hi"]);
    expect(store.entries[0]).toMatchObject({ state: "sent", id: "id4", clientId: "c1" });
  });

  it("keeps what has no sequence where it appeared", () => {
    const { store, texts } = make();
    store.merge(said(1));
    store.add({ role: "customer", text: "local" });
    store.merge(said(2));
    expect(texts()).toEqual(["m1", "local", "m2"]);
  });

  it("tells of every change, and starts over with what is kept", () => {
    const { store, texts, changes } = make();
    store.merge(said(1));
    const mine = store.add({ role: "customer", text: "keep", seq: 2, id: "x" });
    store.reset(mine);
    expect(texts()).toEqual(["keep"]);
    expect([mine.seq, mine.id, changes()]).toEqual([undefined, undefined, 3]);
  });
});

describe("what the browser keeps", () => {
  it("is kept per business, field by field", () => {
    const one = createStorage("one");
    one.save({ id: "c", token: "t" });
    one.save({ lastSeq: 4 });
    expect(createStorage("one").load()).toEqual({ id: "c", token: "t", lastSeq: 4 });
    expect(createStorage("two").load()).toEqual({});
  });

  it("survives nonsense in the storage", () => {
    localStorage.setItem("frontdesk:odd", "{oops");
    sessionStorage.setItem("frontdesk:odd", '{"not":"a list"}');
    const odd = createStorage("odd");
    expect([odd.load(), odd.unsent()]).toEqual([{}, []]);
  });

  it("remembers what was not accepted yet", () => {
    const storage = createStorage("unsent");
    const message = { content: "hi", clientId: "a" };
    storage.settle("a", message);
    storage.settle("a", message);
    storage.settle("b", { ...message, clientId: "b" });
    storage.settle("b");
    expect(storage.unsent()).toEqual([message]);
  });
});
