/** How long ago, for how long, until when. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "42s", "3m", "1h 5m", "2d": as short as a list has room for. */
export function span(ms: number): string {
  const left = Math.max(0, ms);
  if (left < MINUTE) return `${Math.floor(left / 1000)}s`;
  if (left < HOUR) return `${Math.floor(left / MINUTE)}m`;
  if (left < DAY) {
    const minutes = Math.floor((left % HOUR) / MINUTE);
    return `${Math.floor(left / HOUR)}h${minutes ? ` ${minutes}m` : ""}`;
  }
  return `${Math.floor(left / DAY)}d`;
}

/** The same for ears. */
export function spoken(ms: number): string {
  const [unit, name] = ms < HOUR ? [MINUTE, "minute"] : ms < DAY ? [HOUR, "hour"] : [DAY, "day"];
  const count = Math.max(0, Math.floor(ms / (unit as number)));
  if (!count) return "less than a minute";
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

export interface Preset {
  title: string;
  until: Date;
}

/** What people put things off to, on their own clock. */
export function presets(now: Date): Preset[] {
  const at = (days: number, hour: number) => {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return date;
  };
  const monday = (8 - now.getDay()) % 7 || 7;
  const all: Preset[] = [
    { title: "In 1 hour", until: new Date(+now + HOUR) },
    { title: "In 3 hours", until: new Date(+now + 3 * HOUR) },
    { title: "Tomorrow at 9:00", until: at(1, 9) },
    { title: "Next Monday at 9:00", until: at(monday, 9) },
  ];
  return monday === 1 ? all.slice(0, 3) : all;
}

/** What an input of type datetime-local reads. */
export function local(date: Date): string {
  const shifted = new Date(+date - date.getTimezoneOffset() * MINUTE);
  return shifted.toISOString().slice(0, 16);
}
