"""Parts of a message that only say how some of the dish before them are: "two pizzas, one small"."""

import re
from functools import cache

import msgspec

from frontdesk.business import Business
from frontdesk_plugins.offline import goods
from frontdesk_plugins.offline.english import wording
from frontdesk_plugins.offline.reading import lower
from frontdesk_plugins.offline.remainders import Part

_ONES = re.compile(r"\s*\b(?:of (?:them|these|those)|ones?)\b\s*")


@cache
def _extras() -> re.Pattern[str]:
    return re.compile(rf"{wording('extras')}\b")


def spread(parts: list[Part], business: Business) -> list[Part]:
    """Every part with its dish. After a comma they are some of the dishes before ("two large
    margheritas, one with olives" are two), after "and" they are more."""
    found: list[Part] = []
    dish, left = -1, 0  # the place of the last dish, and how many of it are as it was said
    for part in parts:
        size, extras = _bare(part.words, business)
        if dish < 0 or not (size or extras):
            dish, left = len(found), part.count or 1
            found.append(part)
            continue
        count, whole = part.count or 1, found[dish]
        if (part.is_listed or left < (whole.count or 1)) and count <= left:
            left -= count
            found[dish] = msgspec.structs.replace(whole, left=left)
        words = _dish(whole.words, size, extras, business)
        found.append(msgspec.structs.replace(part, words=words))
    return [
        part if part.left is None else msgspec.structs.replace(part, count=part.left)
        for part in found
        if part.left != 0
    ]


def _bare(words: str, business: Business) -> tuple[str, str]:
    """The size and the extras of words that name nothing else."""
    plain = _ONES.sub(" ", lower(words)).strip()
    head, _, tail = plain.partition(" with")
    extras = f"with{tail}" if tail else ""
    if not head and not extras:
        return "", ""
    if _extras().match(plain) and not goods.dishes(plain, business):
        return "", plain
    return (head, extras) if goods.is_size(head, business) else ("", "")


def _dish(words: str, size: str, extras: str, business: Business) -> str:
    plain = [word for word in words.split() if not (size and goods.is_size(word, business))]
    return " ".join(part for part in (size, *plain, extras) if part)
