/** One conversation: sending, receiving, resuming, starting over. It knows nothing of the page. */

import { HttpError, type Api, type Conversation } from "./api";
import { createDelivery } from "./delivery";
import { createFrames } from "./frames";
import { fill, T, type Strings } from "./i18n";
import { randomId } from "./ids";
import { createReplies } from "./replies";
import { createStorage } from "./storage";
import { createStore } from "./store";
import { openSocket, type Socket } from "./transport/socket";
import type { Config, Entry } from "./types";

/** An answer with fewer messages than this was the last of the history. */
const PAGE = 50;

export interface State {
  /** Whether someone is writing: the model, or a person of the business. */
  typing: "" | "bot" | "human";
  /** A person has been asked for, or is here. */
  handedOff: boolean;
  agent: string;
  /** The live line has been down for a while. */
  slow: boolean;
  /** An answer broke off and cannot be resumed yet. */
  cut: boolean;
  /** The greeting that came with the conversation. */
  greeting: string;
}

export type Chat = ReturnType<typeof createChat>;
export type Tell = (event: string, detail?: unknown) => void;

/** `changed`: something can be seen; `tell`: something happened that the page may want to know. */
export function createChat(api: Api, config: Config, t: Strings, changed: () => void, tell: Tell) {
  const storage = createStorage(api.business);
  const store = createStore(changed);
  const state: State = { typing: "", handedOff: false, agent: "", slow: false, cut: false, greeting: "" };
  let socket: Socket | undefined;
  let creating: Promise<Conversation> | undefined;
  let opened = false;

  const set = (patch: Partial<State>) => {
    Object.assign(state, patch);
    changed();
  };

  /** A reply, of the model or of staff, that was not here before. */
  const received = (entry: Entry) => {
    tell("message", { role: entry.role, content: entry.text, id: entry.id });
    for (const action of entry.actions) tell("action", action);
  };

  const replies = createReplies(store, received);

  const known = (): Conversation | undefined => {
    const { id, token } = storage.load();
    return id && token ? { id, token } : undefined;
  };

  const lastSeq = () => storage.load().lastSeq ?? 0;

  const advance = (seq: number) => {
    if (seq > lastSeq()) storage.save({ lastSeq: seq });
  };

  const disconnect = () => {
    socket?.stop();
    socket = undefined;
    frames.lost();
    set({ slow: false });
  };

  const connect = () => {
    const conversation = known();
    if (!conversation || socket || config.features?.websocket === false) return;
    socket = openSocket(
      () => api.socketUrl(conversation, lastSeq()),
      ["frontdesk.v1", conversation.token],
      frames.receive,
      frames.lost,
      (slow) => set({ slow }),
      (code) => {
        disconnect();
        // The next message makes a new conversation.
        if (code === 4401 || code === 4404) storage.save({ id: "", token: "" });
      },
    );
  };

  const load = async () => {
    const conversation = known();
    if (!conversation) return;
    storage.save({ lastSeq: 0 });
    try {
      for (let count = PAGE; count >= PAGE;) {
        const {
          messages,
          lastSeq: last,
          handedOff = state.handedOff,
          agentName,
        } = await api.history(conversation, lastSeq());
        for (const { joined, left = joined, ...message } of messages) {
          if (left !== undefined)
            message.content = fill(t[joined === undefined ? T.left : T.joined], left || t[T.team]);
          replies.stored(message);
        }
        advance(last);
        const spoke = store.entries.filter(({ role }) => role !== "customer").pop();
        const writer = spoke?.role === "staff" && spoke.agentName;
        const here = agentName === undefined ? writer : agentName;
        set({ handedOff, agent: (handedOff && here) || "" });
        count = messages.length;
      }
    } catch (error) {
      if (gone(error)) storage.save({ id: "", token: "" });
    } // otherwise the socket tells the whole story
    connect();
  };

  const create = async (): Promise<Conversation> => {
    const { token } = storage.load();
    const created = await api.create(token).catch((error) => {
      // An expired token must not keep anybody from chatting.
      if (token && gone(error)) return api.create();
      throw error;
    });
    storage.save({ id: created.id, token: created.token, lastSeq: 0 });
    set({ greeting: created.greeting });
    connect();
    return created;
  };

  const clear = (...keep: Entry[]) => {
    disconnect();
    replies.reset();
    store.reset(...keep);
    set({ handedOff: false, agent: "", typing: "" });
  };

  /** Another tab began or ended a conversation: this one follows. */
  const elsewhere = ({ key, oldValue }: StorageEvent) => {
    const before = /"id":"([^"]*)/.exec(oldValue ?? "")?.[1] ?? "";
    if (key !== storage.key || !opened || before === (storage.load().id ?? "")) return;
    clear();
    void load();
  };
  addEventListener("storage", elsewhere);

  const stop = () => {
    removeEventListener("storage", elsewhere);
    replies.reset();
    disconnect();
  };

  const chat = {
    api,
    storage,
    store,
    state,
    replies,
    t,
    set,
    received,
    lastSeq,
    advance,
    stop,
    tell,
    load,

    socket: () => socket,

    /** The first time the panel opens: from here on there is network traffic. */
    open: async () => {
      if (opened) return;
      opened = true;
      await load();
      for (const message of storage.unsent()) {
        if (store.find(message)) storage.settle(message.clientId);
        else delivery.send(message);
      }
    },

    send: (content: string, confirm?: string) =>
      delivery.send({ content, confirm, clientId: randomId() }),
    retry: (entry: Entry) => delivery.retry(entry),

    /** The visitor stays the same: their old token vouches for them. */
    startNew: () => {
      storage.save({ id: "", lastSeq: 0 });
      clear();
    },

    /** Forgets the visitor: the next person at this browser may be another. */
    forget: () => {
      stop();
      storage.save({ id: "", token: "", open: false });
    },

    /** The conversation, made on the first message. */
    ensure: async (): Promise<Conversation> =>
      known() ?? (creating ??= create().finally(() => (creating = undefined))),

    /** The server does not know our conversation any more: begin a new one, without a fuss. */
    renew: (keep: Entry): Promise<Conversation> => {
      storage.save({ id: "", token: "", lastSeq: 0 });
      clear(keep);
      keep.state = "sending";
      return chat.ensure();
    },

    /** An answer is under way and nothing of it can be seen yet. */
    thinking: () =>
      !replies.visible() && (state.typing !== "" || (delivery.awaiting() && !state.handedOff)),

    handOff: (handedOff: boolean) => set({ handedOff, agent: handedOff ? state.agent : "" }),

    /** Somebody has joined or left; nobody leaves when nobody came. */
    human: (here: boolean, agentName?: string, seq?: number) => {
      const name = agentName || (here ? t[T.team] : state.agent);
      const text = fill(t[here ? T.joined : T.left], name);
      if (here ? state.agent !== name : state.handedOff && name)
        received(store.add({ role: "notice", text, seq }));
      set({ handedOff: here, agent: here ? name : "", typing: "" });
    },

    /** The server has the message, or says why not. False when nobody was waiting to hear it. */
    acknowledged: (clientId: string | undefined, refusal?: string): boolean => {
      if (!refusal) storage.settle(clientId);
      return delivery.acknowledged(clientId, refusal);
    },
  };
  const delivery = createDelivery(chat, config.features?.stream === false);
  const frames = createFrames(chat as Chat);
  return chat;
}

/** The conversation is no longer ours: expired, erased, or of another installation. */
export function gone(error: unknown): boolean {
  return error instanceof HttpError && (error.status === 401 || error.status === 404);
}
