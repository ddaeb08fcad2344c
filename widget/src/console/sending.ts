/** Words of staff on their way: shown at once, in order, tried again on request. */

import { randomId } from "../ids";
import { Problem, type Api } from "./api";
import type { Pending } from "./thread";
import type { Changed } from "./types";

export type Sending = ReturnType<typeof createSending>;

/** `arrived` gets the server's answer; `failed` is told where nobody may be looking any more. */
export function createSending(
  api: Api,
  changed: () => void,
  arrived: (answer: Changed) => void,
  failed: (conversation: string, problem: Problem) => void,
) {
  const waiting = new Map<string, Pending[]>();
  const lines = new Map<string, Promise<void>>();

  const of = (conversation: string): Pending[] => {
    const known = waiting.get(conversation) ?? [];
    waiting.set(conversation, known);
    return known;
  };

  const settle = (conversation: string, one: Pending) => {
    const list = of(conversation);
    if (list.includes(one)) list.splice(list.indexOf(one), 1);
  };

  /** `first`: what has to be done before words may go out, for example taking the conversation. */
  const deliver = async (conversation: string, one: Pending, first: string) => {
    const { kind, text, clientId } = one;
    try {
      if (first) arrived(await api.act(conversation, first));
      const verb = kind === "note" ? "note" : "reply";
      const answer = await api.act(conversation, verb, { text, clientId });
      settle(conversation, one);
      arrived(answer);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, `${error}`);
      Object.assign(one, { state: "failed", why: problem.status ? problem.message : "" });
      failed(conversation, problem);
    }
    changed();
  };

  /** One after the other, so that they arrive as they were written. */
  const queue = (conversation: string, one: Pending, first: string) => {
    const before = lines.get(conversation) ?? Promise.resolve();
    lines.set(
      conversation,
      before.then(() => deliver(conversation, one, first)),
    );
    changed();
  };

  return {
    of,
    /** Something was not sent, and would be lost with the page. */
    isBusy: () => [...waiting.values()].some((list) => list.length),
    send: (conversation: string, kind: Pending["kind"], text: string, first = "") => {
      const one: Pending = {
        clientId: randomId(),
        kind,
        text,
        at: Date.now(),
        state: "sending",
        why: "",
      };
      of(conversation).push(one);
      queue(conversation, one, first);
    },
    retry: (conversation: string, one: Pending, first = "") => {
      if (one.state !== "failed") return;
      Object.assign(one, { state: "sending", why: "" });
      queue(conversation, one, first);
    },
    discard: (conversation: string, one: Pending) => {
      settle(conversation, one);
      changed();
    },
  };
}
