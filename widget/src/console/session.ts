/** The inbox of one member of staff: requests out, frames in, one state. It knows no page. */

import { plain } from "../markdown";
import { openSocket, type Socket } from "../transport/socket";
import { firstStep } from "./actions";
import { Problem, type Api } from "./api";
import { createFrames } from "./frames";
import { createListing } from "./listing";
import { createSending } from "./sending";
import * as threads from "./thread";
import type { Thread } from "./thread";
import type { Changed, Colleague, Entry, Item, Me, View } from "./types";

const SETTLE = 5_000;

export interface State {
  thread: Thread | null;
  colleagues: Colleague[];
  isAway: boolean;
  /** The live line has been down for a while. */
  slow: boolean;
  /** What went wrong, until it is read. */
  error: string;
  /** A change that is under way. */
  busy: string;
}

export interface Tell {
  /** For ears: what a glance would show. */
  say(words: string): void;
  signedOut(): void;
  /** Somebody needs staff. */
  call(item: Item): void;
}

export type Session = ReturnType<typeof createSession>;

/** `changed`: something can be seen. */
export function createSession(api: Api, me: Me, changed: () => void, tell: Tell) {
  const mine = me.staff.id;
  const listing = createListing(mine);
  const state: State = {
    thread: null,
    colleagues: me.colleagues,
    isAway: false,
    slow: false,
    error: "",
    busy: "",
  };
  let socket: Socket | undefined;
  let connections = 0;
  let asked = 0;
  let seen = 0;

  const wrong = (error: unknown) => {
    const problem = error instanceof Problem ? error : new Problem(0, `${error}`);
    if (problem.status === 401) tell.signedOut();
    state.error = problem.message;
    changed();
  };

  /** Takes in what became of a conversation, whoever did it. */
  const heard = ({ conversation, entries }: Changed) => {
    listing.changed([conversation]);
    const { thread } = state;
    if (thread?.id === conversation.id && thread.state === "ready") {
      announce(threads.changed(thread, { conversation, entries }, me.staff.name));
      see();
    }
    changed();
  };

  const announce = (fresh: Entry[]) => {
    for (const { kind, text, agentName } of fresh) {
      if (kind === "customer") tell.say(`${nameOf(state.thread?.item)}: ${text}`);
      else if (kind === "assistant" && text) tell.say(`Assistant: ${plain(text)}`);
      else if (kind === "staff" && agentName !== me.staff.name) tell.say(`${agentName}: ${text}`);
    }
  };

  const sending = createSending(api, changed, heard, (conversation, problem) => {
    if (problem.status === 409 || problem.status === 401) wrong(problem);
    if (problem.status === 409) void reload();
    if (state.thread?.id !== conversation)
      state.error = `A message to ${nameOf(listing.get(conversation))} was not sent.`;
  });

  /** Whoever comes to an empty queue sees what there is instead. */
  const first = async () => {
    await list();
    const { queued, mine: own, all } = listing.counts();
    if (queued || listing.view() !== "queued" || !(own || all)) return;
    listing.show(own ? "mine" : "all", "");
    await list();
  };

  const list = async (more = false) => {
    const ask = ++asked;
    try {
      const before = more ? listing.last() : "";
      const page = await api.list(listing.view(), listing.query(), before);
      if (ask === asked) listing.page(page, !more);
    } catch (error) {
      if (ask === asked) listing.failed();
      wrong(error);
    }
    changed();
  };

  const refresh = async (thread: Thread) => {
    const page = await api.load(thread.id);
    if (state.thread !== thread) return false;
    threads.loaded(thread, page, me.staff.name);
    listing.changed([page.conversation]);
    changed();
    return true;
  };

  /** What becomes of a text message is no event of its conversation: it is asked for a while. */
  const settle = () => {
    const { thread } = state;
    if (thread && !document.hidden && threads.isUnderWay(thread)) refresh(thread).catch(() => {});
  };

  const reload = async () => {
    const { thread } = state;
    if (!thread) return;
    try {
      if (!(await refresh(thread))) return;
      socket?.send("open", { conversation: thread.id, after: thread.lastSeq });
      see();
    } catch (error) {
      if (state.thread !== thread) return;
      if (error instanceof Problem && error.status === 401) return tell.signedOut();
      if (thread.state === "ready") return;
      thread.state = "failed";
      thread.why = error instanceof Error ? error.message : "";
    }
    changed();
  };

  /** Tells the server how far has been read: what is on a screen that somebody looks at. */
  const see = () => {
    const { thread } = state;
    if (!thread?.item || thread.state !== "ready" || document.hidden) return;
    if (!thread.item.unread || thread.lastSeq <= seen) return;
    seen = thread.lastSeq;
    api.act(thread.id, "seen", { seq: seen }).then(
      ({ conversation }) => {
        listing.changed([conversation]);
        if (state.thread === thread) threads.taken(thread, conversation);
        changed();
      },
      () => (seen = 0),
    );
  };
  document.addEventListener("visibilitychange", see);

  const frames = createFrames({ me: mine, state, listing, heard, see, call: tell.call });

  /** Every time the line is there again: what was missed is asked for. */
  const connected = () => {
    if (state.isAway) socket?.send("away", { isAway: true });
    const { thread } = state;
    if (thread?.state === "ready")
      socket?.send("open", { conversation: thread.id, after: thread.lastSeq });
    if (connections++) void list();
  };

  const lost = () => {
    if (state.thread) Object.assign(state.thread, { viewing: [], typing: 0 });
    changed();
  };

  return {
    me,
    state,
    listing,
    list,
    reload,

    start: () => {
      socket = openSocket(
        api.socketUrl,
        ["frontdesk.console.v1"],
        (frame) => {
          frames.receive(frame);
          changed();
        },
        lost,
        (slow) => {
          state.slow = slow;
          if (!slow) connected();
          changed();
        },
        (code) => {
          if (code === 4401) return tell.signedOut();
          state.error = "This page gets no news any more. Load it again.";
          changed();
        },
      );
      void first();
      setInterval(settle, SETTLE);
    },

    show: (view: View, query: string) => {
      listing.show(view, query);
      changed();
      return list();
    },

    open: (id: string) => {
      if (state.thread?.id === id) return;
      seen = 0;
      state.error = "";
      state.thread = threads.openThread(id, listing.get(id), sending.of(id));
      changed();
      return reload();
    },

    close: () => {
      if (!state.thread) return;
      state.thread = null;
      socket?.send("close");
      changed();
    },

    earlier: async () => {
      const { thread } = state;
      const [first] = thread?.entries ?? [];
      if (!thread || !first) return;
      try {
        threads.earlier(thread, await api.load(thread.id, first.seq));
      } catch (error) {
        wrong(error);
      }
      changed();
    },

    /** True when it was done. */
    act: async (verb: string, body: object = {}): Promise<boolean> => {
      const { thread } = state;
      if (!thread || state.busy) return false;
      state.busy = verb;
      state.error = "";
      changed();
      try {
        heard(await api.act(thread.id, verb, body));
        return true;
      } catch (error) {
        wrong(error);
        if (error instanceof Problem && error.status === 409) void reload();
        return false;
      } finally {
        state.busy = "";
        changed();
      }
    },

    send: (kind: "staff" | "note", text: string) => {
      const { thread } = state;
      if (!thread?.item) return;
      const first = kind === "note" ? "" : (firstStep(thread.item, mine) ?? "");
      sending.send(thread.id, kind, text, first);
    },
    isBusy: sending.isBusy,
    retry: (one: threads.Pending) => {
      const { thread } = state;
      if (!thread?.item) return;
      const first = one.kind === "note" ? "" : (firstStep(thread.item, mine) ?? "");
      sending.retry(thread.id, one, first);
    },
    discard: (one: threads.Pending) => state.thread && sending.discard(state.thread.id, one),

    typing: (isTyping: boolean) =>
      state.thread && socket?.send("typing", { conversation: state.thread.id, isTyping }),

    /** Somebody is at the keyboard: the server takes long silence for absence. */
    active: () => socket?.send("away", { isAway: state.isAway }),

    away: (isAway: boolean) => {
      state.isAway = isAway;
      socket?.send("away", { isAway });
      changed();
    },

    dismiss: () => {
      state.error = "";
      changed();
    },
  };
}

export function nameOf(item: Item | undefined): string {
  return item?.contact.name || item?.contact.phone || "Visitor";
}
