/** What travels between the widget and the server. Everything optional may be missing. */

export type Data = Record<string, unknown>;

export interface Action {
  type: string;
  /** `done`, `failed` or `needs_confirmation`. */
  status: string;
  data: Data;
}

export interface Message {
  role: "customer" | "assistant" | "staff" | "system";
  content: string;
  seq?: number;
  id?: string;
  at?: string;
  clientId?: string;
  actions?: Action[];
  agentName?: string;
  /** Who came, or went. */
  joined?: string;
  left?: string;
  confirm?: string;
  /** The proposals that the customer declined before it. */
  voided?: string[];
}

export interface Outgoing {
  content: string;
  clientId: string;
  /** The proposal whose button the customer pressed. */
  confirm?: string;
}

/** One line of a streamed answer. */
export type StreamEvent =
  | { type: "chunk"; content: string }
  | { type: "action"; action: Action }
  | { type: "restart" }
  | Terminal;

export type Terminal =
  | { type: "done"; messageId: string | null; handedOff?: boolean }
  | { type: "error"; code?: string; message?: string; retryable?: boolean };

/** What a business tells its widget. A name is enough to chat. */
export interface Config {
  name?: string;
  greeting?: string;
  suggestions?: string[];
  theme?: { accent?: string };
  /** `changes`: when they open or close next. */
  hours?: { open?: boolean; text?: string; changes?: string };
  locale?: string;
  timezone?: string;
  currency?: string;
  features?: { stream?: boolean; websocket?: boolean };
  notice?: string;
  privacyUrl?: string;
  /** Where links in replies may lead. */
  linkHosts?: string[];
}

/** A message on the screen. */
export interface Entry {
  role: Message["role"] | "notice";
  text: string;
  at: number;
  /** `live`: still being written. */
  state: "sending" | "sent" | "failed" | "live" | "done";
  actions: Action[];
  seq?: number;
  id?: string;
  clientId?: string;
  agentName?: string;
  confirm?: string;
  /** Beside a failed or waiting message: why. */
  note?: string;
  /** Offers to try again: this message. */
  retry?: Entry;
}
