/** When to try again. */

const FIRST = 500;
const LONGEST = 30_000;

/** Full jitter: a server that comes back is not met by everybody at once. */
export function backoff(attempt: number, random = Math.random()): number {
  return random * Math.min(LONGEST, FIRST * 2 ** attempt);
}

/** Milliseconds asked for by a Retry-After header: seconds or a date. 0 when there is none. */
export function retryAfter(header: string | null, now = Date.now()): number {
  if (!header) return 0;
  return Math.max(0, +header * 1000 || Date.parse(header) - now || 0);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves at once when the browser has a network, else when it gets one. */
export function online(): Promise<unknown> | undefined {
  if (navigator.onLine !== false) return undefined;
  return new Promise((resolve) => addEventListener("online", resolve, { once: true }));
}
