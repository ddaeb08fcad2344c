/** The requests of the inbox. The session is a cookie; what changes something carries its token. */

import type { Changed, Loaded, Me, Page, View } from "./types";

const PATIENCE = 20_000;

export class Problem extends Error {
  constructor(
    /** 0: the server could not be reached. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type Api = ReturnType<typeof createApi>;

export function createApi(base: string) {
  let csrf = "";

  const request = async <R>(path: string, body?: object): Promise<R> => {
    let response: Response;
    try {
      response = await fetch(`${base}/api/${path}`, {
        method: body ? "POST" : "GET",
        headers: body ? { "content-type": "application/json", "x-csrf-token": csrf } : {},
        body: body && JSON.stringify(body),
        credentials: "same-origin",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      throw new Problem(0, "The server cannot be reached.");
    }
    const data = await response.json().catch(() => ({}));
    if (response.ok) return data;
    const { detail, title } = data as Record<string, string | undefined>;
    throw new Problem(response.status, detail || title || `HTTP ${response.status}`);
  };

  const query = (fields: Record<string, string | number | undefined>) => {
    const said = new URLSearchParams();
    for (const name in fields) if (fields[name]) said.set(name, `${fields[name]}`);
    return `${said}`;
  };
  const path = (id: string) => `conversations/${encodeURIComponent(id)}`;

  return {
    me: async (): Promise<Me> => {
      const me = await request<Me>("me");
      csrf = me.csrf;
      return me;
    },

    list: (view: View, q = "", before = ""): Promise<Page> =>
      request(`conversations?${query({ view, q, before })}`),

    /** `before`: the entries ahead of this one. */
    load: (id: string, before = 0): Promise<Loaded> => request(`${path(id)}?${query({ before })}`),

    act: (id: string, verb: string, body: object = {}): Promise<Changed> =>
      request(`${path(id)}/${verb}`, body),

    socketUrl: () => {
      const url = new URL(`${base}/ws`, location.href);
      url.protocol = url.protocol.replace("http", "ws");
      return url.href;
    },
  };
}
