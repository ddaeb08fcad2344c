"""References and article numbers: by their shape, or by the pattern of their field."""

import re

from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.reading import BLANK, Found
from frontdesk_plugins.offline.slots import Slot

_CODE = re.compile(
    r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[^\W\d_])\w+(?:-\w+)*(?![\w-])|\b[A-Z]{2,}-[A-Z0-9]+\b"
)
"""Letters and digits in one word, or capitals with a hyphen."""
_PLAIN_CODE = re.compile(r"(?<![\w-])(?:[\w-]*\d[\w-]*|[A-Z]{4,})(?![\w-])")
"""As an answer also a mere number, or capitals."""
_TOKEN = re.compile(rf"[^\s,;!?(){BLANK}]+")
_MOST_TOKENS = 60
_AROUND = {"code", "number", "no", "nr", "ref", "reference", "stock", "size"}
"""Words beside a number that are no part of it."""


def code(slot: Slot, text: str, *, asked: bool) -> Found | None:
    """The one thing in the message that looks like a reference."""
    matches = [match for match in _CODE.finditer(text) if len(match[0]) >= 4]
    if asked and not matches:
        matches = list(_PLAIN_CODE.finditer(text))
    fits = [match for match in matches if not slot.problems(match[0])]
    if len(fits) != 1:
        return None
    value = fits[0][0].upper() if fits[0][0].islower() else fits[0][0]
    return Found(*fits[0].span(), (value,))


def fitting(slot: Slot, text: str) -> Found | None:
    """What the field's pattern tells from other words: one to three words, as they are or as one."""
    tokens = list(_TOKEN.finditer(text))[:_MOST_TOKENS]
    for size in (3, 2, 1):
        for n in range(len(tokens) - size + 1):
            start, end = tokens[n].start(), tokens[n + size - 1].end()
            piece = text[start:end].rstrip(".:")
            for value in _forms(piece):
                if BLANK not in value and not slot.problems(value):
                    return Found(start, end, (value,))
    return None


def _forms(piece: str) -> tuple[str, ...]:
    plain = (piece, piece.upper(), piece.lower())
    # "Is FF-2050 in" is no number in three parts, "7f3k 9qxm" is one in two.
    parts = piece.lower().split()
    is_spread = not any(part in words.STOPWORDS or part in _AROUND for part in parts)
    return (*plain, piece.replace(" ", "").upper()) if is_spread else plain
