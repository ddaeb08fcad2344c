/** One message to the server and its answer back, whatever the network does in between. */

import { HttpError } from "../api";
import type { StreamEvent, Terminal } from "../types";
import { backoff, online, sleep } from "./backoff";
import { sseParser } from "./sse";

const TRIES = 3;
/** Once the server has the message, its answer is waited for through a restart: about a minute. */
const RESUMES = 15;
const LONGEST = 8_000;
/** Even an answer that advances a little each time ends some day. */
const TRIES_IN_ALL = 30;
/** A server that asks for more patience than this gets the customer's own retry. */
const PATIENCE = 30_000;
/** Longer than two heartbeats of the server. */
const SILENCE = 40_000;

/**
 * Resolves with the terminal event; throws when the tries are used up or make no sense.
 * `post` repeats the same POST, `lastId` telling where the answer was cut; `onAccepted`: the
 * server has the message; `onCut`: we wait before the next try, because the server wants us to
 * slow down (`limited`), or already for longer than a hiccup (`long`); `isOver`: the answer came by
 * another way.
 */
export async function stream(
  post: (lastId: string, signal: AbortSignal) => Promise<Response>,
  onAccepted: () => void,
  onCut: (limited: boolean, long: boolean) => void,
  onEvent: (event: StreamEvent) => void,
  isOver: () => boolean,
): Promise<Terminal> {
  let lastId = "";
  let tries = TRIES;
  let events = 0;
  for (let attempt = 1, total = 1; ; attempt++, total++) {
    const before = events;
    await online();
    const abort = new AbortController();
    try {
      const response = await post(lastId, abort.signal);
      tries = RESUMES;
      onAccepted();
      // Nothing to resume from: the server begins anew, and so do we.
      if (!lastId && events) onEvent({ type: "restart" });
      return await read(response, abort, (event, id) => {
        events++;
        lastId = id;
        onEvent(event);
      });
    } catch (error) {
      const { status = 0, wait = 0 } = error instanceof HttpError ? error : {};
      // What made progress has earned its tries anew.
      if (events > before) attempt = 1;
      const hopeless = (status && status < 500 && status !== 429) || wait > PATIENCE;
      if (hopeless || attempt >= tries || total >= TRIES_IN_ALL) throw error;
      onCut(status === 429, attempt >= TRIES);
      await sleep(Math.max(wait, Math.min(LONGEST, backoff(attempt))));
      if (isOver()) throw error;
    } finally {
      abort.abort();
    }
  }
}

async function read(
  response: Response,
  abort: AbortController,
  onEvent: (event: StreamEvent, id: string) => void,
): Promise<Terminal> {
  let end: Terminal | undefined;
  const parse = sseParser((data, id) => {
    const event = json(data) as StreamEvent | null;
    // A server that restarts answers after the restart, to the same message.
    if (event?.type === "error" && event.code === "restarting") throw new Error(event.code);
    if (event?.type === "done" || event?.type === "error") end ??= event;
    else if (event && !end) onEvent(event, id);
  });
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const silence = setTimeout(() => abort.abort(), SILENCE);
    const { value, done } = await reader.read().finally(() => clearTimeout(silence));
    parse(decoder.decode(value, { stream: true }));
    if (end) return end;
    if (done) throw new Error("cut");
  }
}

export function json(value: string | null): unknown {
  try {
    return JSON.parse(value ?? "");
  } catch {
    return null;
  }
}
