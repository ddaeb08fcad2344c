"""Limits: "under $500", "at most 2 bedrooms", "a budget of 1,500", for the fields `max_X` and `min_X`."""

import re
from collections.abc import Sequence

from frontdesk import speech
from frontdesk_plugins.offline.intents import stem
from frontdesk_plugins.offline.numbers import SMALL, number
from frontdesk_plugins.offline.reading import Context, Found, any_of, is_negated
from frontdesk_plugins.offline.slots import Slot

_MOST = (
    r"under|below|less than|fewer than|cheaper than|at (?:the )?most|no more than|not more than|up to"
    r"|within|max(?:imum)?|not over|no higher than|budget|limit"
)
_LEAST = (
    r"over|above|more than|at least|from|min(?:imum)?|no less than|not under|not below|starting at"
    r"|upwards of"
)
_MONEY = r"(?P<money>dollars?|bucks|usd|euros?|eur|pounds?|quid|gbp|francs?|chf|[$\u20ac\u00a3])"
_LIMIT = re.compile(
    rf"(?:(?<!\w)(?P<most>{_MOST})|(?<!\w)(?P<least>{_LEAST}))(?:\s+(?:is|of|a|about|around|price|:))*\s*"
    rf"(?P<sign>[$\u20ac\u00a3])?\s?(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{any_of(SMALL)})(?![\d:/])"
    rf"\s?(?P<times>k|m|mil|million|thousand|grand)?(?!\w)\s*(?:{_MONEY})?(?:\s*(?P<unit>[a-z]+))?"
)
_TRAILING = re.compile(
    rf"(?P<sign>[$\u20ac\u00a3])?\s?(?<![\w.,-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{any_of(SMALL)})"
    rf"\s?(?P<times>k|m|million|thousand|grand)?\s*(?:{_MONEY})?(?:\s*(?P<unit>[a-z]+))??\s+"
    r"(?:(?P<most>or (?:less|fewer|under|below)|max(?:imum)?|at (?:the )?most|tops)"
    r"|(?P<least>or (?:more|over|above|up)|min(?:imum)?|at (?:the )?least))\b"
    rf"(?!\s+(?:of )?(?:[\d$\u20ac\u00a3]|{any_of(SMALL)}\b))"
)
_BETWEEN = re.compile(
    r"\bbetween\s+[$\u20ac\u00a3]?\s?(?P<least>\d[\d,]*(?:\.\d+)?)\s?(?:k|m)?\s+(?:and|to)\s+[$\u20ac\u00a3]?\s?"
    r"(?P<most>\d[\d,]*(?:\.\d+)?)\s?(?P<times>k|m|million|thousand|grand)?(?![\w:/])(?!\s*(?:[ap]\.?m|o'clock))"
)
_TIMES = {"k": 1000, "thousand": 1000, "grand": 1000, "m": 10**6, "mil": 10**6, "million": 10**6}
_PRICES = {
    "price", "rent", "cost", "budget", "asking", "rate", "amount", "fee", "total", "pay", "spend",
}  # fmt: skip
_BESIDE = {
    "", "a", "per", "each", "for", "as", "in", "with", "please", "and", "or", "on", "if", "is",
    "total", "all", "but", "near", "would", "ideally",
}  # fmt: skip
"""What may stand behind a bare number that is money; others are a day, an hour or a count."""
_MINOR = re.compile(r"\b(?:cents|minor units?|pence|centimes|c\u00e9ntimos|centesimi)\b")


def limit(slot: Slot, slots: Sequence[Slot], text: str, context: Context) -> Found | None:
    """What the text says of this field, if it is a limit at all."""
    side = _side(slot)
    if not side:
        return None
    if is_price(slot) and (match := _BETWEEN.search(text)):
        return Found(*match.span(side), (_value(slot, match[side], match["times"], context),))
    for pattern in (_LIMIT, _TRAILING):
        for match in pattern.finditer(text):
            if match[side] and not is_negated(text, match.start()) and _is_of(slot, slots, match):
                value = _value(slot, match["n"], match["times"], context)
                return Found(*match.span(), (value,))
    return None


def _side(slot: Slot) -> str:
    if slot.kind not in {"integer", "number"}:
        return ""
    first = slot.name.split("_")[0].lower()
    return {"max": "most", "min": "least"}.get(first, "")


def is_price(slot: Slot) -> bool:
    return bool(slot.words & _PRICES)


def _is_of(slot: Slot, slots: Sequence[Slot], match: re.Match[str]) -> bool:
    """Money is the limit of a price; a word behind the number tells what else it counts. A bare number
    is money too, where no other field has a limit on that side."""
    unit = stem(match["unit"] or "")
    if match["sign"] or match["money"] or match["times"]:
        return is_price(slot)
    counted = [one for one in slots if _side(one) == _side(slot) and _counts(one, unit)]
    return slot in counted if counted else is_price(slot) and (match["unit"] or "") in _BESIDE


def _counts(slot: Slot, unit: str) -> bool:
    """ "Bedrooms" are what `max_beds` limits."""
    words = {stem(word) for word in slot.words} - {"max", "min", "least", "most", "at"}
    return bool(unit) and any(unit.startswith(word) or word.startswith(unit) for word in words)


def _value(slot: Slot, said: str, times: str | None, context: Context) -> int | float:
    said = said.replace(",", "")
    value = float(said) if said[0].isdigit() else float(number(said) or 0)
    value *= _TIMES.get(times or "", 1)
    if is_price(slot) and _MINOR.search(str(slot.schema.get("description", "")).lower()):
        value *= 10 ** speech.decimals(context.business.currency)
    return int(value) if slot.kind == "integer" else value
