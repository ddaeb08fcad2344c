/** Whatever accent a business picks, text stays readable (WCAG 2.2: 4.5 to 1). */

const ENOUGH = 4.5;

type Rgb = [number, number, number];

function rgb(hex: string): Rgb {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(rgb(one)), luminance(rgb(other))].sort((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** White where it can be read on this colour, else black (one of both always can). */
export function textOn(color: string): string {
  return contrast(color, "#ffffff") >= ENOUGH ? "#ffffff" : "#000000";
}

/** This colour, moved towards `ink` until it can be read on every one of these surfaces. */
export function readable(color: string, ink: string, ...surfaces: string[]): string {
  for (let step = 0; step <= 20; step++) {
    const candidate = mix(color, ink, step / 20);
    if (surfaces.every((surface) => contrast(candidate, surface) >= ENOUGH)) return candidate;
  }
  return ink;
}

function mix(from: string, to: string, share: number): string {
  const end = rgb(to);
  const mixed = rgb(from).map((part, i) => Math.round(part + ((end[i] ?? 0) - part) * share));
  return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
