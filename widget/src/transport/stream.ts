/** One message to the server and its answer back, whatever the network does in between. */

import { HttpError } from "../api";
import type { StreamEvent, Terminal } from "../types";
import { backoff, online, sleep } from "./backoff";
import { sseParser } from "./sse";

const TRIES = 3;
/** Even an answer that advances a little each time ends some day. */
const TRIES_IN_ALL = 15;
/** A server that asks for more patience than this gets the customer's own retry. */
const PATIENCE = 30_000;
/** Longer than two heartbeats of the server. */
const SILENCE = 40_000;

/**
 * Resolves with the terminal event; throws when the tries are used up or make no sense.
 * `post` repeats the same POST, `lastId` telling where the answer was cut; `onAccepted`: the
 * server has the message; `onLimited`: it wants us to slow down, and we wait.
 */
export async function stream(
  post: (lastId: string, signal: AbortSignal) => Promise<Response>,
  onAccepted: () => void,
  onLimited: () => void,
  onEvent: (event: StreamEvent) => void,
): Promise<Terminal> {
  let lastId = "";
  let events = 0;
  for (let attempt = 1, total = 1; ; attempt++, total++) {
    const before = events;
    await online();
    const abort = new AbortController();
    try {
      const response = await post(lastId, abort.signal);
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
      if (hopeless || attempt >= TRIES || total >= TRIES_IN_ALL) throw error;
      if (status === 429) onLimited();
      await sleep(Math.max(wait, backoff(attempt)));
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
