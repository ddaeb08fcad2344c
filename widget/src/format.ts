/** Dates and times, in the visitor's language and the business's time zone. */

import type { Data } from "./types";
import { text } from "./values";

export class Format {
  constructor(
    private locale: string,
    /** The business's zone; "" is the visitor's own. */
    readonly zone: string,
  ) {}

  /** `19:30` beside a message: the visitor's own clock. */
  clock(at: number): string {
    return this.print(new Date(at), { hour: "numeric", minute: "2-digit" });
  }

  exact(at: number): string {
    return this.print(new Date(at), { dateStyle: "full", timeStyle: "short" });
  }

  /** "today", "yesterday", or the date. */
  day(at: number, now = Date.now()): string {
    const midnight = (time: number) => new Date(time).setHours(12, 0, 0, 0);
    const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
    if (days === 0 || days === -1) {
      return new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" }).format(days, "day");
    }
    return this.print(new Date(at), { weekday: "long", day: "numeric", month: "long" });
  }

  /** When a booking is: from its instant, its wall clock, or the server's own words. */
  when(data: Data): { day: string; time: string } | null {
    const start = instant(data, "start");
    if (start) {
      const timeZone = this.zone || undefined;
      return {
        day: this.print(start, { weekday: "long", day: "numeric", month: "long", timeZone }),
        time: this.print(start, { hour: "numeric", minute: "2-digit", timeZone }),
      };
    }
    const wall = wallClock(text(data, "date"), text(data, "time"));
    if (wall) return { day: this.wallDay(wall), time: this.wallTime(wall) };
    const label = text(data, "label", "when");
    return label ? { day: label, time: "" } : null;
  }

  wallDay(wall: Date): string {
    return this.print(wall, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  }

  wallTime(wall: Date): string {
    return this.print(wall, { hour: "numeric", minute: "2-digit", timeZone: "UTC" });
  }

  /** The zone to name, where the visitor's clock shows something else than the business's. */
  foreignZone(at = new Date()): string {
    if (!this.zone) return "";
    const there = this.print(at, { timeZone: this.zone, dateStyle: "short", timeStyle: "short" });
    const here = this.print(at, { dateStyle: "short", timeStyle: "short" });
    return there === here ? "" : (this.zone.split("/").pop() ?? "").replace(/_/g, " ");
  }

  private print(date: Date, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.locale, options).format(date);
  }
}

/** An ISO instant with a zone; one without could be anybody's clock. */
export function instant(data: Data, name: string): Date | null {
  const value = text(data, name);
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/i.test(value)) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A wall clock as if it were UTC, to be printed as UTC: no zone can shift it. */
export function wallClock(date: string, time: string): Date | null {
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
  const clock = /^(\d\d?):(\d\d)/.exec(time);
  if (!day || !clock) return null;
  const [, year, month, dayOfMonth] = day.map(Number) as [number, number, number, number];
  const wall = new Date(Date.UTC(year, month - 1, dayOfMonth, Number(clock[1]), Number(clock[2])));
  return Number.isNaN(wall.getTime()) ? null : wall;
}
