import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Api, History } from "../src/api";
import { createChat, type Chat } from "../src/chat";
import { ENGLISH } from "../src/i18n";
import type { Message } from "../src/types";

/** The socket of the chat, in the hands of the test. */
class Line {
  static last: Line;
  readyState = 1;
  onmessage?: (event: { data: string }) => void;
  constructor() {
    Line.last = this;
  }
  close() {
    this.readyState = 3;
  }
  frame(event: string, data: object, seq?: number) {
    this.onmessage?.({ data: JSON.stringify({ event, data, seq }) });
  }
}

let chat: Chat;
let told: unknown[];

/** A chat that finds this history. */
async function open(history: Partial<History> = {}) {
  localStorage.setItem("frontdesk:test", JSON.stringify({ id: "c", token: "t" }));
  told = [];
  const api: Partial<Api> = {
    business: "test",
    history: async () => ({ messages: [], lastSeq: 0, ...history }),
    socketUrl: () => "ws://test",
  };
  chat = createChat(api as Api, {}, ENGLISH, () => undefined, (event, detail) =>
    told.push([event, detail]),
  );
  await chat.open();
}

const shown = () => chat.store.entries.map(({ role, text }) => `${role}: ${text}`);
const said = (role: Message["role"], seq: number, agentName?: string): Message => ({
  role,
  content: role,
  seq,
  id: `m${seq}`,
  agentName,
});

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("WebSocket", Line);
});

afterEach(() => {
  chat.stop();
  vi.unstubAllGlobals();
});

describe("a person", () => {
  it("joins, writes, speaks, and leaves", async () => {
    await open({ handedOff: true });
    expect(chat.state).toMatchObject({ handedOff: true, agent: "" });
    Line.last.frame("human_joined", { agentName: "Ana" }, 1);
    expect(chat.state).toMatchObject({ handedOff: true, agent: "Ana" });
    Line.last.frame("typing", { isTyping: true, isHuman: true });
    expect([chat.state.typing, chat.thinking()]).toEqual(["human", true]);
    Line.last.frame("message", said("staff", 2, "Ana"), 2);
    expect([chat.state.typing, chat.thinking()]).toEqual(["", false]);
    Line.last.frame("human_left", { agentName: "Ana" }, 3);
    Line.last.frame("message", said("system", 4), 4);
    expect(chat.state).toMatchObject({ handedOff: false, agent: "" });
    expect(shown()).toEqual([
      "notice: Ana joined",
      "staff: staff",
      "notice: Ana left",
      "system: system",
    ]);
    // Who joined and left is heard like what they say.
    expect(told).toHaveLength(4);
  });

  it("is not announced twice, and not again after a reconnect", async () => {
    await open();
    for (const seq of [1, 1, 2]) Line.last.frame("human_joined", { agentName: "Ana" }, seq);
    expect(shown()).toEqual(["notice: Ana joined"]);
  });

  it("who never came does not leave", async () => {
    await open({ handedOff: true });
    Line.last.frame("human_left", {}, 1);
    expect([chat.state.handedOff, shown()]).toEqual([false, []]);
  });

  it("without a name is one of the team", async () => {
    await open({ handedOff: true });
    Line.last.frame("human_joined", { agentName: "" }, 1);
    Line.last.frame("human_left", { agentName: "" }, 2);
    expect(shown()).toEqual(["notice: Team joined", "notice: Team left"]);
  });

  it("may be known by another name than the one who wrote before", async () => {
    await open({ handedOff: true, agentName: "Ben", messages: [said("staff", 1, "Ana")] });
    expect(chat.state.agent).toBe("Ben");
  });

  it("who wrote last is here, where the history does not say who is", async () => {
    const messages = [said("staff", 1, "Ana"), said("customer", 2)];
    await open({ handedOff: true, messages });
    expect(chat.state.agent).toBe("Ana");
    chat.stop();
    await open({ handedOff: true, messages: [...messages, said("assistant", 3)] });
    expect(chat.state.agent).toBe("");
    chat.stop();
    await open({ handedOff: true, agentName: null, messages });
    expect(chat.state.agent).toBe("");
    chat.stop();
    await open({ handedOff: false, messages });
    expect(chat.state.agent).toBe("");
  });

  it("tells after a reload who came and who went, once and in the widget's own words", async () => {
    const came = { ...said("system", 4), content: "Ana ist jetzt im Gespräch.", joined: "Ana" };
    const went = { ...said("system", 6), content: "Jemand hat es verlassen.", left: "" };
    await open({ messages: [said("customer", 3), came, said("staff", 5, "Ana"), went], lastSeq: 6 });
    Line.last.frame("human_joined", { agentName: "Ana" }, 4);
    expect(shown()).toEqual([
      "customer: customer",
      "system: Ana joined",
      "staff: staff",
      "system: Team left",
    ]);
  });
});
