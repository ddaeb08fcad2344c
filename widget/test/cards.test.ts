import { describe, expect, it, vi } from "vitest";

import { card, current, type CardContext } from "../src/cards";
import { createFormat } from "../src/format";
import { language } from "../src/i18n";
import type { Action, Data } from "../src/types";

const booking = {
  reference: "BLA-7K3M",
  party_size: 4,
  name: "Ada",
  label: "Friday, 19:30",
  date: "2026-09-04",
  time: "19:30",
  start: "2026-09-04T19:30+02:00",
};

function show(type: string, status: string, data: Data, wish = "en-GB", zone = "Europe/Rome") {
  const { t, locale } = language(wish);
  const send = vi.fn();
  const context: CardContext = { t, format: createFormat(locale, zone), send };
  const div = document.createElement("div");
  div.append(...card({ type, status, data }, context).filter((node): node is Node => !!node));
  return { div, send, text: div.textContent ?? "", buttons: [...div.querySelectorAll("button")] };
}

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
      "en-GB",
      "America/New_York",
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
    expect(show("reschedule_booking", "done", { booking }).text).toContain("Booking changed");
    expect(show("cancel_booking", "done", booking).text).toContain("Booking cancelled");
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
  it("is carried out only by its own button", () => {
    const { buttons, send } = show("create_booking", "needs_confirmation", {
      ...booking,
      proposalId: "p1",
    });
    expect(buttons.map(({ textContent }) => textContent)).toEqual(["Confirm", "Not now"]);
    buttons[0]?.click();
    buttons[1]?.click();
    expect(send.mock.calls).toEqual([["Yes", "p1"], ["No"]]);
  });

  it("says what it is in the visitor's language", () => {
    expect(show("cancel_booking", "needs_confirmation", booking, "de").text).toContain(
      "Diese Buchung stornieren?",
    );
    expect(show("confirm_order", "needs_confirmation", { summary: "2 Margherita" }).text).toContain(
      "2 Margherita",
    );
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
      booking: null,
    } as Data;
    for (const type of [
      "create_booking",
      "lookup_booking",
      "cancel_booking",
      "check_availability",
    ]) {
      for (const status of ["done", "failed", "needs_confirmation"]) show(type, status, odd);
    }
  });
});
