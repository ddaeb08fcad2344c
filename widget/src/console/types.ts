/** What travels between the inbox and the server. */

import type { Data } from "../types";

export type Status = "bot" | "queued" | "human" | "snoozed" | "resolved";
export type View = "queued" | "mine" | "bot" | "all" | "resolved";

export interface Person {
  id: string;
  name: string;
}

export interface Colleague extends Person {
  isPresent: boolean;
}

export interface Canned {
  id: string;
  shortcut: string;
  text: string;
}

export interface Me {
  staff: Person & { role: string };
  business: Person & { locale?: string; timezone?: string; currency?: string };
  colleagues: Colleague[];
  canned: Canned[];
  csrf: string;
}

export interface Contact {
  id: string;
  name?: string | null;
  phone?: string | null;
  email?: string | null;
  phoneVerified?: boolean;
}

/** A conversation as the list shows it. */
export interface Item {
  id: string;
  channel: string;
  status: Status;
  agent: Person | null;
  contact: Contact;
  preview: string;
  previewRole: string;
  /** RFC 3339: the oldest words of the customer that nobody answered. */
  waitingSince: string | null;
  unread: number;
  updated: string;
  reason: string;
  urgency: string;
  snoozedUntil: string | null;
}

export interface Entry {
  seq: number;
  id: string;
  at: string;
  kind: "customer" | "assistant" | "staff" | "note" | "system" | "status" | "call";
  text: string;
  agentName?: string;
  clientId?: string;
  call?: { tool: string; status: string; arguments?: Data; data?: Data; problems?: string[] };
  status?: { to: Status; before?: string; reason?: string; agentName?: string; until?: string };
  delivery?: { state: string; error?: string };
}

export interface Section {
  title: string;
  rows: { text: string; detail?: string; status?: string; href?: string }[];
}

export interface Customer extends Contact {
  consent?: "in" | "out" | "unknown";
  language?: string;
  sections: Section[];
  previous: { id: string; channel: string; status: Status; updated: string; preview: string }[];
}

export type Counts = Partial<Record<View, number>>;

export interface Page {
  conversations: Item[];
  counts: Counts;
  more: boolean;
}

export interface Loaded {
  conversation: Item;
  entries: Entry[];
  lastSeq: number;
  hasEarlier: boolean;
  customer: Customer;
}

/** What a change answers, and what the socket tells of the open conversation. */
export interface Changed {
  conversation: Item;
  entries: Entry[];
}

export interface Viewer extends Person {
  isTyping: boolean;
}

export interface Words {
  conversation: string;
  turnId: string;
  chunk: string;
  offset: number;
}
