/** The rows of a conversation: days, messages, notes, what changed hands, what was done. */

import { button, h } from "../../dom";
import type { Format } from "../../format";
import { closed, markdown } from "../../markdown";
import type { Pending, Thread } from "../thread";
import type { Entry } from "../types";
import { because } from "../views";
import { call, type Print } from "./call";
import { icon } from "./icons";
import { once, type Row } from "./keyed";

const GROUP = 5 * 60_000;

export interface RowContext {
  format: Format;
  print: Print;
  hosts: string[];
  me: string;
  retry(one: Pending): void;
  discard(one: Pending): void;
}

export interface Line {
  key: string;
  /** A day's name, instead of everything else. */
  day?: string;
  entry?: Entry;
  pending?: Pending;
  live?: string;
  /** The first of its speaker, who is named then. */
  first?: boolean;
  /** The last of its group, which carries the time. */
  last?: boolean;
  who?: string;
}

/** The transcript as it is drawn, from top to bottom. */
export function lines(thread: Thread, { format, me }: RowContext): Line[] {
  const out: Line[] = [];
  let day = "";
  const dated = (at: number) => {
    const name = format.day(at);
    if (name !== day) out.push({ key: `d${name}`, day: name });
    day = name;
  };
  for (const entry of thread.entries) {
    if (!entry.text && !entry.call && !entry.status) continue;
    dated(Date.parse(entry.at));
    out.push({ key: `s${entry.seq}`, entry });
  }
  if (thread.live?.text) out.push({ key: "live", live: thread.live.text });
  for (const pending of thread.pending) {
    dated(pending.at);
    out.push({ key: `p${pending.clientId}`, pending });
  }
  out.forEach((line, at) => {
    line.first = !together(out[at - 1], line);
    line.last = !together(line, out[at + 1]);
    if (!line.day) line.who = speaker(line, thread, me);
  });
  return out;
}

const kindOf = ({ entry, pending, live }: Line) =>
  entry?.kind ?? pending?.kind ?? (live ? "assistant" : "");

const timeOf = ({ entry, pending }: Line) =>
  entry ? Date.parse(entry.at) : (pending?.at ?? Date.now());

function together(one: Line | undefined, other: Line | undefined): boolean {
  if (!one || !other || one.day || other.day) return false;
  const [kind, next] = [kindOf(one), kindOf(other)];
  if (kind !== next || kind === "status" || kind === "call" || kind === "system") return false;
  if (one.entry?.agentName !== other.entry?.agentName && one.entry && other.entry) return false;
  return timeOf(other) - timeOf(one) < GROUP;
}

function speaker(line: Line, thread: Thread, me: string): string {
  const kind = kindOf(line);
  if (kind === "customer") return thread.item?.contact.name || "Visitor";
  if (kind === "assistant") return "Assistant";
  const name = line.entry?.agentName || (line.pending ? me : "Team");
  return name === me ? "You" : name;
}

/** What a change of hands says to staff. */
export function statusWords({ status, agentName }: Entry, { me, format }: RowContext): string {
  const { to, before, reason } = status ?? {};
  const named = status?.agentName || agentName || "";
  const name = named === me ? "You" : named;
  const by = name ? ` by ${name === "You" ? "you" : name}` : "";
  const told: Record<string, string> = {
    queued: "Waiting for a person",
    human: name
      ? before === "human"
        ? `Assigned to ${name === "You" ? "you" : name}`
        : `${name} joined`
      : "A person joined",
    bot: before === "resolved" ? "Reopened" : `Handed to the assistant${by}`,
    snoozed: `Snoozed${by}${status?.until ? ` until ${format.exact(Date.parse(status.until))}` : ""}`,
    resolved: `Resolved${by}`,
  };
  return (told[to ?? ""] ?? `Now ${to}`) + (reason ? ` · ${because(reason)}` : "");
}

const DELIVERIES: Record<string, string> = {
  queued: "On its way",
  sent: "Sent",
  delivered: "Delivered",
  failed: "Not delivered",
  held: "Held back",
};

function meta(line: Line, { format, retry, discard }: RowContext): Node {
  const { pending, entry } = line;
  if (pending?.state === "failed")
    return h(
      "div",
      { class: "meta meta--bad", role: "alert" },
      `Not sent. ${pending.why} `,
      button("link", () => retry(pending), "Retry"),
      button("link", () => discard(pending), "Discard"),
    );
  if (pending) return h("div", { class: "meta" }, "Sending…");
  const at = timeOf(line);
  const { state = "", error = "" } = entry?.delivery ?? {};
  const bad = state === "failed" || state === "held";
  return h(
    "div",
    { class: bad ? "meta meta--bad" : "meta" },
    entry && h("time", { datetime: entry.at, title: format.exact(at) }, format.clock(at)),
    state && h("span", {}, `${DELIVERIES[state] ?? state}${error && `: ${error}`}`),
  );
}

function message(line: Line, context: RowContext): Node[] {
  const { entry, pending, live, first, who, last } = line;
  const kind = kindOf(line);
  const text = entry?.text ?? pending?.text ?? live ?? "";
  const rich = kind === "assistant" || kind === "staff";
  const said = rich ? markdown(live ? closed(text) : text, context.hosts) : text;
  const shows = last || pending || entry?.delivery;
  return [
    h(
      "div",
      { class: first ? "who" : "vh" },
      kind === "assistant" && icon("spark"),
      kind === "note" && icon("note"),
      `${who}${kind === "note" ? " · only your team sees this" : ""}`,
    ),
    h("div", { class: "bubble", dir: "auto" }, said),
    ...(shows && !live ? [meta(line, context)] : []),
  ];
}

function content(line: Line, context: RowContext): Node[] {
  const { entry, day } = line;
  if (day) return [h("h3", {}, day)];
  if (entry?.kind === "call") return [call(entry, context.print)];
  if (entry?.kind === "status") {
    const at = timeOf(line);
    return [
      h(
        "p",
        {},
        `${statusWords(entry, context)} `,
        h(
          "time",
          { datetime: entry.at, title: context.format.exact(at) },
          context.format.clock(at),
        ),
      ),
    ];
  }
  if (entry?.kind === "system") return [h("p", { dir: "auto" }, entry.text)];
  return message(line, context);
}

export function lineRow(context: RowContext): Row<Line> {
  const element = h("div");
  const draw = once<Line>((line) => {
    const place = [line.first && "first", line.last && "last", line.live && "live"];
    const state = line.pending && `pending ${line.pending.state}`;
    const kind = line.day ? "day" : kindOf(line);
    element.className = ["row", `row--${kind}`, ...place, state].filter(Boolean).join(" ");
    // A tool's details stay open while its row moves about.
    if (line.entry?.kind === "call" && element.firstChild) return;
    element.replaceChildren(...content(line, context));
  });
  return { element, draw };
}
