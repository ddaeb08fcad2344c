/** What several tests need. */

import { createFormat } from "../src/format";
import type { Strings } from "../src/i18n";
import ar from "../src/locales/ar.json";
import de from "../src/locales/de.json";
import en from "../src/locales/en.json";
import es from "../src/locales/es.json";
import fr from "../src/locales/fr.json";
import it from "../src/locales/it.json";

/** By language: the texts by their names. */
export const LOCALES: Record<string, Record<string, string>> = { ar, de, en, es, fr, it };

export function strings(lang: string): Strings {
  return Object.values(LOCALES[lang] ?? {}) as unknown as Strings;
}

export function format(locale = "en-GB", zone = "Europe/Rome") {
  return createFormat(locale, zone, "EUR");
}
