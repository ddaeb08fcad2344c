import { describe, expect, it, vi } from "vitest";

import { contrast, readable, textOn } from "../src/color";
import { createFormat } from "../src/format";
import { ENGLISH, fill, LANGUAGES, language, T, texts } from "../src/i18n";
import { LOCALES } from "./support";

describe("languages", () => {
  it("have every text in its place, filled in where it must be", () => {
    const names = Object.values(T).filter((name) => typeof name === "string");
    expect(Object.keys(LOCALES).sort()).toEqual([...LANGUAGES].sort());
    for (const [lang, named] of Object.entries(LOCALES)) {
      expect(Object.keys(named), lang).toEqual(names);
      for (const [name, text] of Object.entries(named)) {
        expect(text.trim(), `${lang} ${name}`).not.toBe("");
        expect(text.includes("{}"), `${lang} ${name}`).toBe(LOCALES.en?.[name]?.includes("{}"));
      }
    }
  });

  it("are fetched, except English, which is also there when they cannot be had", async () => {
    const french = Object.values(LOCALES.fr ?? {});
    const get = vi.fn(async () => new Response(JSON.stringify(french)));
    vi.stubGlobal("fetch", get);
    expect(await texts("https://desk.example", "en")).toBe(ENGLISH);
    expect(get).not.toHaveBeenCalled();
    expect((await texts("https://desk.example", "fr"))[T.send]).toBe("Envoyer");
    expect(get).toHaveBeenCalledWith("https://desk.example/widget/i18n/fr.json?v=test", {
      credentials: "omit",
    });
    for (const bad of [
      async () => new Response("", { status: 404 }),
      async () => new Response("<html>"),
      async () => Promise.reject(new TypeError("network")),
    ]) {
      vi.stubGlobal("fetch", bad);
      expect(await texts("https://desk.example", "fr")).toBe(ENGLISH);
    }
    vi.unstubAllGlobals();
  });

  it("are chosen by the first wish that can be met", () => {
    expect(language("", undefined, "pt-BR", "fr_CA", "de")).toMatchObject({
      locale: "fr-CA",
      dir: "ltr",
    });
    expect(language("ar")).toMatchObject({ locale: "ar", dir: "rtl" });
    expect(language("xx", "??")).toMatchObject({ locale: "en" });
    expect(language("de-")).toMatchObject({ locale: "de" });
  });

  it("fill in what is given, literally", () => {
    expect(fill("{} has joined.", "$& {}")).toBe("$& {} has joined.");
  });
});

describe("dates", () => {
  const format = createFormat("en-GB", "Europe/Rome");

  it("name today and yesterday", () => {
    const now = new Date(2026, 4, 2, 1, 0).getTime();
    expect(format.day(now, now)).toBe("today");
    expect(format.day(now - 2 * 3_600_000, now)).toBe("yesterday");
    expect(format.day(new Date(2026, 3, 20).getTime(), now)).toBe("Monday 20 April");
  });

  it("survive a zone that does not exist", () => {
    expect(createFormat("en", "Mars/Olympus").when({ start: "2026-09-04T19:30Z" }).time).not.toBe(
      "",
    );
  });

  it("name the zone where clocks show the same time twice", () => {
    const bella = createFormat("en-US", "America/New_York");
    const at = (start: string) => bella.when({ start, date: start.slice(0, 10), time: "01:30" });
    expect(at("2026-11-01T01:30-04:00").time).toBe("1:30 AM EDT");
    expect(at("2026-11-01T01:30-05:00").time).toBe("1:30 AM EST");
    expect(at("2026-11-02T01:30-05:00").time).toBe("1:30 AM");
  });

  it("keep a wall clock where clocks change", () => {
    expect(format.when({ date: "2026-03-29", time: "02:30" }).time).toBe("2:30");
  });
});

describe("money", () => {
  const money = (minor: unknown, code?: string) =>
    createFormat("en-US", undefined, "USD").money(minor, code);

  it("has as many digits as its currency", () => {
    expect([money(1250), money(1250, "JPY"), money(1250, "KWD")]).toEqual([
      "$12.50",
      "¥1,250",
      "KWD\u00a01.250",
    ]);
    expect(money(0)).toBe("$0.00");
  });

  it("does not depend on what the browser takes for its digits", () => {
    // Here Intl counts no digits for these two, where ISO 4217 has two and three.
    expect([money(450_000, "HUF"), money(1_500_000, "IQD")]).toEqual([
      "HUF\u00a04,500",
      "IQD\u00a01,500",
    ]);
  });

  it("is nothing rather than a number that could be anything", () => {
    expect([money("12"), money(undefined), money(12, "x")]).toEqual(["", "", ""]);
  });
});

describe("colours", () => {
  const accents = ["#000000", "#ffffff", "#ffd84d", "#777777", "#b4232c", "#2f5bea", "#00ff00"];

  it.each(accents)("text can be read on %s, and it on both surfaces", (accent) => {
    expect(contrast(accent, textOn(accent))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readable(accent, "#000000", "#f1f3f6"), "#f1f3f6")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readable(accent, "#000000", "#f1f3f6"), "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readable(accent, "#ffffff", "#24272e"), "#24272e")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readable(accent, "#ffffff", "#24272e"), "#17191e")).toBeGreaterThanOrEqual(4.5);
  });
});
