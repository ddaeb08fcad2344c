/**
 * Replies while they are being written.
 *
 * One turn can reach this tab twice: on the stream of the message that it answers and on the
 * socket; and two messages sent in a row are answered by one turn on two streams. One reply at a
 * time is on stage; the others gather text unseen and, when they end, turn out to be an echo of
 * what was shown, or a reply of their own.
 */

import type { Store } from "./store";
import type { Action, Entry, Message } from "./types";

/** How long a shown reply can still be echoed by a source that carries no message id. */
const ECHO = 20_000;

/** The source that is not the answer to a message of this tab. */
export const SOCKET = "socket";

export type Replies = ReturnType<typeof createReplies>;
export type Reply = ReturnType<Replies["start"]>;

interface Draft {
  from: string;
  since: number;
  text: string;
  actions: Action[];
  /** Complete, but not shown while another is on stage. */
  end?: Message;
  /** Its line is broken: the socket may tell the rest. */
  lost?: boolean;
  /** Its line stays broken. */
  over?: boolean;
}

/** `onReply`: a reply is complete and was not here before. */
export function createReplies(store: Store, onReply: (entry: Entry) => void) {
  let stage: Draft | undefined;
  let entry: Entry | undefined; // of the stage
  const open = new Set<Draft>();
  let shown: { entry: Entry; from: string; at: number }[] = [];

  const clearStage = () => {
    stage = entry = undefined;
    for (const draft of [...open]) draft.end ? finish(draft, draft.end) : changed(draft);
  };

  const changed = (draft: Draft) => {
    if (!open.has(draft)) return;
    const { text, actions, since, from } = draft;
    if (text || actions.length) makeRoom(draft);
    // The stream of one's own message is the better source: its end cannot be missed. Where it is
    // broken the socket goes on, but not before it tells something new.
    if (stage && text)
      if (from === SOCKET ? stage.lost && !stage.text.startsWith(text) : stage.from === SOCKET)
        stage = draft;
    if (stage === draft && entry) return store.update(entry, { text, actions });
    // So far it repeats a reply that ended after this one began.
    const echo = shown.some(
      ({ entry: { text: known }, at }) => at >= since && known.startsWith(text),
    );
    if (stage || echo || !(text || actions.length)) return;
    stage = draft;
    entry = store.add({ role: "assistant", state: "live", text, actions });
  };

  /** What is over on its own line does not stand in the way of the reply to a later message. */
  const makeRoom = (draft: Draft): boolean => {
    if (open.has(draft) && stage?.over && stage !== draft && draft.from !== SOCKET) drop(stage);
    return open.has(draft);
  };

  /** Given up: what was shown of it disappears. */
  const drop = (draft: Draft) => {
    if (draft.end || !open.delete(draft) || stage !== draft) return;
    store.remove(entry);
    clearStage();
  };

  const remember = (done: Entry, from: string) => {
    shown = shown.filter(({ at }) => Date.now() - at < ECHO);
    shown.push({ entry: done, from, at: Date.now() });
    onReply(done);
  };

  const finish = (draft: Draft, part: Partial<Message>) => {
    if (!makeRoom(draft)) return;
    const actions = part.actions?.length ? part.actions : draft.actions;
    const end: Message = {
      role: "assistant",
      ...part,
      content: part.content ?? draft.text,
      actions,
    };
    const { id, seq, content: text } = end;
    // A reply that is whole, and new, completes what broken lines have begun.
    if (draft.from === SOCKET && !store.find({ id, seq }))
      for (const other of open) {
        if (!other.lost) continue;
        open.delete(other);
        if (stage === other) stage = draft;
      }
    if (stage && stage !== draft) {
      draft.end = end;
      return;
    }
    open.delete(draft);
    if (!text && !actions.length) store.remove(entry);
    else if (entry) {
      if (store.find({ id, seq })) store.remove(entry);
      else {
        store.update(entry, { id, seq, text, actions, state: "done" });
        remember(entry, draft.from);
      }
    } else settle(draft.from, end);
    clearStage();
  };

  /** A reply that was never on stage: an echo, known, or new. */
  const settle = (from: string, message: Message) => {
    const { id, seq, content } = message;
    const echo = shown.find(
      ({ entry: known, from: source, at }) =>
        !(known.id && id) && source !== from && known.text === content && Date.now() - at < ECHO,
    );
    if (echo)
      return store.update(echo.entry, { id: id ?? echo.entry.id, seq: seq ?? echo.entry.seq });
    const { entry: merged, fresh } = store.merge(message);
    if (fresh) remember(merged, from);
  };

  const begin = (from: string): Draft => {
    const draft = { from, since: Date.now(), text: "", actions: [] };
    open.add(draft);
    return draft;
  };

  const start = (from: string) => {
    const draft = begin(from);
    return {
      /** `offset`, in code points: where this piece belongs, for sources that repeat themselves. */
      chunk: (piece: string, offset?: number) => {
        const before = [...draft.text];
        // A piece behind a gap is of no use: the whole text comes with the end.
        if ((offset ?? 0) > before.length) return;
        draft.text = before.slice(0, offset).join("") + piece;
        draft.lost = false;
        changed(draft);
      },
      action: (action: Action) => {
        const same = JSON.stringify(action);
        if (draft.actions.some((known) => JSON.stringify(known) === same)) return;
        draft.actions = [...draft.actions, action];
        changed(draft);
      },
      restart: () => {
        draft.text = "";
        draft.lost = false;
        changed(draft);
      },
      finish: (part: Partial<Message>) => finish(draft, part),
      drop: () => drop(draft),
      /** The line broke. What is shown stays, for the line or the socket to complete. */
      lost: (over = false) => {
        Object.assign(draft, { lost: true, over });
        for (const other of [...open]) if (other.end) finish(other, other.end);
        if (over && stage !== draft) drop(draft);
      },
      /** Neither complete nor given up nor completed by the socket. */
      open: () => open.has(draft) && !draft.end,
    };
  };

  return {
    start,
    /** From the history. */
    stored: (message: Message) => {
      const completes = stage?.lost && message.role === "assistant" && !store.find(message);
      if (completes) finish(begin(SOCKET), message);
      else store.merge(message);
    },
    visible: () => !!stage,
    reset: () => {
      open.clear();
      shown = [];
      stage = entry = undefined;
    },
  };
}
