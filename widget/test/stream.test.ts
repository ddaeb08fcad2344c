import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { HttpError } from "../src/api";
import { stream } from "../src/transport/stream";
import type { StreamEvent } from "../src/types";

const chunk = (id: number, content: string) =>
  `id: t.${id}\ndata: ${JSON.stringify({ type: "chunk", content })}\n\n`;
const DONE = 'id: t.9\ndata: {"type":"done","messageId":"m1","handedOff":false}\n\n';

/** A server that answers each POST with the next of these: text, or an error. */
function server(...answers: (string | Error)[]) {
  const posts: string[] = [];
  const post = async (lastId: string) => {
    posts.push(lastId);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return new Response(answer ?? "");
  };
  return { post, posts };
}

async function run(post: Parameters<typeof stream>[0], isOver = () => false) {
  const events: StreamEvent[] = [];
  const calls = { accepted: 0, limited: 0, long: 0 };
  const ending = stream(
    post,
    () => calls.accepted++,
    (limited, long) => {
      calls.limited += +limited;
      calls.long += +long;
    },
    (event) => events.push(event),
    isOver,
  );
  const end = await ending.catch((error: unknown) => error);
  return { events, end, ...calls };
}

const text = (events: StreamEvent[]) =>
  events.reduce(
    (all, event) =>
      event.type === "chunk" ? all + event.content : event.type === "restart" ? "" : all,
    "",
  );

describe("the streamed answer", () => {
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
  afterEach(() => void vi.restoreAllMocks());

  it("ends with done", async () => {
    const { post, posts } = server(chunk(1, "Hel") + chunk(2, "lo") + DONE);
    const { end, events, accepted } = await run(post);
    expect(end).toMatchObject({ type: "done", messageId: "m1" });
    expect([text(events), accepted, posts]).toEqual(["Hello", 1, [""]]);
  });

  it("resumes where it was cut", async () => {
    const { post, posts } = server(
      chunk(1, "Hel"),
      new TypeError("network"),
      chunk(2, "lo") + DONE,
    );
    const { end, events } = await run(post);
    expect(end).toMatchObject({ type: "done" });
    expect([text(events), posts]).toEqual(["Hello", ["", "t.1", "t.1"]]);
  });

  it("discards what it showed when it cannot resume", async () => {
    const { post } = server(
      'data: {"type":"chunk","content":"Hel"}\n\n',
      'data: {"type":"chunk","content":"Hello"}\n\n' + DONE,
    );
    expect(text((await run(post)).events)).toBe("Hello");
  });

  it("gives up after three tries when the server does not get the message", async () => {
    const { post, posts } = server(...Array.from({ length: 20 }, () => new TypeError("network")));
    const { end, accepted, long } = await run(post);
    expect(end).toBeInstanceOf(TypeError);
    expect([posts.length, accepted, long]).toEqual([3, 0, 0]);
  });

  it("goes through a restart of the server when that has the message", async () => {
    const down = Array.from({ length: 10 }, () => new TypeError("network"));
    const { post, posts } = server(chunk(1, "Hel"), ...down, chunk(2, "lo") + DONE);
    const { end, events, long } = await run(post);
    expect(end).toMatchObject({ type: "done" });
    expect([text(events), posts.at(-1), posts.length]).toEqual(["Hello", "t.1", 12]);
    expect(long).toBeGreaterThan(0);
    const away = server("", ...Array.from({ length: 50 }, () => new HttpError(503)));
    expect((await run(away.post)).end).toMatchObject({ status: 503 });
    expect(away.posts).toHaveLength(15);
  });

  it("stops when the answer has come by another way", async () => {
    const { post, posts } = server("", DONE);
    expect((await run(post, () => true)).end).toBeInstanceOf(Error);
    expect(posts).toHaveLength(1);
  });

  it("does not give up while the answer advances, nor advance for ever", async () => {
    const cuts = Array.from({ length: 6 }, (_, i) => chunk(i, "x"));
    const { post } = server(...cuts, DONE);
    expect((await run(post)).end).toMatchObject({ type: "done" });
    const endless = server(...Array.from({ length: 50 }, (_, i) => chunk(i, "x")));
    expect((await run(endless.post)).end).toBeInstanceOf(Error);
    expect(endless.posts).toHaveLength(30);
  });

  it.each([400, 401, 403, 404, 409, 413])(
    "does not repeat what was refused: %i",
    async (status) => {
      const { post, posts } = server(new HttpError(status), DONE);
      expect((await run(post)).end).toMatchObject({ status });
      expect(posts).toHaveLength(1);
    },
  );

  it("waits when it is told to, but not for ever", async () => {
    const patient = server(new HttpError(429, 20), new HttpError(503), DONE);
    const { end, limited } = await run(patient.post);
    expect([end, limited]).toEqual([expect.objectContaining({ type: "done" }), 1]);
    expect((await run(server(new HttpError(429, 60_000)).post)).end).toMatchObject({ status: 429 });
  });

  it("ends with an error event, and goes through a restart of the server", async () => {
    const error = 'data: {"type":"error","code":"x","message":"No","retryable":true}\n\n';
    expect((await run(server(error).post)).end).toMatchObject({ type: "error", message: "No" });
    const restarting = 'data: {"type":"error","code":"restarting","retryable":true}\n\n';
    expect((await run(server(restarting, DONE).post)).end).toMatchObject({ type: "done" });
  });

  it("ignores event types of a later server, and lines that are not JSON", async () => {
    const { post } = server(
      'data: {"type":"mood","x":1}\n\ndata: {oops\n\n' + chunk(1, "ok") + DONE,
    );
    expect(text((await run(post)).events)).toBe("ok");
  });
});
