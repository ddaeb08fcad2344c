import { describe, expect, it } from "vitest";

import { actions, firstStep } from "../src/console/actions";
import { calls } from "../src/console/alerts";
import { createListing } from "../src/console/listing";
import type { Item, Status, View } from "../src/console/types";
import { because, belongs, sorted, VIEWS } from "../src/console/views";
import { dice, item, NOON, shuffled } from "./console.support";

const ME = "me";
const at = (ms: number) => new Date(NOON + ms).toISOString();
const ids = (items: Item[]) => items.map(({ id }) => id);
const STATUSES: Status[] = ["bot", "queued", "human", "snoozed", "resolved"];
const held = (by: string) => ({ status: "human" as Status, agent: { id: by, name: by } });

function page(conversations: Item[], more = false) {
  return { conversations, counts: { queued: conversations.length }, more };
}

describe("the list", () => {
  it("ends up with what belongs, in one order, however the changes came", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const roll = dice(seed);
      const view = (VIEWS[roll(VIEWS.length)] as [View, string])[0];
      const changes = Array.from({ length: 40 }, (_, n) => {
        const status = STATUSES[roll(STATUSES.length)] as Status;
        const agent = status === "human" ? { id: roll(2) ? ME : "other", name: "" } : null;
        return item(`c${roll(8)}`, { status, agent, updated: at(n), waitingSince: at(-roll(99)) });
      });
      const listing = createListing(ME);
      listing.show(view, "");
      listing.page(page([]), true);
      const sent = shuffled(changes, roll);
      while (sent.length) listing.changed(sent.splice(0, 1 + roll(5)));
      const last = new Map(changes.map((one) => [one.id, one]));
      const expected = [...last.values()].filter((one) => belongs(one, view, ME));
      expect(listing.rows(), `seed ${seed}`).toEqual(sorted(expected, view));
    }
  });

  it("puts who waits first: the urgent, then who waits longest", () => {
    const list = [
      item("new", { waitingSince: at(-1000) }),
      item("none", { waitingSince: null }),
      item("old", { waitingSince: at(-9000) }),
      item("urgent", { waitingSince: at(-10), urgency: "urgent" }),
    ];
    expect(ids(sorted(list, "queued"))).toEqual(["urgent", "old", "new", "none"]);
    const other = [item("a", { updated: at(1) }), item("b", { updated: at(2), urgency: "urgent" })];
    expect(ids(sorted(other, "resolved"))).toEqual(["b", "a"]);
  });

  it("keeps what a search found, and only that", () => {
    const listing = createListing(ME);
    listing.show("queued", "zoe");
    listing.page(page([item("a")]), true);
    listing.changed([item("b"), item("a", { status: "bot", updated: at(1) })], { queued: 7 });
    expect(ids(listing.rows())).toEqual(["a"]);
    expect(listing.counts().queued).toBe(7);
  });

  it("goes on with the next page, and forgets it for another view", () => {
    const listing = createListing(ME);
    listing.page(page([item("a"), item("b")], true), true);
    expect([listing.last(), listing.more()]).toEqual(["b", true]);
    listing.page(page([item("c")]), false);
    expect([ids(listing.rows()).length, listing.more()]).toEqual([3, false]);
    listing.show("mine", "");
    expect([listing.rows(), listing.state()]).toEqual([[], "loading"]);
  });

  it("says why in words", () => {
    expect(because("wants_person")).toBe("wants a person");
    expect(because("special_request")).toBe("special request");
    expect(because("Gas smell_in the kitchen")).toBe("Gas smell_in the kitchen");
  });
});

describe("what can be done", () => {
  const agent = { id: ME, name: "Ana", role: "agent" };
  const verbs = (of: Item, who = agent) => actions(of, who).map(({ verb }) => verb);

  it("begins with what makes it one's own", () => {
    expect(verbs(item("c"))[0]).toBe("accept");
    expect(verbs(item("c", { status: "bot" }))[0]).toBe("take_over");
    expect(verbs(item("c", { status: "resolved" }))).toEqual(["take_over", "reopen", "block"]);
    expect(verbs(item("c", held(ME)))).toContain("hand_back");
  });

  it("leaves what a colleague has to those who manage", () => {
    const theirs = item("c", held("ben"));
    expect(verbs(theirs)).toEqual([]);
    expect(verbs(theirs, { ...agent, role: "manager" })).toEqual(["assign"]);
    expect(firstStep(theirs, ME)).toBeNull();
  });

  it("knows what a reply needs first", () => {
    const steps = STATUSES.map((status) => firstStep(item("c", { status }), ME));
    expect(steps).toEqual(["take_over", "accept", "", "take_over", "take_over"]);
  });
});

describe("what calls staff", () => {
  it("is what is newly queued, and new words in what is queued or one's own", () => {
    const queued = item("c", { unread: 1 });
    expect(calls(undefined, queued, ME)).toBe(true);
    expect(calls(item("c", { status: "bot", unread: 1 }), queued, ME)).toBe(true);
    expect(calls(queued, queued, ME)).toBe(false);
    expect(calls(queued, item("c", { unread: 2 }), ME)).toBe(true);
    const own = item("c", { ...held(ME), unread: 0 });
    expect(calls(queued, own, ME)).toBe(false);
    expect(calls(own, { ...own, unread: 1 }, ME)).toBe(true);
  });

  it("is neither the assistant's nor a colleague's", () => {
    for (const other of [{ status: "bot" as Status }, held("ben")])
      expect(calls(undefined, item("c", { ...other, unread: 3 }), ME)).toBe(false);
  });
});
