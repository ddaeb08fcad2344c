/** Gets the customer's messages to the server: in order, once, by stream or by socket. */

import { HttpError, type Conversation } from "./api";
import { gone, type Chat } from "./chat";
import { T } from "./i18n";
import type { Reply } from "./replies";
import { stream } from "./transport/stream";
import type { Entry, Outgoing } from "./types";

const ACK = 10_000;

/** The parts of the chat that delivery needs; the chat itself is made with it. */
type Line = Pick<
  Chat,
  "api" | "storage" | "store" | "replies" | "t" | "set" | "socket" | "tell" | "load"
> & {
  ensure(): Promise<Conversation>;
  renew(keep: Entry): Promise<Conversation>;
  handOff(handedOff: boolean): void;
};

/** `preferSocket`: something between us and the server swallows streams. */
export function createDelivery(chat: Line, preferSocket: boolean) {
  const { api, storage, store, replies, t, set } = chat;
  const acks = new Map<string, (refusal?: string) => void>();
  let gate: Promise<unknown> = Promise.resolve();
  /** Replies to messages that the server has. */
  const awaited = new Set<Reply>();

  const accepted = (entry: Entry) => {
    storage.settle(entry.clientId);
    store.update(entry, { state: "sent", note: undefined, retry: undefined });
  };

  const byStream = async (conversation: Conversation, entry: Entry, arrived: () => void) => {
    const reply = replies.start(entry.clientId as string);
    try {
      const end = await stream(
        (lastId, signal) => api.stream(conversation, outgoing(entry), lastId, signal),
        () => {
          awaited.add(reply);
          accepted(entry);
          arrived();
          set({ cut: false });
        },
        (limited, long) => {
          if (limited) store.update(entry, { note: t[T.tooMany] });
          if (!awaited.has(reply)) return;
          reply.lost();
          if (long && reply.open()) set({ cut: true });
        },
        (event) => {
          if (event.type === "chunk") reply.chunk(event.content);
          else if (event.type === "action") reply.action(event.action);
          else if (event.type === "restart") reply.restart();
        },
        () => awaited.has(reply) && !reply.open(),
      );
      if (end.type === "done") {
        reply.finish({ id: end.messageId ?? undefined });
        chat.handOff(!!end.handedOff);
      } else if (reply.open()) {
        reply.finish({});
        const text = end.message || t[T.failed];
        store.add({ role: "notice", text, retry: end.retryable ? entry : undefined });
        chat.tell("error", { message: text });
      }
    } catch (error) {
      if (!awaited.has(reply) || (gone(error) && reply.open())) {
        reply.drop();
        throw error;
      }
      // The server has the message: the answer comes by the socket, or is in the history.
      const open = reply.open();
      reply.lost(true);
      if (open && !chat.socket()) void chat.load();
    } finally {
      awaited.delete(reply);
      set({ cut: false });
    }
  };

  const bySocket = (entry: Entry) =>
    new Promise<void>((resolve, reject) => {
      setTimeout(reject, ACK);
      acks.set(entry.clientId as string, (refusal) => {
        if (refusal) return reject(new Error(refusal));
        accepted(entry);
        resolve();
      });
      chat.socket()?.send("send_message", outgoing(entry));
    });

  const fail = (entry: Entry, error: unknown) => {
    // The server turned out to have it: then only its answer may be missing.
    if (entry.state === "sent") {
      if (!chat.socket()?.isOpen()) store.add({ role: "notice", text: t[T.failed], retry: entry });
      return;
    }
    const { status = 0, words = "" } = error instanceof HttpError ? error : {};
    const note = status === 413 ? t[T.tooLong] : status === 429 ? t[T.tooMany] : words || undefined;
    // The same words would be refused again; everything else deserves another try.
    const final = [400, 403, 409, 413, 415].includes(status);
    if (final) storage.settle(entry.clientId);
    store.update(entry, { state: "failed", note, retry: final ? undefined : entry });
    chat.tell("error", { message: note ?? t[T.notSent] });
  };

  const attempt = async (entry: Entry, arrived: () => void) => {
    const line = () => chat.socket()?.isOpen();
    try {
      if (preferSocket && line()) await bySocket(entry);
      else await byStream(await chat.ensure(), entry, arrived);
    } catch (error) {
      try {
        // What was removed meanwhile belongs to a conversation that the customer has left.
        if (!store.entries.includes(entry)) return;
        if (gone(error)) await byStream(await chat.renew(entry), entry, arrived);
        else if (!(error instanceof HttpError) && line()) {
          await bySocket(entry);
          preferSocket = true;
        } else throw error;
      } catch (second) {
        fail(entry, second);
      }
    }
  };

  /** A message goes out when the one before it has arrived, not when it is answered. */
  const deliver = (entry: Entry) => {
    const before = gate;
    gate = new Promise<void>((arrived) => {
      void before.then(() => attempt(entry, arrived)).finally(arrived);
    });
  };

  return {
    awaiting: () => [...awaited].some((reply) => reply.open()),

    send: (message: Outgoing) => {
      const { content: text, clientId, confirm } = message;
      storage.settle(clientId, message);
      deliver(store.add({ role: "customer", text, state: "sending", clientId, confirm }));
    },

    /** The same client id: if the server has the message after all, it is not said twice. */
    retry: (entry: Entry) => {
      const message = entry.retry;
      if (!message) return;
      if (message !== entry) store.remove(entry);
      const state = message.state === "sent" ? "sent" : "sending";
      store.update(message, { state, note: undefined, retry: undefined });
      deliver(message);
    },

    acknowledged: (clientId = "", refusal?: string): boolean => {
      const ack = acks.get(clientId);
      acks.delete(clientId);
      ack?.(refusal);
      return !!ack;
    },
  };
}

function outgoing({ text: content, clientId = "", confirm }: Entry): Outgoing {
  return { content, clientId, confirm };
}
