/** What is known of the customer, beside the conversation. */

import { h, set, type Child } from "../../dom";
import type { Customer, Item, Section } from "../types";
import { avatar } from "./item";
import { icon } from "./icons";
import { once } from "./keyed";

const CONSENT: Record<string, [words: string, tone: string]> = {
  in: ["May be texted", "badge--ok"],
  out: ["Opted out of texts", "badge--bad"],
  unknown: ["Answers only", ""],
};

const TONES: [pattern: RegExp, tone: string][] = [
  [/confirm|done|ready|complete|paid|accepted|in$/i, "badge--ok"],
  [/cancel|fail|reject|no.?show|out$/i, "badge--bad"],
  [/wait|pending|hold|prepar|placed|late/i, "badge--warn"],
];

function tone(status: string): string {
  return TONES.find(([pattern]) => pattern.test(status))?.[1] ?? "";
}

/** A page of this console, and nothing else that a plugin's data could name. */
function own(href = ""): string | undefined {
  return /^\/console\/[\w/?=&%.#-]*$/.test(href) ? href : undefined;
}

function fact(name: string, value: Child): Child {
  return value && h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function section({ title, rows }: Section): HTMLElement {
  return h(
    "section",
    {},
    h("h3", {}, title),
    h(
      "ul",
      { class: "things" },
      ...rows.map(({ text, detail, status, href }) => {
        const link = own(href);
        return h(
          "li",
          {},
          link ? h("a", { href: link, dir: "auto" }, text) : h("span", { dir: "auto" }, text),
          status && h("span", { class: `badge ${tone(status)}` }, status),
          detail && h("p", { class: "muted", dir: "auto" }, detail),
        );
      }),
    ),
  );
}

function previous({ previous: list }: Customer): Child {
  return (
    list.length > 0 &&
    h(
      "section",
      {},
      h("h3", {}, "Previous conversations"),
      h(
        "ul",
        { class: "things" },
        ...list.map(({ id, channel, updated, preview, status }) =>
          h(
            "li",
            {},
            h(
              "a",
              { href: `#${id}`, class: "past" },
              icon(channel === "sms" ? "sms" : "web"),
              new Date(updated).toLocaleDateString([], { dateStyle: "medium" }),
            ),
            status !== "resolved" && h("span", { class: "badge badge--ok" }, "Open"),
            h("p", { class: "muted", dir: "auto" }, preview),
          ),
        ),
      ),
    )
  );
}

function language(code: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function createCustomer() {
  const element = h("div", { class: "customer" });

  const fill = once<{ item: Item; customer?: Customer }>(({ item, customer }) => {
    const { id, name, phone, email, phoneVerified } = { ...item.contact, ...customer };
    const [consent, consentTone] = (phone && CONSENT[customer?.consent ?? ""]) || [];
    const sections = (customer?.sections ?? []).filter(({ rows }) => rows.length);
    const isKnown = phone || email || sections.length || customer?.previous.length;
    element.replaceChildren(
      h(
        "header",
        {},
        avatar(id, name ?? "", "face--big"),
        h("h2", { dir: "auto" }, name || "Visitor"),
        h("p", { class: "muted" }, item.channel === "sms" ? "Text messages" : "Web chat"),
      ),
      h(
        "dl",
        { class: "facts" },
        fact(
          "Phone",
          phone &&
            h(
              "span",
              {},
              h("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone),
              h(
                "span",
                { class: `badge ${phoneVerified ? "badge--ok" : ""}` },
                phoneVerified ? "Verified" : "Not verified",
              ),
            ),
        ),
        fact("E-mail", email && h("a", { href: `mailto:${email}`, dir: "auto" }, email)),
        fact("Texts", consent && h("span", { class: `badge ${consentTone}` }, consent)),
        fact("Language", customer?.language && language(customer.language)),
      ),
      customer && !isKnown ? h("p", { class: "muted" }, "Nothing else is known of them yet.") : "",
      ...sections.map(section),
      ...(customer ? [previous(customer) || ""] : []),
    );
  });

  return {
    element,
    draw: (item?: Item, customer?: Customer) => {
      element.hidden = !item;
      if (item) fill({ item: { ...item, unread: 0, preview: "", updated: "" }, customer });
      set(element, "aria-busy", item && !customer ? "true" : undefined);
    },
  };
}
