import { describe, expect, it } from "vitest";

import { current } from "../src/cards";
import type { Action, Data } from "../src/types";
import { show } from "./show";

const booking = {
  reference: "BLA-7K3M",
  party_size: 4,
  name: "Ada",
  label: "Friday, 19:30",
  date: "2026-09-04",
  time: "19:30",
  start: "2026-09-04T19:30+02:00",
};

describe("booking cards", () => {
  it("shows what was committed, in the business's time", () => {
    const { text, div } = show("create_booking", "done", booking);
    for (const part of [
      "Booking confirmed",
      "Friday 4 September",
      "19:30",
      "Guests4",
      "NameAda",
      "BLA-7K3M",
    ]) {
      expect(text).toContain(part);
    }
    expect(div.querySelector("[role=group]")?.getAttribute("aria-label")).toBe("Booking confirmed");
  });

  it("prints an instant in the business's zone, not the visitor's", () => {
    const { text } = show(
      "create_booking",
      "done",
      { start: "2026-09-04T17:30:00Z" },
      { zone: "America/New_York" },
    );
    expect(text).toContain("13:30");
  });

  it("takes the server's words for a time that it cannot place", () => {
    expect(
      show("create_booking", "done", { label: "tomorrow at eight", start: "2026-09-04T19:30" })
        .text,
    ).toContain("tomorrow at eight");
  });

  it("tells a change and a cancellation from a booking", () => {
    const moved = show("reschedule_booking", "done", {
      ...booking,
      previous: { date: "2026-09-03", time: "20:00" },
    });
    expect(moved.text).toContain("Booking changed");
    expect(moved.div.querySelector("s")?.textContent).toBe("Thursday 3 September, 20:00");
    expect(moved.div.querySelector("b + b, p + b")?.textContent).toBe("Friday 4 September");
    expect(show("cancel_booking", "done", booking).text).toContain("Booking cancelled");
  });

  it("shows a place on the waiting list", () => {
    const { text } = show("join_waitlist", "done", { ...booking, reference: "", status: "waiting" });
    expect(text).toContain("On the waiting list");
    expect(text).toContain("Friday 4 September");
  });

  it("lists what was found", () => {
    const { div } = show("lookup_booking", "done", {
      bookings: [booking, { ...booking, status: "cancelled" }],
    });
    expect([...div.querySelectorAll(".card")].map((one) => one.className)).toEqual([
      "card ",
      "card gone",
    ]);
    expect(show("lookup_booking", "done", { bookings: [] }).text).toBe("");
  });

  it("never calls done what is not", () => {
    for (const status of ["failed", "needs_confirmation", "pending"]) {
      expect(show("create_booking", status, booking).text).not.toContain("confirmed");
    }
    expect(show("create_booking", "failed", { message: "internal words" }).text).toBe(
      "That could not be done.",
    );
  });
});

describe("times", () => {
  const slots = ["18:30", "19:00"].map((time) => ({
    date: "2026-09-04",
    time,
    label: `Friday 4 September, ${time}`,
  }));

  it("are buttons that say their label", () => {
    const { buttons, send, text } = show("check_availability", "done", { slots });
    expect(buttons.map(({ textContent }) => textContent)).toEqual(["18:30", "19:00"]);
    expect(buttons[1]?.getAttribute("aria-label")).toMatch(/^19:00, Friday/);
    expect(text.match(/Friday 4 September/g)).toHaveLength(1);
    buttons[1]?.click();
    expect(send).toHaveBeenCalledWith("Friday 4 September, 19:00");
  });

  it("may be alternatives, also of a failure, or none", () => {
    expect(
      show("check_availability", "done", { slots: [], alternatives: slots }).buttons,
    ).toHaveLength(2);
    expect(show("create_booking", "failed", { alternatives: slots }).buttons).toHaveLength(2);
    expect(show("check_availability", "done", { slots: [], alternatives: [] }).text).toBe(
      "No times are free.",
    );
  });

  it("are gone when the reply went on to book one", () => {
    const offer: Action = { type: "check_availability", status: "done", data: { slots } };
    const made: Action = { type: "create_booking", status: "done", data: booking };
    const failed: Action = { ...made, status: "failed" };
    expect(current([offer, failed, made, made])).toEqual([made, made]);
    expect(current([offer])).toEqual([offer]);
  });
});

describe("a proposal", () => {
  const proposed = { ...booking, proposalId: "p1", message: "Table for 4 on Fri, 4 Sept, 19:30" };

  it("reads back, and is carried out only by its own button", () => {
    const { buttons, send, text } = show("create_booking", "needs_confirmation", proposed);
    for (const part of ["Is this right?", "Friday 4 September", proposed.message])
      expect(text).toContain(part);
    expect(buttons.map(({ textContent }) => textContent)).toEqual([
      "Confirm booking",
      "No, change it",
    ]);
    buttons[0]?.click();
    expect(send.mock.calls).toEqual([["Yes, please confirm", "p1"]]);
  });

  it("is declined by a plain word", () => {
    const { buttons, send } = show("create_booking", "needs_confirmation", proposed);
    buttons[1]?.click();
    expect(send.mock.calls).toEqual([["No", undefined]]);
  });

  it("is answered once, however often it is pressed", () => {
    const { buttons, send } = show("create_booking", "needs_confirmation", proposed);
    for (const one of [...buttons, ...buttons]) one.click();
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("waits while something said meanwhile is being answered", () => {
    const { buttons } = show("create_booking", "needs_confirmation", proposed, {
      standing: "busy",
    });
    expect(buttons.map(({ disabled }) => disabled)).toEqual([true, true]);
  });

  it.each([
    ["sent", "One moment, please."],
    ["accepted", "Confirmed"],
    ["declined", "Declined"],
    ["replaced", "Replaced"],
    ["lapsed", "Not carried out"],
  ] as const)("that is %s says so and asks no more", (standing, title) => {
    const { buttons, text } = show("create_booking", "needs_confirmation", proposed, { standing });
    expect([buttons, text]).toEqual([[], `${title}${proposed.message}`]);
  });

  it.each([
    ["create_booking", "Is this right?", "Confirm booking", "No, change it"],
    ["cancel_booking", "Cancel this booking?", "Cancel booking", "No, keep it"],
    ["reschedule_booking", "Is this right?", "Confirm", "No, change it"],
    ["confirm_order", "Is this right?", "Place order", "No, change it"],
    ["cancel_order", "Cancel this order?", "Cancel order", "No, keep it"],
    ["join_club", "Is this right?", "Confirm", "No, change it"],
  ])("of %s says what it is", (type, title, yes, no) => {
    const { div, buttons } = show(type, "needs_confirmation", proposed);
    expect(div.querySelector("[role=group]")?.getAttribute("aria-label")).toBe(title);
    expect(buttons.map(({ textContent }) => textContent)).toEqual([yes, no]);
  });

  it("speaks the visitor's language, also to the server", () => {
    const { text, buttons, send } = show("cancel_booking", "needs_confirmation", proposed, {
      locale: "de-DE",
    });
    expect(text).toContain("Diese Buchung stornieren?");
    buttons[0]?.click();
    expect(send).toHaveBeenCalledWith("Ja, bitte bestätigen", "p1");
  });

  it("shows the fields where there is no read-back", () => {
    const { text } = show("create_booking", "needs_confirmation", booking);
    expect(text).toContain("Guests4");
  });
});

describe("a calendar", () => {
  const link = (calendarUrl: unknown) =>
    show("create_booking", "done", { ...booking, calendarUrl }).div.querySelector("a");

  it("is a file of the server", () => {
    const url = "https://desk.example/calendar/x.ics?s=1";
    expect([link(url)?.href, link("/calendar/x.ics?s=1")?.href]).toEqual([url, url]);
    expect(link(url)?.textContent).toBe("Add to calendar");
  });

  it.each([
    "https://evil.example/x.ics",
    "//evil.example/x.ics",
    "javascript:alert(1)",
    "data:text/calendar,x",
    "http://desk.example/x.ics",
    "https://desk.example@evil.example/",
    "",
    undefined,
  ])("is not %j", (address) => expect(link(address)).toBeNull());

  it("is not offered for what is cancelled", () => {
    const data = { ...booking, calendarUrl: "/x.ics" };
    expect(show("cancel_booking", "done", data).div.querySelector("a")).toBeNull();
  });
});

describe("anything else", () => {
  it("shows its words or nothing", () => {
    expect(show("fly_to_moon", "done", { fallback_text: "Off we go" }).text).toBe("Off we go");
    expect(show("get_hours", "done", { open: true }).text).toBe("");
    expect(show("toString", "done", {}).text).toBe("");
  });

  it("is text, whatever it contains", () => {
    const evil = "<img src=x onerror=alert(1)>";
    const { div, text } = show("create_booking", "done", {
      name: evil,
      reference: evil,
      label: evil,
    });
    expect(div.querySelector("img")).toBeNull();
    expect(text).toContain(evil);
  });

  it("survives fields of the wrong kind", () => {
    const odd = {
      reference: {},
      name: ["x"],
      start: 7,
      date: null,
      bookings: "no",
      lines: [null, "x", { modifiers: [null, 7], total: "12" }],
      totals: "many",
      currency: 3,
      previous: "yesterday",
      calendarUrl: [],
      proposalId: {},
      message: 4,
    } as Data;
    for (const type of [
      "create_booking",
      "lookup_booking",
      "cancel_booking",
      "check_availability",
      "add_to_order",
      "confirm_order",
      "join_waitlist",
    ]) {
      for (const status of ["done", "failed", "needs_confirmation"]) show(type, status, odd);
    }
  });
});
