/** Whatever accent a business picks, text stays readable (WCAG 2.2: 4.5 to 1). */

const ENOUGH = 4.5;

function channels(hex: string): number[] {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = channels(hex).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number {
  const a = luminance(one) + 0.05;
  const b = luminance(other) + 0.05;
  return a > b ? a / b : b / a;
}

/** White where it can be read on this colour, else black (one of both always can). */
export function textOn(color: string): string {
  return contrast(color, "#ffffff") >= ENOUGH ? "#ffffff" : "#000000";
}

/** This colour, moved towards `ink` until it can be read on this surface. */
export function readable(color: string, ink: string, surface: string): string {
  const [from, to] = [channels(color), channels(ink)];
  let candidate = color;
  for (let share = 0.05; contrast(candidate, surface) < ENOUGH && share <= 1; share += 0.05) {
    const mixed = from.map((part, i) => Math.round(part + ((to[i] ?? 0) - part) * share));
    candidate = `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  }
  return candidate;
}
