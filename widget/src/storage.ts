/** What a visit leaves in the browser, per business. Where storage is blocked, memory serves. */

import { json } from "./transport/stream";
import type { Outgoing } from "./types";

export interface Saved {
  id?: string;
  /** Outlives its conversation: it keeps the visitor. */
  token?: string;
  open?: boolean;
  lastSeq?: number;
}

export type Storage = ReturnType<typeof createStorage>;

export function createStorage(business: string) {
  const key = `frontdesk:${business}`;
  const memory: Record<string, string> = {};

  const read = (kind: "localStorage" | "sessionStorage"): unknown => {
    try {
      return json(window[kind].getItem(key));
    } catch {
      return json(memory[kind] ?? null);
    }
  };
  const write = (kind: "localStorage" | "sessionStorage", value: unknown) => {
    const text = JSON.stringify(value);
    try {
      window[kind].setItem(key, text);
    } catch {
      memory[kind] = text;
    }
  };

  const load = (): Saved => (read("localStorage") as Saved | null) ?? {};
  const unsent = (): Outgoing[] => {
    const list = read("sessionStorage");
    return Array.isArray(list) ? list : [];
  };

  return {
    key,
    load,
    save: (patch: Saved) => write("localStorage", { ...load(), ...patch }),
    /** Messages of this tab that the server has not accepted yet; a reload must not lose them. */
    unsent,
    settle: (clientId: string | undefined, message?: Outgoing) => {
      const rest = unsent().filter((item) => item.clientId !== clientId);
      write("sessionStorage", message ? [...rest, message] : rest);
    },
  };
}
