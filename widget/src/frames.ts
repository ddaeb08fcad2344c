/** What arrives on the socket, put into the transcript and the state of the chat. */

import type { Chat } from "./chat";
import type { Reply } from "./replies";
import type { Frame } from "./transport/socket";
import type { Action, Message } from "./types";

/** A typing sign that is not renewed goes out by itself. */
const TYPING = 8_000;

/** What frames may carry; which fields there are depends on the event. */
type FrameData = Partial<Message & Action> & {
  messageId?: string;
  turnId?: string;
  chunk?: string;
  offset?: number;
  isTyping?: boolean;
  isHuman?: boolean;
  handedOff?: boolean;
  lastSeq?: number;
  message?: string;
};

export function createFrames(chat: Chat) {
  const { store, replies } = chat;
  let reply: Reply | undefined;
  let turn: string | undefined;
  let timer: ReturnType<typeof setTimeout>;

  const typing = (who: "" | "bot" | "human") => {
    clearTimeout(timer);
    if (who) timer = setTimeout(() => typing(""), TYPING);
    chat.set({ typing: who });
  };

  /** The reply that the socket is telling; a new turn means that the end of the last was missed. */
  const live = (id = turn) => {
    if (reply && id !== turn) {
      reply.drop();
      reply = undefined;
      chat.sync();
    }
    turn = id;
    return (reply ??= replies.start("socket"));
  };

  const end = (message: Partial<Message>, id = turn) => {
    live(id).finish(message);
    reply = turn = undefined;
    typing("");
  };

  const handlers: Record<string, (data: FrameData) => void> = {
    response_chunk: ({ turnId, chunk = "", offset }) => live(turnId).chunk(chunk, offset),
    response_restart: ({ turnId }) => live(turnId).restart(),
    action_performed: ({ turnId, type = "", status = "done", data = {} }) =>
      live(turnId).action({ type, status, data }),
    response_complete: ({ turnId, messageId, content, actions, handedOff, seq }) => {
      end({ id: messageId, content, actions, seq }, turnId);
      if (handedOff !== undefined) chat.handOff(handedOff);
    },
    message: (data) => {
      const message = data as Message;
      if (data.role === "assistant") return end(message);
      const { entry, fresh } = store.merge(message);
      if (data.role === "customer") chat.acknowledged(data.clientId);
      else if (fresh) chat.received(entry);
    },
    ack: ({ clientId, messageId: id, seq }) => {
      const entry = store.find({ clientId });
      if (entry) store.update(entry, { id, seq });
      chat.acknowledged(clientId);
    },
    error: ({ clientId, message }) => {
      if (!chat.acknowledged(clientId, message || "refused") && message) store.add({ role: "notice", text: message });
    },
    typing: ({ isTyping, isHuman }) => typing(isTyping ? (isHuman ? "human" : "bot") : ""),
    human_joined: ({ agentName }) => chat.human(true, agentName),
    human_left: ({ agentName }) => chat.human(false, agentName),
    sync: ({ lastSeq = 0, handedOff }) => {
      if (handedOff !== undefined) chat.handOff(handedOff);
      if (lastSeq > chat.lastSeq()) chat.sync();
    },
  };

  return {
    receive: ({ event, data = {}, seq }: Frame) => {
      const details: FrameData = { seq, ...data };
      const position = details.seq ?? 0;
      // What was shown already comes again after a reconnect.
      if (!handlers[event] || (position && position <= chat.lastSeq())) return;
      handlers[event]?.(details);
      if (position) chat.advance(position);
    },
    /** The connection is gone: what it was telling comes again, by another way. */
    lost: () => {
      reply?.drop();
      reply = undefined;
      typing("");
    },
  };
}
