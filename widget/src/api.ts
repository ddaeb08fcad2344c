/** The requests of the widget. */

import { retryAfter } from "./transport/backoff";
import type { Config, Message, Outgoing } from "./types";

export class HttpError extends Error {
  constructor(
    readonly status: number,
    /** Milliseconds the server asked us to wait. */
    readonly wait = 0,
    /** What the business says to the customer, when its chat is switched off. */
    readonly words = "",
  ) {
    super(`HTTP ${status}`);
  }
}

export interface Conversation {
  id: string;
  token: string;
  greeting?: string;
}

export interface History {
  messages: Message[];
  lastSeq: number;
  handedOff?: boolean;
  /** Who of the business has joined; null: nobody. */
  agentName?: string | null;
}

export type Api = ReturnType<typeof createApi>;

export function createApi(base: string, business: string) {
  const request = async (
    path: string,
    token?: string,
    body?: unknown,
    lastId?: string,
    signal?: AbortSignal,
  ) => {
    const headers: Record<string, string> = {};
    if (body) headers["content-type"] = "application/json";
    if (token) headers.authorization = `Bearer ${token}`;
    if (lastId) headers["last-event-id"] = lastId;
    const response = await fetch(`${base}/widget/${path}`, {
      method: body ? "POST" : "GET",
      body: body ? JSON.stringify(body) : undefined,
      headers,
      signal,
      credentials: "omit",
    });
    if (response.ok) return response;
    const { detail = "" } = response.status === 503 ? await response.json().catch(() => ({})) : {};
    throw new HttpError(response.status, retryAfter(response.headers.get("retry-after")), detail);
  };
  const json = async (...args: Parameters<typeof request>) => (await request(...args)).json();
  const path = (id: string, rest: string) => `conversations/${encodeURIComponent(id)}/${rest}`;

  return {
    business,
    config: (): Promise<Config> => json(`config?business=${encodeURIComponent(business)}`),

    /** An earlier token keeps the visitor: the new conversation is theirs as well. */
    create: (token?: string): Promise<Conversation> => json("conversations", token, { business }),

    history: ({ id, token }: Conversation, after: number): Promise<History> =>
      json(path(id, `messages?after=${after}`), token),

    stream: ({ id, token }: Conversation, body: Outgoing, lastId: string, signal: AbortSignal) =>
      request(path(id, "messages/stream"), token, body, lastId, signal),

    socketUrl: ({ id }: Conversation, after: number) =>
      `${base.replace(/^http/, "ws")}/widget/${path(id, `ws?after=${after}`)}`,
  };
}
