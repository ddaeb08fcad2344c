/** What staff can do with a conversation, by whose it is. */

import type { Item, Person } from "./types";

export type Verb =
  "accept" | "take_over" | "reopen" | "hand_back" | "resolve" | "assign" | "snooze" | "block";

export interface Action {
  verb: Verb;
  title: string;
  /** The one that is most likely next. */
  isMain?: boolean;
}

const TITLES: Record<Verb, string> = {
  accept: "Accept",
  take_over: "Take over",
  reopen: "Reopen",
  hand_back: "Hand back",
  resolve: "Resolve",
  assign: "Assign",
  snooze: "Snooze",
  block: "Block",
};

export interface Member extends Person {
  role: string;
}

/** The first is the main one. What a colleague has, only those who manage give to another. */
export function actions(item: Item, me: Member): Action[] {
  const { status, agent } = item;
  const verbs: Record<Item["status"], Verb[]> = {
    bot: ["take_over", "resolve", "assign", "block"],
    queued: ["accept", "hand_back", "resolve", "assign", "snooze", "block"],
    human: ["resolve", "hand_back", "assign", "snooze", "block"],
    snoozed: ["take_over", "resolve", "assign", "block"],
    resolved: ["take_over", "reopen", "block"],
  };
  const theirs: Verb[] = me.role === "agent" ? [] : ["assign"];
  const mine = !agent || agent.id === me.id;
  return (mine ? verbs[status] : theirs).map((verb, at) => ({
    verb,
    title: TITLES[verb],
    isMain: !at,
  }));
}

/** What has to be done before a reply may go out; "" nothing, null: it is somebody else's. */
export function firstStep({ status, agent }: Item, me: string): "" | "accept" | "take_over" | null {
  if (agent && agent.id !== me) return null;
  if (status === "queued") return "accept";
  return status === "human" ? "" : "take_over";
}
