/** A choice of this browser. Where storage is blocked, it holds for the visit at most. */
export function setting(name: string, value?: string): string | null {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return value ?? null;
  }
}
