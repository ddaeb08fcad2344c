import { describe, expect, it } from "vitest";

import { show } from "./show";

const cart = {
  lines: [
    {
      line_id: "a",
      name: "Margherita",
      variant: "Large",
      modifiers: [
        "Extra cheese",
        { name: "No basil", quantity: 1 },
        { name: "Olives", quantity: 2 },
      ],
      quantity: 2,
      total: 2600,
    },
    { line_id: "b", name: "Water", modifiers: [], quantity: 1, total: 300 },
  ],
  totals: { subtotal: 2900, tax: 257, fees: 0, total: 3157 },
  currency: "USD",
  status: "draft",
};

describe("an order", () => {
  it("is a cart until it is placed", () => {
    const { div, text } = show("add_to_order", "done", cart, { locale: "en-US" });
    for (const part of [
      "Your order",
      "2 ×Margherita",
      "Large, Extra cheese, No basil, 2 × Olives",
      "$26.00",
      "Subtotal$29.00",
      "Tax$2.57",
      "Total$31.57",
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("Fees");
    expect(div.querySelector("details")?.open).toBe(true);
  });

  it("folds the carts of before", () => {
    const { div } = show("view_order", "done", cart, { standing: "past" });
    expect(div.querySelector("details")?.open).toBe(false);
    expect(div.querySelector("summary")?.textContent).toContain("31.57");
  });

  it("may be empty", () => {
    expect(show("remove_from_order", "done", { ...cart, lines: [] }).text).toBe(
      "Your order is empty.",
    );
  });

  it("has digits by its currency", () => {
    const yen = { ...cart, totals: { total: 3157 }, currency: "JPY" };
    expect(show("view_order", "done", yen, { locale: "en-US" }).text).toContain("¥3,157");
  });

  it("is read back in full before it is placed", () => {
    const { text, buttons } = show("confirm_order", "needs_confirmation", {
      ...cart,
      name: "Ana",
      label: "Pick-up today, 19:10",
      message: "2 Margherita and a water",
    });
    for (const part of ["Margherita", "Total", "Pick-up today, 19:10", "2 Margherita and a water"])
      expect(text).toContain(part);
    expect(buttons[0]?.textContent).toBe("Place order");
  });

  it("has its lines once, and all else of the read-back", () => {
    const message = "For Ana, 212 555 0123\n- 2 x Margherita: $26.00\nPlease bring an ID.";
    const { div, text } = show("confirm_order", "needs_confirmation", { ...cart, message });
    expect(div.querySelector(".ask > p")?.textContent).toBe(
      "For Ana, 212 555 0123\nPlease bring an ID.",
    );
    expect(text).not.toContain("2 x Margherita");
    const ended = show(
      "confirm_order",
      "needs_confirmation",
      { ...cart, message },
      { standing: "accepted" },
    );
    expect(ended.text).toBe("ConfirmedFor Ana, 212 555 0123");
  });

  it("names its fees, and tells a tax that is included from one that is added", () => {
    const flat = { lines: cart.lines, subtotal: 2900, tax: 257, total: 3407, currency: "USD" };
    const fees = [{ name: "Delivery", amount: 250 }];
    const added = show("view_order", "done", { ...flat, fees }, { locale: "en-US" }).text;
    expect(added).toContain("Delivery$2.50Tax$2.57Total$34.07");
    const included = { ...flat, fees, total: 3150 };
    expect(show("view_order", "done", included, { locale: "en-US" }).text).toContain(
      "Delivery$2.50Tax included$2.57Total$31.50",
    );
  });

  it("says what keeps it from being placed", () => {
    const problems = [{ code: "minimum", message: "The minimum is $40.00." }];
    expect(show("view_order", "done", { ...cart, problems }).text).toContain(problems[0]?.message);
  });

  it.each([
    ["placed", "Order placed"],
    ["accepted", "Order accepted"],
    ["ready", "Your order is ready"],
    ["cancelled", "Order cancelled"],
  ])("that is %s", (status, title) => {
    const { div, text } = show("confirm_order", "done", {
      ...cart,
      reference: "7F3K-9QXM",
      label: "Ready at 19:10",
      status,
      calendarUrl: "https://desk.example/x.ics",
    });
    expect(div.querySelector("[role=group]")?.getAttribute("aria-label")).toBe(title);
    expect(text).toContain("7F3K-9QXM");
    expect(text).toContain("Ready at 19:10");
    expect(div.querySelector("a")).toBeNull();
  });

  it("is nobody's when it is only looked for", () => {
    expect(show("lookup_order", "done", { orders: [] }).text).toBe("");
    const found = show("lookup_order", "done", {
      orders: [{ ...cart, reference: "A", status: "preparing" }],
    });
    expect(found.text).toContain("Your order is being prepared");
  });
});
