/** The visitor's language: the first that we have of what the page, the business and the browser say. */

import { T, TABLES } from "./strings";

export { T };

export type Strings = { readonly [name in T]: string };

/** `locale` has its region where one is known: for dates and numbers. */
export function language(...wishes: (string | undefined)[]) {
  for (const locale of [...wishes, "en"]) {
    const lang = /^[a-z]+/i.exec(locale ?? "")?.[0].toLowerCase() ?? "";
    const table = Object.entries(TABLES).find(([name]) => name === lang)?.[1];
    if (!table) continue;
    const t = table.split("|") as unknown as Strings;
    return { locale: tag(locale ?? lang, lang), dir: lang === "ar" ? "rtl" : "ltr", t };
  }
  throw new Error("unreachable: English is always there");
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
