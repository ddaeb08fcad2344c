import { describe, expect, it } from "vitest";

import { contrast, readable, textOn } from "../src/color";
import { createFormat } from "../src/format";
import { fill, language, T } from "../src/i18n";
import { TABLES } from "../src/strings";

describe("languages", () => {
  it("have every text, filled in where it must be", () => {
    const english = TABLES.en.split("|");
    for (const [name, table] of Object.entries(TABLES)) {
      const texts = table.split("|");
      expect(texts.length, name).toBe(T.closedUntil + 1);
      texts.forEach((text, i) => {
        expect(text.trim(), `${name} ${i}`).not.toBe("");
        expect(text.includes("{}"), `${name} ${i}`).toBe(english[i]?.includes("{}"));
      });
    }
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

  it("keep a wall clock where clocks change", () => {
    expect(format.when({ date: "2026-03-29", time: "02:30" }).time).toBe("2:30");
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
