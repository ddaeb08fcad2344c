import { describe, expect, it } from "vitest";

import { backoff, retryAfter } from "../src/transport/backoff";

describe("back-off", () => {
  it("doubles up to half a minute", () => {
    expect([0, 1, 2, 5, 6, 7, 50].map((attempt) => backoff(attempt, 1))).toEqual([
      500, 1000, 2000, 16000, 30000, 30000, 30000,
    ]);
  });

  it("has full jitter", () => {
    expect(backoff(3, 0)).toBe(0);
    for (let i = 0; i < 100; i++) expect(backoff(1)).toBeLessThan(1000);
  });

  it("reads Retry-After as seconds or as a date", () => {
    const now = Date.parse("2026-05-01T10:00:00Z");
    expect(retryAfter("7", now)).toBe(7000);
    expect(retryAfter("Fri, 01 May 2026 10:00:09 GMT", now)).toBe(9000);
    expect(retryAfter("Fri, 01 May 2026 09:00:00 GMT", now)).toBe(0);
    expect(retryAfter("soon", now)).toBe(0);
    expect(retryAfter(null)).toBe(0);
  });
});
