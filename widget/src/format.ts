/** Dates, times and money, in the visitor's language and the business's time zone. */

import { text } from "./cards/context";
import type { Data } from "./types";

const DAY: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
const HOUR = 3_600_000;

export type Format = ReturnType<typeof createFormat>;

/**
 * `timeZone` is the business's; the visitor's own where it is not known. `currency` is the
 * business's too, for amounts that do not name one.
 */
export function createFormat(locale: string, timeZone?: string, currency = "") {
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
      const days = Math.round((noon(at) - noon(now)) / (24 * HOUR));
      if (days && days !== -1) return print(at, DAY);
      return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
    },

    /** When a business opens or closes next: the time, with its day if that is not today. */
    next: (iso: string): string => {
      const at = Date.parse(iso);
      if (!at) return "";
      const weekday = at - Date.now() > 18 * HOUR ? "short" : undefined;
      return print(at, { ...CLOCK, weekday, timeZone });
    },

    /** When a booking is: its wall clock, else its instant, else the server's own words. */
    when: (data: Data): { day: string; time: string } => {
      const [wall, at] = [wallClock(data), instant(data)];
      const local = { ...CLOCK, timeZone };
      // Where clocks go back, the time alone could be either of two.
      const twice =
        at && [-HOUR, HOUR].some((away) => print(+at + away, local) === print(at, local));
      const date = twice ? at : (wall ?? at);
      if (!date) return { day: text(data, "label"), time: "" };
      const zone = date === wall ? "UTC" : timeZone;
      return {
        day: print(date, { ...DAY, timeZone: zone }),
        time: print(date, {
          ...CLOCK,
          timeZone: zone,
          timeZoneName: twice ? "short" : undefined,
        }),
      };
    },

    /** An amount in minor units of its currency; "" for what is no number. */
    money: (minor: unknown, code?: string): string => {
      if (typeof minor !== "number") return "";
      try {
        const unit = code || currency;
        const digits = exponent(unit);
        return new Intl.NumberFormat(locale, {
          style: "currency",
          currency: unit,
          maximumFractionDigits: digits || undefined,
        }).format(minor / 10 ** digits);
      } catch {
        return ""; // not a currency: a number alone could be anything
      }
    },

    /** The place to name, where the visitor's clock shows something else than the business's. */
    foreign: (): string => {
      const now = Date.now();
      if (!timeZone || print(now, { ...CLOCK, timeZone }) === print(now, CLOCK)) return "";
      return (timeZone.split("/").pop() ?? "").replace(/_/g, " ");
    },
  };
}

/**
 * How many digits its minor unit has (ISO 4217). Intl is not asked: it says 0 or 2 for HUF, IDR and
 * others, depending on the browser's age, and a price must not.
 */
function exponent(code: string): number {
  if ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".includes(code)) return 0;
  return "BHD IQD JOD KWD LYD OMR TND".includes(code) ? 3 : "CLF UYW".includes(code) ? 4 : 2;
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
