"""Words as text messages: plain, counted in segments, cut where they are too long.

A segment is what networks carry and Twilio bills: 160 characters of GSM 03.38, or 70 UTF-16 units
when a single character is not among those; in longer messages 153 and 67, because each segment says
which one it is.
"""

import re
import unicodedata

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"
_UNITS = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENDED, 2)

LONGEST = 1600
"""UTF-16 units of one message, the limit of Twilio's API (its error 21617)."""
MOST_SEGMENTS = 10
"""Of one message. Handsets put them together in their order, which they do not do with messages."""


def is_gsm(text: str) -> bool:
    return all(char in _UNITS for char in text)


def segments(text: str) -> int:
    """How many segments carry this text."""
    if not text:
        return 0
    if is_gsm(text):
        return _packed([_UNITS[char] for char in text], 160, 153)
    return _packed([_utf16(char) for char in text], 70, 67)


def _packed(units: list[int], single: int, part: int) -> int:
    """No character is parted, whether it is an escape and a letter or two surrogates."""
    if sum(units) <= single:
        return 1
    count, room = 0, 0
    for size in units:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count


def _utf16(char: str) -> int:
    return 2 if ord(char) > 0xFFFF else 1


# ---- plain characters ------------------------------------------------------------------------

_ALIKE = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bc\u0060\u00b4\u2039\u203a\uff07",
    '"': "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\u301d\u301e\uff02",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u2022\u2023\u25e6\u25aa\u25cf\u00b7\u2219",
    " ": "\t\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000",
    "\n": "\u2028\u2029\x85",
    "...": "\u2026",
    "/": "\u2044\u2215",
    "x": "\u00d7",
    "->": "\u2192",
    "": "\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
}
_PLAIN = {ord(char): to for to, chars in _ALIKE.items() for char in chars}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STRAY_JOINERS = re.compile(r"(?<![\u2190-\U0010ffff\ufe0f])\u200d|[\ufe0e\ufe0f](?=[\x00-\x7f])")


def normal(text: str) -> str:
    """With typographic characters as GSM has them: one curly quote would more than halve what fits."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _STRAY_JOINERS.sub("", text.translate(_PLAIN))
    text = _CONTROLS.sub("", text)
    text = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


# ---- without markup --------------------------------------------------------------------------

_URL = re.compile(r"https?://[^\s<>*`\"']+[^\s<>*`\"'.,;:!?)\]}_]", re.IGNORECASE)
_LINK = re.compile(
    r"!?\[([^\[\]\n]*)\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\))?)>?(?:\s+[\"'][^\n]*?[\"'])?\s*\)"
)
_KEPT = re.compile("\ue000(\\d+)\ue001")
_RULE_OR_FENCE = re.compile(r"^\s*(?:```.*|~~~.*|(?:[-*_]\s*){3,}|={3,})\s*$")
_TABLE_LINE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_MARKS = (
    (re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$"), r"\1"),
    (re.compile(r"^\s{0,3}(?:>\s?)+"), ""),
    (re.compile(r"^(\s*)[*+\u2022]\s+"), r"\1- "),
)
_STYLES = (
    re.compile(r"(?<!\\)\*\*\*(?=\S)(.+?)(?<=\S)\*\*\*", re.DOTALL),
    re.compile(r"(?<!\\)\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL),
    re.compile(r"(?<![\\\w])__(?=\S)(.+?)(?<=\S)__(?!\w)", re.DOTALL),
    re.compile(r"(?<![\\\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])"),
    re.compile(r"(?<![\\\w])_(?=[^\s_])([^\n]+?)(?<=\S)_(?!\w)"),
    re.compile(r"(?<!\\)~~(?=\S)(.+?)(?<=\S)~~"),
    re.compile(r"`+([^`\n]+)`+"),
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")


def unmarked(text: str) -> str:
    """Without Markdown, which a telephone shows as it stands. Addresses stay letter by letter."""
    urls: list[str] = []

    def keep(url: str) -> str:
        urls.append(url)
        return f"\ue000{len(urls) - 1}\ue001"

    def link(found: re.Match[str]) -> str:
        return keep(found[2]) if found[1] in ("", found[2]) else f"{found[1]}: {keep(found[2])}"

    text = _LINK.sub(link, text.replace("\ue000", "").replace("\ue001", ""))
    text = _URL.sub(lambda m: keep(m[0]), text)
    lines = [line for line in text.split("\n") if not _RULE_OR_FENCE.match(line)]
    text = "\n".join(_line(line) for line in lines if not _TABLE_LINE.match(line))
    for style in _STYLES:
        text = style.sub(r"\1", text)
    text = _ESCAPED.sub(r"\1", re.sub(r"<(\ue000\d+\ue001)>", r"\1", text))
    return _KEPT.sub(lambda m: urls[int(m[1])], text)


def _line(line: str) -> str:
    if row := _ROW.match(line):
        return ", ".join(cell.strip() for cell in row[1].split("|") if cell.strip())
    for mark, to in _MARKS:
        line = mark.sub(to, line)
    return line


# ---- cutting ---------------------------------------------------------------------------------

_NUMBERING = 8
"""Room for "(10/12) "."""
_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?])\s+"),
    re.compile(r"\s+"),
)
"""Paragraphs, lines, sentences, words; the first that leaves a message at least half full. No address
has blanks in it, so none is cut."""


def split(text: str) -> list[str]:
    """One message, or several that begin with "(1/3) ", because they may arrive out of order."""
    text = text.strip()
    if not text:
        return []
    if _fits(text):
        return [text]
    parts: list[str] = []
    while text:
        end = _end(text)
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [f"({n}/{len(parts)}) {part}" for n, part in enumerate(parts, 1)]


def _fits(text: str, room: int = 0) -> bool:
    numbered = "0" * room + text
    return sum(map(_utf16, numbered)) <= LONGEST and segments(numbered) <= MOST_SEGMENTS


def _end(text: str) -> int:
    """Where the next message of this text ends."""
    low, high = 1, min(len(text), LONGEST)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _fits(text[:middle], _NUMBERING) else (low, middle - 1)
    if low == len(text):
        return low
    for least in (low // 2, 0):
        for pattern in _BREAKS:
            ends = [m.start() for m in pattern.finditer(text, 0, low + 1) if m.start() > least]
            if ends:
                return ends[-1]
    while low > 1 and _continues(text[low]):
        low -= 1
    return low


def _continues(char: str) -> bool:
    """Whether it belongs to the character before it."""
    return unicodedata.category(char) in ("Mn", "Me", "Mc") or char in "\u200d\ufe0f"
