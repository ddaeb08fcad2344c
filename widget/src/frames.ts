/** What arrives on the socket, put into the transcript and the state of the chat. */

import type { Chat } from "./chat";
import { SOCKET, type Reply } from "./replies";
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
  proposalId?: string;
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

  /** The reply that the socket is telling. Not every frame names its turn. */
  const live = (id = turn) => {
    if (turn && id !== turn) lost();
    turn = id;
    return (reply ??= replies.start(SOCKET));
  };

  /** Nobody tells the rest of it: what was said in full comes again by another way. */
  const lost = () => {
    reply?.drop();
    reply = turn = undefined;
    typing("");
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
      else if (fresh) {
        typing("");
        chat.received(entry);
      }
    },
    ack: ({ clientId, messageId: id, seq }) => {
      const entry = store.find({ clientId });
      if (entry) store.update(entry, { id, seq, state: "sent", note: undefined, retry: undefined });
      chat.acknowledged(clientId);
    },
    error: ({ clientId, message }) => {
      if (!chat.acknowledged(clientId, message || "refused") && message)
        store.add({ role: "notice", text: message });
    },
    typing: ({ isTyping, isHuman }) => typing(isTyping ? (isHuman ? "human" : "bot") : ""),
    proposal_voided: ({ proposalId }) => {
      store.voided.add(proposalId);
      chat.set({});
    },
    human_joined: ({ agentName, seq }) => chat.human(true, agentName, seq),
    human_left: ({ agentName, seq }) => chat.human(false, agentName, seq),
    sync: ({ lastSeq = 0 }) => chat.advance(lastSeq),
  };

  return {
    receive: ({ event, data = {}, seq }: Frame) => {
      // What was shown already comes again after a reconnect.
      if (seq && seq <= chat.lastSeq()) return;
      handlers[event]?.({ seq, ...(data as FrameData) });
      if (seq) chat.advance(seq);
    },
    lost,
  };
}
