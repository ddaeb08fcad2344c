/** What was begun and not sent, for each conversation, as long as the tab lives. */

const KEY = "frontdesk:drafts";

export interface Draft {
  kind: "staff" | "note";
  text: string;
}

export type Drafts = ReturnType<typeof createDrafts>;

/** Where storage is blocked, memory serves. */
export function createDrafts(storage: Pick<Storage, "getItem" | "setItem"> = sessionStorage) {
  let drafts: Record<string, Draft> = {};
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? "{}");
    if (stored && typeof stored === "object" && !Array.isArray(stored))
      drafts = stored as Record<string, Draft>;
  } catch {
    // as if there were none
  }

  return {
    load: (conversation: string): Draft => {
      const { kind, text } = drafts[conversation] ?? {};
      return {
        kind: kind === "note" ? "note" : "staff",
        text: typeof text === "string" ? text : "",
      };
    },
    has: (conversation: string) => !!drafts[conversation]?.text,
    save: (conversation: string, draft: Draft) => {
      if (draft.text.trim()) drafts[conversation] = draft;
      else delete drafts[conversation];
      try {
        storage.setItem(KEY, JSON.stringify(drafts));
      } catch {
        // full or forbidden: kept in memory
      }
    },
  };
}
