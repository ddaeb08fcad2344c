/** The transcript as this tab knows it: ordered, without duplicates. */

import type { Entry, Message } from "./types";

export type Store = ReturnType<typeof createStore>;

export function createStore(changed: () => void) {
  const entries: Entry[] = [];
  /** Proposals that the server knows to be declined. */
  const voided = new Set<unknown>();

  const update = (entry: Entry, patch: Partial<Entry>) => {
    Object.assign(entry, patch);
    changed();
  };

  /** By sequence where there is one; what has none yet stays where the customer saw it appear. */
  const add = (entry: Partial<Entry> & Pick<Entry, "role" | "text">): Entry => {
    const added: Entry = { at: Date.now(), state: "done", actions: [], ...entry };
    const { seq } = added;
    const later = seq === undefined ? -1 : entries.findIndex((other) => (other.seq ?? 0) > seq);
    entries.splice(later < 0 ? entries.length : later, 0, added);
    changed();
    return added;
  };

  const remove = (entry: Entry | undefined) => {
    const index = entries.findIndex((other) => other === entry);
    if (index >= 0) entries.splice(index, 1);
    changed();
  };

  /** The entry that shows this message already, if any. */
  const find = (message: Partial<Message>): Entry | undefined =>
    entries.find((entry) =>
      (["id", "clientId", "seq"] as const).some(
        (name) => message[name] !== undefined && entry[name] === message[name],
      ),
    );

  /** Takes a stored message in; `fresh` is false when it was here before. */
  const merge = (message: Message): { entry: Entry; fresh: boolean } => {
    const known = find(message);
    const { role, content, at, actions, voided: declined = [], ...rest } = message;
    for (const id of declined) voided.add(id);
    const patch: Partial<Entry> = { ...rest, state: role === "customer" ? "sent" : "done" };
    if (actions?.length) patch.actions = actions;
    if (!known) {
      const added = { ...patch, role, text: content, at: Date.parse(at ?? "") || Date.now() };
      return { entry: add(added), fresh: true };
    }
    for (const name of ["id", "clientId", "seq"] as const)
      if (patch[name] === undefined) delete patch[name];
    update(known, { ...patch, text: content || known.text, note: undefined, retry: undefined });
    return { entry: known, fresh: false };
  };

  const reset = (...keep: Entry[]) => {
    entries.splice(0, entries.length, ...keep);
    for (const entry of keep) entry.seq = entry.id = undefined;
    changed();
  };

  return { entries, voided, add, update, remove, find, merge, reset };
}
