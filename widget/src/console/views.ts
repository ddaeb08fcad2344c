/** The tabs of the list: what belongs into each, in which order. */

import type { Item, View } from "./types";

export const VIEWS: [view: View, title: string][] = [
  ["queued", "Queued"],
  ["mine", "Mine"],
  ["bot", "Assistant"],
  ["all", "All"],
  ["resolved", "Resolved"],
];

export function isMine(item: Item, me: string): boolean {
  return item.status === "human" && item.agent?.id === me;
}

export function belongs(item: Item, view: View, me: string): boolean {
  if (view === "mine") return isMine(item, me);
  if (view === "all") return item.status !== "resolved";
  return item.status === view;
}

export function isUrgent({ urgency }: Item): boolean {
  return urgency === "urgent";
}

const REASONS: Record<string, string> = {
  wants_person: "wants a person",
  cannot_help: "the assistant cannot help",
};

/** Why it changed hands, as people say it: the assistant's reasons are names. */
export function because(reason: string): string {
  return REASONS[reason] ?? (/^[a-z_]+$/.test(reason) ? reason.replace(/_/g, " ") : reason);
}

/** Who waits comes first where staff are the ones waited for; elsewhere what is newest. */
export function sorted(items: Item[], view: View): Item[] {
  const waits = view === "queued" || view === "mine";
  const place = (item: Item): [number, number, number] => [
    waits && isUrgent(item) ? 0 : 1,
    (waits && Date.parse(item.waitingSince ?? "")) || Infinity,
    -Date.parse(item.updated),
  ];
  const keyed = items.map((item) => ({ item, key: place(item) }));
  keyed.sort((one, other) => {
    for (const at of [0, 1, 2] as const) {
      const [a, b] = [one.key[at], other.key[at]];
      if (a !== b) return a < b ? -1 : 1;
    }
    return one.item.id < other.item.id ? -1 : 1;
  });
  return keyed.map(({ item }) => item);
}
