/** What arrives on the socket, put into the list and the open conversation. */

import type { Frame } from "../transport/socket";
import { calls } from "./alerts";
import type { Listing } from "./listing";
import type { State } from "./session";
import * as threads from "./thread";
import type { Changed, Colleague, Counts, Item, Viewer, Words } from "./types";

interface Frames {
  changed: { conversations: Item[]; counts: Counts };
  /** Of the conversation that is open. */
  entries: Changed;
  chunk: Words;
  restart: { conversation: string; turnId: string };
  typing: { conversation: string; isTyping: boolean; who: "customer" | "staff"; name: string };
  viewing: { conversation: string; staff: Viewer[] };
  presence: { staff: Colleague[] };
}

export interface Doors {
  me: string;
  state: State;
  listing: Listing;
  heard(changed: Changed): void;
  see(): void;
  call(item: Item): void;
}

export function createFrames({ me, state, listing, heard, see, call }: Doors) {
  const opened = (conversation: string) =>
    state.thread?.id === conversation ? state.thread : undefined;

  const handlers: { [Event in keyof Frames]: (data: Frames[Event]) => void } = {
    changed: ({ conversations, counts }) => {
      const before = conversations.map(({ id }) => listing.get(id));
      listing.changed(conversations, counts);
      conversations.forEach((item, at) => {
        const thread = opened(item.id);
        if (thread) threads.taken(thread, item);
        const isWatched = thread && !document.hidden;
        if (!isWatched && calls(before[at], item, me)) call(item);
      });
      see();
    },
    entries: heard,
    chunk: (words) => {
      const thread = opened(words.conversation);
      if (thread?.state === "ready") threads.speak(thread, words);
    },
    restart: ({ conversation, turnId }) => {
      const thread = opened(conversation);
      if (thread) threads.restart(thread, turnId);
    },
    typing: ({ conversation, isTyping, who }) => {
      const thread = opened(conversation);
      // Of colleagues `viewing` tells.
      if (thread && who === "customer") threads.typing(thread, isTyping);
    },
    viewing: ({ conversation, staff }) => {
      const thread = opened(conversation);
      if (thread) thread.viewing = staff.filter(({ id }) => id !== me);
    },
    presence: ({ staff }) => {
      state.colleagues = staff;
    },
  };

  return {
    /** Unknown events are ignored. */
    receive: ({ event, data = {} }: Frame) =>
      (handlers as Record<string, (data: unknown) => void>)[event]?.(data),
  };
}
