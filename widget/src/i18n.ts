/**
 * The visitor's language: the first that we have of what the page, the business and the browser say.
 * English is in the script; another language is fetched when it is needed.
 */

import english from "./locales/en.json";
import { T } from "./strings";

export { T };

export type Strings = { readonly [place in T]: string };

/** Changes with every text: a server of another version has no such file. Set by the build. */
declare const TEXTS: string;

export const LANGUAGES = ["en", "es", "fr", "de", "it", "ar"];

/** The build leaves only the values: the places of `T` are their names. */
export const ENGLISH = /* @__PURE__ */ Object.values(english) as unknown as Strings;

export interface Language {
  lang: string;
  /** With its region where one is known: for dates and numbers. */
  locale: string;
  dir: "ltr" | "rtl";
}

export function language(...wishes: (string | undefined)[]): Language {
  const known = wishes
    .map((locale = "") => ({ locale, lang: locale.split(/[-_]/)[0]?.toLowerCase() ?? "" }))
    .find(({ lang }) => LANGUAGES.includes(lang));
  const { locale, lang } = known ?? { locale: "en", lang: "en" };
  return { lang, locale: tag(locale, lang), dir: lang === "ar" ? "rtl" : "ltr" };
}

/** English where the language cannot be had: a chat in the wrong language is better than none. */
export async function texts(base: string, lang: string): Promise<Strings> {
  if (lang === "en") return ENGLISH;
  try {
    const url = `${base}/widget/i18n/${lang}.json?v=${TEXTS}`;
    const response = await fetch(url, { credentials: "omit" });
    if (response.ok) return await response.json();
  } catch {
    // as below
  }
  return ENGLISH;
}

/** Intl throws at tags that it cannot read. */
function tag(locale: string, lang: string): string {
  try {
    return new Intl.Locale(locale.replace("_", "-")).baseName;
  } catch {
    return lang;
  }
}

export function fill(template: string, value: string | number): string {
  return template.replace("{}", () => `${value}`);
}
