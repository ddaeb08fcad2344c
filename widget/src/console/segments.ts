/** How many parts a text message is sent, and paid, in (GSM 03.38; UCS-2 for everything else). */

const BASIC =
  /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./\d:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
/** These take two places. */
const EXTENDED = /[\^{}\\[~\]|€]/g;

export function segments(text: string): number {
  const [length, alone, each] = BASIC.test(text)
    ? ([text.length + (text.match(EXTENDED)?.length ?? 0), 160, 153] as const)
    : ([text.length, 70, 67] as const);
  return length <= alone ? 1 : Math.ceil(length / each);
}
