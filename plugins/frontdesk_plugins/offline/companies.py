"""People that are listed one by one: "me, my wife and two kids", "4 adults, 2 kids"."""

import re
from collections.abc import Sequence
from functools import cache

import msgspec

from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.numbers import (
    END,
    HOW_MANY,
    NUMBER,
    SOME,
    UNCOUNTED,
    is_limit,
    number,
)
from frontdesk_plugins.offline.reading import Found, any_of, is_negated

_KIDS = {
    "kid", "kids", "child", "children", "baby", "babies", "toddler", "toddlers", "infant",
    "infants", "son", "sons", "daughter", "daughters", "little one", "little ones", "littles",
    "kiddies", "kiddos", "bub", "year old", "year olds",
}  # fmt: skip
_GROWN = {
    "boy", "boys", "girl", "girls", "teenager", "teenagers", "teens", "men", "women", "man",
    "woman", "ladies", "lady", "gents", "lads", "lasses", "blokes", "seniors", "pensioners",
    "oaps", "students", "oldies", "females", "males", "couples",
}  # fmt: skip
_TOTALS = {*words.PEOPLE, "seats", "places", "spots", "altogether", "all together", "all in"} - {
    "adults", "adult", "grown ups", "grown-ups", "grownups",
}  # fmt: skip
_SIZES: dict[str, int] = {
    **dict.fromkeys([*_KIDS, *_GROWN, *words.PEOPLE], 0),
    **words.RELATIONS,
    **dict.fromkeys(["missus", "mrs", "other half", "better half", "fella", "bloke", "bub", "kiddo",
                     "boy", "girl", "man", "woman", "lady", "little one", "buddy", "plus one",
                     "teenager", "pal", "nana", "granny", "gran", "stepson", "niece", "nephew"], 1),
    **dict.fromkeys(["in laws", "folks"], 0),
}  # fmt: skip
"""How many "my ..." is; 0 where only a number in front of it tells."""
_BARE_KIN = ("mum", "mom", "dad", "wife", "husband", "hubby", "partner", "girlfriend", "boyfriend",
             "gf", "bf", "baby", "toddler", "sister", "brother", "son", "daughter")  # fmt: skip


class _Item(msgspec.Struct, frozen=True):
    """One member of a company, or several: "my wife", "two small kids", "me", "3"."""

    start: int
    end: int
    size: int
    """0 where it cannot be told."""
    noun: str = ""
    is_self: bool = False
    owned: bool = False
    """ "My ..." says that the speaker is somebody else."""
    join: str = ""
    """The word that joins it to the one before."""


@cache
def _items() -> re.Pattern[str]:
    nouns = any_of({*_SIZES, *_TOTALS})
    single = any_of(noun for noun in _SIZES if noun not in _TOTALS)
    crowds = (noun for noun, size in _SIZES.items() if size == 0 and noun not in _TOTALS)
    # Up to two words that describe: "12 hungry rugby lads".
    stop = (
        r"(?:vegans?|vegetarians?|veggies?|coeliacs?|celiacs?"
        r"|and|or|with|for|at|on|in|of|plus|the|an?|my|our|to|is|are|by|no|not|maybe)\b"
    )
    kind = rf"(?:(?!{stop})[a-z][a-z'-]*\s+){{0,2}}?"
    begin = r"(?<![\w.,:/$\u20ac\u00a3#-])"
    return re.compile(
        rf"\b(?P<self>me|myself|i)\b(?!['\u2019])"
        rf"|\ban?\s+\d{{1,2}}[- ]?(?P<aged>year[- ]old)\b"
        rf"|{begin}(?:(?P<owner>my|our|his|her|their)\s+)?(?P<count>{NUMBER})\s*-?\s*"
        rf"(?:\d{{1,2}}[- ](?=year)|{kind})(?P<noun>{nouns})\b"
        rf"|\b(?P<whose>my|our|his|her|their|the|an?|another|one other)\s+{kind}(?P<who>{single})\b(?!'s)"
        rf"|(?:(?<=and )|(?<=with )|(?<=plus )|(?<=[&+] )|(?<=some ))(?P<some>{any_of(crowds)})\b"
        rf"|\b(?P<kin>{any_of(_BARE_KIN)})\b(?!'s)"
        rf"|\b(?P<pronoun>her|him|another)\b"
        rf"|{begin}(?P<bare>{NUMBER}){END}{UNCOUNTED}(?!{SOME.pattern})"
    )


_GAP = re.compile(
    r"[\s,(:;.\-]*(?P<join>\band\b|&|\+|\bplus\b|\bwith\b|\bincluding\b|\bincl\b\.?|\binc\b\.?|\bn\b"
    r"|\bas well as\b)?\s*(?:also\s+)?"
)


def _item(match: re.Match[str], join: str) -> _Item:
    start, end = match.span()
    if match["self"]:
        return _Item(start, end, 1, is_self=True, join=join)
    if match["aged"]:
        return _Item(start, end, 1, "kid", join=join)
    noun = match["noun"] or match["who"] or match["kin"] or match["some"] or ""
    owned = match["owner"] is not None or match["whose"] in {"my", "our"} or bool(match["kin"])
    if match["count"] or match["bare"]:
        size = number(match["count"] or match["bare"]) or 0
        size *= 2 if noun == "couples" else 1
        return _Item(start, end, size, noun, owned=owned, join=join)
    size = 1 if match["pronoun"] else _SIZES.get(noun, 0)
    return _Item(start, end, size, noun or "person", owned=owned, join=join)


def _companies(text: str) -> list[list[_Item]]:
    """People that are listed one after the other."""
    groups: list[list[_Item]] = []
    for match in _items().finditer(text):
        last = groups[-1][-1] if groups else None
        gap = _GAP.fullmatch(text, last.end, match.start()) if last else None
        item = _item(match, (gap and gap["join"]) or "")
        spaced = gap is not None and not gap[0].strip()
        if last and gap and (not spaced or (item.noun and last.noun)):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _total(items: Sequence[_Item], text: str) -> tuple[tuple[int, ...], str] | None:
    """How many they are, or the numbers that they may be; None when they are no company."""
    first, rest = items[0], items[1:]
    if not rest:
        return _single(first, text)
    if all(not item.noun and not item.is_self for item in items):
        added = all(item.join in {"+", "plus"} for item in rest)
        return ((sum(item.size for item in items),), "") if added else None
    has_self = any(item.is_self for item in items)
    if any(item.size == 0 for item in items):
        return (), HOW_MANY
    further = sum(item.size for item in rest)
    whole = not first.is_self and (not first.noun or first.noun in _TOTALS)
    if whole and rest[0].is_self and rest[0].join == "with":
        return (first.size, first.size + 1), HOW_MANY
    if whole and first.size >= further and rest[0].join.startswith("inc"):
        # "4 including 2 kids" is all of them,
        return (first.size,), ""
    if whole and first.size == further and rest[0].join in {"with", ""}:
        # and so is "6 people (4 adults, 2 kids)".
        return (first.size,), ""
    selves = sum(item.is_self for item in items)
    total = first.size + further - max(0, selves - 1)
    if total == 1:
        return None
    if whole and rest[0].join in {"with", ""} and not has_self:
        return (first.size, total), HOW_MANY
    if not has_self and not whole and all(item.owned for item in items):
        return (total, total + 1), HOW_MANY
    return (total,), ""


def _single(item: _Item, text: str) -> tuple[tuple[int, ...], str] | None:
    if not item.noun or item.is_self or item.size == 0 or item.noun in _KIDS:
        return None
    if (
        not text[item.start].isdigit()
        and number(text[item.start : item.end].split(maxsplit=1)[0]) is None
    ):
        # "My wife", "a friend".
        return None
    if SOME.match(text, item.end) and not re.match(r"\s+are coming\b", text[item.end :]):
        return (), ""
    if item.owned or item.noun not in _TOTALS | _GROWN | set(words.PEOPLE):
        return (item.size, item.size + 1), HOW_MANY
    return (item.size,), ""


def listed(text: str) -> list[Found]:
    found: list[Found] = []
    for items in _companies(text):
        start, end = items[0].start, items[-1].end
        total = _total(items, text)
        if total is None or is_negated(text, start, end):
            continue
        values, why = total
        if is_limit(text, start, end):
            values, why = (), HOW_MANY
        found.append(Found(start, end, values, why))
    return found
