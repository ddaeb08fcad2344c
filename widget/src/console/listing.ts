/** The list of conversations as this tab knows it. */

import type { Counts, Item, Page, View } from "./types";
import { belongs, sorted } from "./views";

export type Listing = ReturnType<typeof createListing>;

export function createListing(me: string) {
  /** Everything heard of, in the list or not. */
  const known = new Map<string, Item>();
  let listed = new Set<string>();
  let view: View = "queued";
  let query = "";
  let counts: Counts = {};
  let more = false;
  let last = "";
  let state: "loading" | "ready" | "failed" = "loading";

  /** What is older than what is known came late, and is left out. */
  const take = (item: Item): boolean => {
    const before = known.get(item.id);
    if (before && Date.parse(before.updated) > Date.parse(item.updated)) return false;
    known.set(item.id, item);
    return true;
  };

  return {
    get: (id: string) => known.get(id),
    all: () => [...known.values()],
    view: () => view,
    query: () => query,
    counts: () => counts,
    more: () => more,
    state: () => state,

    show: (next: View, words: string) => {
      if (next !== view || words !== query) {
        listed = new Set();
        state = "loading";
        more = false;
      }
      view = next;
      query = words;
    },

    failed: () => {
      if (state === "loading") state = "failed";
    },

    /** A page from the server; the first one replaces what was listed. */
    page: (page: Page, first: boolean) => {
      if (first) listed = new Set();
      for (const item of page.conversations) {
        take(item);
        listed.add(item.id);
      }
      counts = { ...counts, ...page.counts };
      more = page.more;
      last = page.conversations[page.conversations.length - 1]?.id ?? "";
      state = "ready";
    },

    /** Something happened to these. In a search only what was found is kept up to date. */
    changed: (items: Item[], next?: Counts) => {
      for (const item of items) {
        if (!take(item) || query) continue;
        if (belongs(item, view, me)) listed.add(item.id);
        else listed.delete(item.id);
      }
      counts = { ...counts, ...next };
    },

    rows: (): Item[] => {
      const items = [...listed].map((id) => known.get(id)).filter((item): item is Item => !!item);
      return sorted(items, view);
    },

    /** Where the next page begins. */
    last: () => last,
  };
}
