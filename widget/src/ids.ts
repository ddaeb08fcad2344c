/** 128 random bits. `randomUUID` exists in secure contexts only, and a shop's test page may not be one. */
export function randomId(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
