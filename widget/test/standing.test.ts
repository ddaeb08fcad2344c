import { describe, expect, it } from "vitest";

import { asking, standings } from "../src/cards/standing";
import type { Action, Entry } from "../src/types";

const TOOL = "create_booking";

const action = (status: string, data = {}, type = TOOL): Action => ({ type, status, data });
const proposal = (proposalId = "p1", type = TOOL) =>
  action("needs_confirmation", { proposalId }, type);

const entry = (role: Entry["role"], part: Partial<Entry> = {}): Entry => ({
  role,
  text: "",
  at: 0,
  state: role === "customer" ? "sent" : "done",
  actions: [],
  ...part,
});
const says = (text: string, confirm?: string, state: Entry["state"] = "sent") =>
  entry("customer", { text, confirm, state });
const reply = (...actions: Action[]) => entry("assistant", { actions });

/** How the actions of these entries stand, in order. */
function standing(...entries: Entry[]) {
  const all = standings(entries);
  return entries.flatMap(({ actions }) => actions.map((one) => all.get(one) ?? ""));
}

describe("a proposal", () => {
  it("is open when its reply is complete", () => {
    expect(standing(entry("assistant", { state: "live", actions: [proposal()] }))).toEqual([
      "busy",
    ]);
    expect(standing(reply(proposal()))).toEqual(["open"]);
  });

  it("is sent when it was pressed, and accepted when it is done", () => {
    const asked = reply(proposal());
    const pressed = says("Yes, please confirm", "p1", "sending");
    expect(standing(asked, pressed)).toEqual(["sent"]);
    expect(standing(asked, pressed, reply(action("done")))).toEqual(["accepted", ""]);
    const failed = reply(action("failed", { proposalId: "p1" }));
    expect(standing(asked, pressed, failed)).toEqual(["lapsed", ""]);
    expect(standing(asked, pressed, reply())).toEqual(["lapsed"]);
  });

  it("is open again when the press did not arrive", () => {
    expect(standing(reply(proposal()), says("Yes", "p1", "failed"))).toEqual(["open"]);
  });

  it("is accepted by words too, also in a history that tells no buttons", () => {
    expect(standing(reply(proposal()), says("yes"), reply(action("done")))).toEqual([
      "accepted",
      "",
    ]);
  });

  it.each(["No", "no!", "Nein.", "Non", "لا"])("is declined by %j", (text) => {
    expect(standing(reply(proposal()), says(text))).toEqual(["declined"]);
    expect(standing(reply(proposal()), says(text), reply())).toEqual(["declined"]);
  });

  it.each(["Nonna's table, please", "Is there parking?", "No basil, please", "no problem", "now"])(
    "stays open for other words, once they are answered: %j",
    (text) => {
      expect(standing(reply(proposal()), says(text))).toEqual(["busy"]);
      expect(standing(reply(proposal()), says(text), reply())).toEqual(["open"]);
    },
  );

  it("is declined when the server says so", () => {
    const asked = reply(proposal());
    const all = standings([asked, says("I would rather not"), reply()], new Set(["p1"]));
    expect([...all.values()]).toEqual(["declined"]);
  });

  it("is none the worse for another call that could not even be proposed", () => {
    const other = reply(action("failed", { message: "We are closed then." }));
    expect(standing(reply(proposal()), says("at midnight?"), other)).toEqual(["open", ""]);
    const pressed = says("Yes", "p1");
    const failed = reply(action("failed", { proposalId: "p1" }));
    expect(standing(reply(proposal()), pressed, failed)).toEqual(["lapsed", ""]);
  });

  it("may be one of several in a reply, each with an outcome of its own", () => {
    const asked = reply(proposal("p1"), proposal("p2"));
    expect(standing(asked)).toEqual(["open", "open"]);
    const done = reply(action("done", { proposalId: "p1" }));
    expect(standing(asked, says("Yes", "p1"), done)).toEqual(["accepted", "open", ""]);
    expect(standing(asked, says("No"))).toEqual(["declined", "declined"]);
    expect(standing(asked, says("at 8"), reply(proposal("p3")))).toEqual([
      "replaced",
      "replaced",
      "open",
    ]);
  });

  it("is replaced by a newer one of the same tool only", () => {
    const asked = reply(proposal("p1"));
    const again = reply(proposal("p2"));
    expect(standing(asked, says("at eight"), again)).toEqual(["replaced", "open"]);
    expect(standing(asked, says("No"), again)).toEqual(["declined", "open"]);
    expect(standing(asked, says("No"), again, says("yes"), reply(action("done")))).toEqual([
      "declined",
      "accepted",
      "",
    ]);
    expect(standing(asked, says("and pizza"), reply(proposal("p3", "confirm_order")))).toEqual([
      "open",
      "open",
    ]);
  });

  it("waits while a person has the conversation", () => {
    const asked = reply(proposal());
    expect([...standings([asked], undefined, true).values()]).toEqual(["busy"]);
  });

  it("leaves the asking to its card while it can be answered", () => {
    expect(asking(standings([reply(proposal())]))).toBe(true);
    expect(asking(standings([reply(proposal()), says("No")]))).toBe(false);
  });
});

describe("a cart", () => {
  const cart = (type = "view_order") => action("done", { lines: [{}] }, type);
  const order = () => action("done", { lines: [{}], reference: "A1" }, "confirm_order");

  it("is past when there is a newer one, or its order", () => {
    expect(standing(reply(cart()), says("and"), reply(cart("add_to_order")))).toEqual(["past", ""]);
    expect(standing(reply(cart()), reply(order()))).toEqual(["past", ""]);
    expect(standing(reply(order()), reply(order()))).toEqual(["", ""]);
  });

  it("is past when it waits to be ordered", () => {
    const asked = action("needs_confirmation", { lines: [{}], proposalId: "p" }, "confirm_order");
    expect(standing(reply(cart(), asked))).toEqual(["past", "open"]);
  });
});
