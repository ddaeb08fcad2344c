/**
 * Which addresses may be clicked. A model can be talked into writing any link, so web addresses
 * need a host that the business has listed; telephone and mail do not leave the page.
 */

export function safeLink(target: string, hosts: readonly string[]): string | null {
  if (/^(?:tel:\+?[\d\s().-]{3,32}|mailto:[\w.+%-]{1,64}@[\w.-]{1,255})$/i.test(target))
    return target;
  if (!/^https?:\/\//i.test(target)) return null;
  try {
    const url = new URL(target);
    if (url.username || url.password) return null;
    return hosts.some((host) => allows(host, url.hostname)) ? url.href : null;
  } catch {
    return null;
  }
}

/** `example.com` is that host alone; `*.example.com` every host below it. */
function allows(rule: string, host: string): boolean {
  return rule.startsWith("*.") ? host.endsWith(rule.slice(1)) : host === rule;
}
