/** Dates and times, in the visitor's language and the business's time zone. */

import { text } from "./cards/context";
import type { Data } from "./types";

const DAY: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };

export type Format = ReturnType<typeof createFormat>;

/** `timeZone` is the business's; the visitor's own where it is not known. */
export function createFormat(locale: string, timeZone?: string) {
  const print = (date: Date | number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, options).format(date);
  try {
    print(0, { timeZone });
  } catch {
    timeZone = undefined;
  }

  return {
    /** `19:30` beside a message: the visitor's own clock. */
    clock: (at: number) => print(at, CLOCK),
    exact: (at: number) => print(at, { dateStyle: "full", timeStyle: "short" }),

    /** "today", "yesterday", or the date. */
    day: (at: number, now = Date.now()): string => {
      const days = Math.round((noon(at) - noon(now)) / 86_400_000);
      if (days && days !== -1) return print(at, DAY);
      return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
    },

    /** When a business opens or closes next: the time, with its day if that is not today. */
    next: (iso: string): string => {
      const at = Date.parse(iso);
      if (!at) return "";
      const weekday = at - Date.now() > 64_800_000 ? "short" : undefined;
      return print(at, { ...CLOCK, weekday, timeZone });
    },

    /** When a booking is: its wall clock, else its instant, else the server's own words. */
    when: (data: Data): { day: string; time: string } => {
      const [wall, zone] = [wallClock(data), "UTC"];
      const date = wall ?? instant(data);
      if (!date) return { day: text(data, "label", "when"), time: "" };
      const options = { timeZone: wall ? zone : timeZone };
      return {
        day: print(date, { ...DAY, ...options }),
        time: print(date, { ...CLOCK, ...options }),
      };
    },

    /** The place to name, where the visitor's clock shows something else than the business's. */
    foreign: (): string => {
      const now = Date.now();
      if (!timeZone || print(now, { ...CLOCK, timeZone }) === print(now, CLOCK)) return "";
      return (timeZone.split("/").pop() ?? "").replace(/_/g, " ");
    },
  };
}

function noon(time: number): number {
  return new Date(time).setHours(12, 0, 0, 0);
}

/** An ISO instant with a zone; one without could be anybody's clock. */
function instant(data: Data): Date | undefined {
  const start = text(data, "start");
  return /T.*(Z|[+-]\d\d:?\d\d)$/.test(start) && Date.parse(start) ? new Date(start) : undefined;
}

/** A wall clock as if it were UTC, to be printed as UTC: no zone can shift it. */
function wallClock(data: Data): Date | undefined {
  const iso = `${text(data, "date")}T${text(data, "time").slice(0, 5)}Z`;
  return Date.parse(iso) ? new Date(iso) : undefined;
}
