/** Rows that stay the same elements while what they show changes: focus and selection survive. */

export interface Row<T> {
  element: HTMLElement;
  draw(value: T): void;
}

/** Returns `draw(values)`; each value has a key, and its row is made when the key is new. */
export function keyed<T>(parent: Element, key: (value: T) => string, make: (value: T) => Row<T>) {
  const rows = new Map<string, Row<T>>();

  return (values: T[]) => {
    const keys = new Set(values.map(key));
    for (const [name, { element }] of rows) {
      if (keys.has(name)) continue;
      element.remove();
      rows.delete(name);
    }
    let next: ChildNode | null = parent.firstChild;
    for (const value of values) {
      const name = key(value);
      const row = rows.get(name) ?? make(value);
      rows.set(name, row);
      row.draw(value);
      // Moving an element takes its focus away: only what stands wrong is moved.
      if (row.element === next) next = next.nextSibling;
      else parent.insertBefore(row.element, next);
    }
  };
}

/** Runs `draw` only where what it shows has changed. */
export function once<T>(draw: (value: T) => void, tale: (value: T) => unknown = (value) => value) {
  let told: string | undefined;
  return (value: T) => {
    const now = JSON.stringify(tale(value)) ?? "";
    if (now !== told) draw(value);
    told = now;
  };
}
