/** The transcript on the screen. It keeps the reader's place. */

import { button, h, set } from "../../dom";
import type { Format } from "../../format";
import { nameOf, type Session } from "../session";
import type { Thread } from "../thread";
import { lineRow, lines, type Line, type RowContext } from "./entry";
import { icon } from "./icons";
import { keyed } from "./keyed";

/** Nearer to the end than this, one is reading along. */
const NEAR = 160;

const WHEN: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" };

export function createLog(session: Session, format: Format) {
  const { timezone } = session.me.business;
  const context: RowContext = {
    format,
    print: {
      money: format.money,
      when: (iso) => new Date(iso).toLocaleString([], { ...WHEN, timeZone: timezone }),
    },
    // Elsewhere leads no link: what a customer could make the assistant say is shown, not linked.
    hosts: [location.hostname],
    me: session.me.staff.name,
    retry: session.retry,
    discard: session.discard,
  };
  const rows = h("div", { class: "rows" });
  const place = keyed<Line>(
    rows,
    ({ key }) => key,
    () => lineRow(context),
  );
  const more = button("button earlier", () => void earlier(), "Load earlier messages");
  const writer = h("div", { class: "typing" }, h("i"), h("i"), h("i"), h("span"));
  let follow = true;
  let count = 0;

  const log = h(
    "div",
    {
      class: "log",
      role: "log",
      // A reader would hear every piece of a reply: whole messages are announced elsewhere.
      "aria-live": "off",
      "aria-label": "Messages",
      tabindex: 0,
      onscroll: () => {
        follow = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
        if (follow) jump.hidden = true;
      },
    },
    more,
    rows,
    writer,
  );

  const toEnd = () => {
    follow = true;
    jump.hidden = true;
    log.scrollTop = log.scrollHeight;
  };
  const jump = button("jump", toEnd, icon("down"), "New messages");
  // A longer composer, a wider window: the end stays the end.
  new ResizeObserver(() => follow && toEnd()).observe(log);

  const earlier = async () => {
    const height = log.scrollHeight;
    set(more, "aria-disabled", "true");
    await session.earlier();
    set(more, "aria-disabled", undefined);
    requestAnimationFrame(() => (log.scrollTop += log.scrollHeight - height));
  };

  return {
    element: h("div", { class: "middle" }, log, jump),
    start: () => {
      follow = true;
      count = 0;
    },
    draw: (thread: Thread) => {
      more.hidden = !thread.hasEarlier;
      const shown = lines(thread, context);
      place(shown);
      const typing = thread.typing > Date.now();
      writer.hidden = !typing;
      (writer.lastChild as HTMLElement).textContent = `${nameOf(thread.item)} is typing`;
      if (thread.pending.some(({ state, at }) => state === "sending" && Date.now() - at < 500))
        follow = true;
      const ends = thread.entries.length + thread.pending.length;
      jump.hidden = follow || (jump.hidden && ends <= count);
      count = ends;
      if (follow) toEnd();
    },
  };
}
