/** The staff inbox: mounts itself on the page's `#console`. */

import { h, set } from "../dom";
import { createFormat } from "../format";
import type { Verb } from "./actions";
import { actions } from "./actions";
import { createAlerts } from "./alerts";
import { createApi, Problem } from "./api";
import { createSession, nameOf } from "./session";
import type { Me } from "./types";
import { isMine } from "./views";
import { createComposer } from "./ui/composer";
import { createCustomer } from "./ui/customer";
import * as dialogs from "./ui/dialogs";
import { createList } from "./ui/list";
import { iconButton } from "./ui/icons";
import { shortcuts } from "./ui/shortcuts";
import { createThread } from "./ui/thread";

const BASE = "/console";
const SECOND = 1_000;
const ACTIVE = 60 * SECOND;

type Pane = "list" | "thread" | "customer";

/** Says complete sentences once; the same words twice need an empty moment in between. */
function announcer() {
  const element = h("div", { class: "vh", role: "status" });
  let saying: string[] = [];
  const say = (words: string) => {
    if (saying.push(words) > 1) return;
    element.textContent = "";
    setTimeout(() => {
      element.textContent = saying.join(" ");
      saying = [];
    }, 60);
  };
  return { element, say };
}

/** Back to here after signing in; a fragment would not survive it. */
function signedOut(): void {
  const id = location.hash.slice(1);
  const here = encodeURIComponent(id ? `${BASE}?conversation=${id}` : BASE);
  location.assign(`${BASE}/sign-in?next=${here}`);
}

function mount(root: HTMLElement, me: Me, api: ReturnType<typeof createApi>): void {
  const { element: status, say } = announcer();
  const format = createFormat(navigator.language, me.business.timezone, me.business.currency);
  const alerts = createAlerts(document.title, (id) => (location.hash = id));
  let frame = 0;
  let pane: Pane = "list";

  /** Words can come faster than the screen shows them: at most one drawing a frame. */
  const draw = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      drawNow();
    });
  };

  const session = createSession(api, me, draw, {
    say,
    signedOut,
    call: (item) => {
      alerts.call(item);
      say(`${nameOf(item)} ${item.status === "queued" ? "is waiting" : "wrote"}`);
    },
  });
  const { state, listing } = session;
  const composer = createComposer(session);
  const customer = createCustomer();
  const show = (next: Pane) => {
    pane = next;
    draw();
  };

  const act = (verb: Verb) => {
    const item = state.thread?.item;
    if (!item || state.busy || !actions(item, me.staff).some((one) => one.verb === verb)) return;
    if (verb === "assign") dialogs.assign(session);
    else if (verb === "snooze") dialogs.snooze(session);
    else if (verb === "hand_back") dialogs.handBack(session);
    else if (verb === "block") dialogs.block(session, nameOf(item));
    else
      void session.act(verb).then((done) => {
        if (!done || (verb !== "accept" && verb !== "take_over")) return;
        composer.focus("staff");
        // The last one of a list is looked at where it is now.
        if (!listing.rows().length) void session.show("mine", "");
      });
  };
  const help = () => dialogs.help(composer.enterSends(), composer.setEnterSends);
  const leave = () => {
    if (location.hash) history.pushState(null, "", location.pathname);
    session.close();
    show("list");
    list.element.querySelector<HTMLElement>(".item")?.focus();
  };

  const list = createList({ session, hasDraft: composer.hasDraft, help, alerts });
  const thread = createThread({
    session,
    composer,
    format,
    act,
    back: leave,
    details: () => show(pane === "customer" ? "thread" : "customer"),
  });
  const line = h("p", { class: "strip strip--line", role: "status" });
  const wrong = h("span");
  const error = h(
    "div",
    { class: "toast", role: "alert" },
    wrong,
    iconButton("close", "Dismiss", session.dismiss),
  );
  const aside = h(
    "aside",
    { class: "pane pane--customer", "aria-label": "Customer" },
    iconButton(
      "back",
      "Back to the conversation",
      () => (show("thread"), thread.focus()),
      "only-narrow",
    ),
    customer.element,
  );

  const drawNow = () => {
    const item = state.thread?.item;
    root.dataset.pane = state.thread ? (pane === "list" ? "thread" : pane) : "list";
    const offline = navigator.onLine === false;
    const words = offline
      ? "You are offline. What you write is kept."
      : state.slow
        ? "Reconnecting…"
        : "";
    if (line.textContent !== words) line.textContent = words;
    line.hidden = !words;
    if (wrong.textContent !== state.error) wrong.textContent = state.error;
    error.hidden = !state.error;
    list.draw();
    thread.draw();
    customer.draw(item, state.thread?.customer);
    const unread = listing.all().filter((one) => isMine(one, me.staff.id) && one.unread).length;
    alerts.count((listing.counts().queued ?? 0) + unread);
  };

  /** The address names the open conversation: back and forward work, and links can be shared. */
  const follow = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (document.getElementById(id)) return; // a place on the page, not a conversation
    if (!id) {
      session.close();
      return show("list");
    }
    show("thread");
    const loaded = session.open(id);
    drawNow();
    list.reveal();
    thread.focus();
    // What was not in the list has its heading only now.
    void loaded?.then(() => {
      drawNow();
      if (document.activeElement === document.body) thread.focus();
    });
  };

  const beside = (step: number) => {
    const id = list.beside(step);
    if (id) location.hash = id;
  };
  const write = (kind: "staff" | "note") => state.thread?.item && composer.focus(kind);
  shortcuts({
    j: () => beside(1),
    k: () => beside(-1),
    r: () => write("staff"),
    n: () => write("note"),
    e: () => act("resolve"),
    a: () => act("assign"),
    t: () => (act("accept"), act("take_over")),
    "/": list.search,
    "?": help,
    Escape: () => (pane === "customer" ? show("thread") : state.thread && leave()),
  });

  root.replaceChildren(
    line,
    h("div", { class: "panes" }, list.element, thread.element, aside),
    error,
    status,
  );
  set(root, "aria-busy", undefined);
  let active = Date.now();
  const stir = () => {
    if (Date.now() - active < ACTIVE) return;
    active = Date.now();
    session.active();
  };
  for (const event of ["pointerdown", "keydown", "focus"]) addEventListener(event, stir, true);
  addEventListener("hashchange", follow);
  addEventListener("beforeunload", (event) => session.isBusy() && event.preventDefault());
  for (const event of ["online", "offline"]) addEventListener(event, draw);
  setInterval(() => {
    list.tick();
    const until = state.thread?.typing;
    if (until && until < Date.now() + SECOND) draw();
  }, SECOND);
  // Pages of plugins name a conversation like this; signing in keeps a query, and no fragment.
  const named = new URLSearchParams(location.search).get("conversation");
  if (named) history.replaceState(null, "", `${location.pathname}#${encodeURIComponent(named)}`);
  session.start();
  drawNow();
  if (location.hash.length > 1) follow();
}

async function start(root: HTMLElement): Promise<void> {
  const api = createApi(BASE);
  root.classList.add("inbox");
  try {
    mount(root, await api.me(), api);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return signedOut();
    const words = error instanceof Error ? error.message : "";
    root.replaceChildren(
      h(
        "div",
        { class: "empty-state", role: "alert" },
        h("p", {}, h("b", {}, "The inbox cannot be loaded")),
        h("p", { class: "muted" }, words),
      ),
    );
  }
}

const root = document.getElementById("console");
if (root) void start(root);
