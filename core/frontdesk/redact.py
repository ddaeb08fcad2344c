"""What must never be stored: numbers and codes of payment cards, US social security numbers."""

import re
from collections.abc import Iterator
from typing import NamedTuple

CARD = "[card number removed]"
IDENTITY = "[social security number removed]"
"""What stands in the place of a number; rules (`triggers`) recognise it."""

_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_RUN = re.compile(
    rf"(?<!\d)\d(?:(?:[\s.\-\u2010-\u2015\u2212_·•\ufe0f\u20e3{_HIDDEN}]{{0,6}}|[,/|*()]{{1,2}})\d){{12,}}"
)
_GROUP = re.compile(rf"\d(?:[{_HIDDEN}]*\d)*")
_PRINTED = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 13), (4, 4, 5), (4, 3, 3, 3)}
"""How many digits stand together on cards."""
_ISSUERS = tuple(
    (re.compile(first), range(shortest, longest + 1, step))
    for first, shortest, longest, step in (
        (r"4", 13, 19, 3),  # Visa
        (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", 16, 16, 1),  # Mastercard
        (r"3[47]", 15, 15, 1),  # American Express
        (r"30[0-5]|309|3[689]", 14, 19, 1),  # Diners Club
        (r"6011|64[4-9]|65|62|60[78]|8[12]|50[89]", 16, 19, 1),  # Discover, UnionPay, RuPay
        (r"352[89]|35[3-8]|220[0-4]|9792|63[7-9]|50[67]", 16, 19, 1),  # JCB, Mir, Troy, Verve, Elo
        (r"5018|5020|5038|56|57|58|5893|6304|67", 13, 19, 1),  # Maestro
    )
)
"""How numbers begin and how long they are, by issuer (ISO/IEC 7812)."""

_PIECE = r"(?:\d{1,2}[./\-]\d{1,2}[./\-](?:\d{4}|\d\d)|\d{4}[-/.]\d\d[-/.]\d\d|\d{1,3}[.,]\d\d)"
_DATES = re.compile(rf"{_PIECE}(?:[\s\-\u2013,/|()]+{_PIECE})+")
"""Dates, times and prices one after the other."""
_PHONE = re.compile(
    r"(?:\+|\b(?:phone|telefone?|teléfono|téléphone|tel|fax|mobile?|cell|cellulare|móvil|handy|call|text|"
    r"whatsapp|(?:ruf)?nummer|número|numéro|numero|my number|imei|order|tracking)\b[^\d\n+]{0,20})$",
    re.IGNORECASE,
)
_CODE = r"(?:cvv2?|cvc2?|cvn|csc|prüfnummer|kartenprüfnummer|prüfziffer)(?:\s+(?:code|number|no))?"
_IS = r"[\s.:#=]{0,3}(?:(?:is|es|ist|est|è)\s+)?"
_LABELLED = re.compile(rf"\b{_CODE}{_IS}\d{{3,4}}(?!\d)", re.IGNORECASE)
_LINK = r"[\s,;:|/.#=()\-\u2013]{0,4}(?:(?:and|y|e|und|et)\s+)?"
_BESIDE = re.compile(
    rf"{_LINK}(?:(?:exp(?:iry|ires|iration|\.)?(?:\s+date)?|valid\s+(?:thru|until|till)|gültig\s+bis"
    rf"|ablauf(?:datum)?|caduca|caducidad|vence|vencimiento|expire|expiration|scadenza|scade){_IS})?"
    r"(?:0?[1-9]|1[0-2])(?:\s?[/.\-]\s?|\s)?(?:20)?\d\d(?![\d:])"
    rf"|{_LINK}(?:{_CODE}|security\s+code|code|cid|pin|sicherheitscode|código(?:\s+de\s+seguridad)?"
    rf"|cryptogramme|code\s+de\s+sécurité|codice(?:\s+di\s+sicurezza)?){_IS}\d{{3,4}}(?!\d)",
    re.IGNORECASE,
)
_MARK = re.compile(r"[^\d\s.\-]")
_BARE_CODE = re.compile(r"[\s,;|/]{1,3}\d{3,4}(?![\d:])")
_AREA, _MIDDLE, _SERIAL = r"(?!000|666|9)\d{3}", r"(?!00)\d\d", r"(?!0000)\d{4}(?!\d)"
_DASH = r"[-\u2010-\u2015]"
_SSN = re.compile(
    rf"(?<![\d\-]){_AREA}{_DASH}{_MIDDLE}{_DASH}{_SERIAL}"
    rf"|(?P<label>\b(?:ssn|social(?:\s+security)?(?:\s+(?:number|no\.?))?){_IS})"
    rf"{_AREA}[-. ]?{_MIDDLE}[-. ]?{_SERIAL}",
    re.IGNORECASE,
)


class _Group(NamedTuple):
    """Digits that stand together."""

    start: int
    end: int
    digits: str


def cards(text: str) -> tuple[str, bool]:
    """The text without card numbers (and expiry and code beside them), card codes and social
    security numbers, and whether there were any. Done twice it changes nothing more."""
    kept = text
    for start, end in reversed(list(_spans(text))):
        kept = kept[:start] + CARD + kept[end:]
    kept = _LABELLED.sub(CARD, kept)
    kept = _SSN.sub(lambda match: (match["label"] or "") + IDENTITY, kept)
    return kept, kept != text


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        groups = [
            _Group(found.start(), found.end(), "".join(str(int(c)) for c in found[0] if c.isdecimal()))
            for found in _GROUP.finditer(text, run.start(), run.end())
        ]  # fmt: skip
        yield from _of_run(text, groups)


def _of_run(text: str, groups: list[_Group]) -> Iterator[tuple[int, int]]:
    """The cards among groups of digits that nothing but separators parts, in order."""
    first = 0
    while first < len(groups):
        if first == 0 or len(groups[first].digits) >= 4:
            for last in _ends(groups, first):
                if _is_card(text, groups, first, last):
                    yield from _of_run(text, groups[:first])
                    end = _tail(text, groups[last].end)
                    yield groups[first].start, end
                    groups = [group for group in groups[last + 1 :] if group.start >= end]
                    first = -1
                    break
        first += 1


def _ends(groups: list[_Group], first: int) -> list[int]:
    """Where a card that begins with a group may end, the longest first. Checks issuer and length."""
    head = "".join(group.digits for group in groups[first : first + 4])
    lengths = {n for pattern, of in _ISSUERS if pattern.match(head) for n in of}
    found: list[int] = []
    length = 0
    for last in range(first, min(len(groups), first + 19) if lengths else first):
        length += len(groups[last].digits)
        if length in lengths:
            found.append(last)
    return found[::-1]


def _is_card(text: str, groups: list[_Group], first: int, last: int) -> bool:
    """It looks like a card rather than like dates or a telephone, and the check digit is right."""
    window = groups[first : last + 1]
    shape = tuple(len(group.digits) for group in window)
    start, end = window[0].start, window[-1].end
    if len(window) > 1 and shape not in _PRINTED:
        # Grouped in some other way it must stand alone, but for an expiry that shows as one.
        tail = _tail(text, end)
        is_alone = last + 1 == len(groups) or (
            tail >= groups[-1].end and _MARK.search(text, end, tail)
        )
        if first > 0 or not is_alone or _DATES.fullmatch(text, start, end):
            return False
    if sum(shape) < 16 and _PHONE.search(text, max(0, start - 40), start):
        return False
    if sum(shape) == 13 and shape[0] in (2, 3):  # a country's code
        return False
    return _luhn("".join(group.digits for group in window))


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1: from the right, every second digit counts double, digits of products summed."""
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(n - 9 * (n > 9) for n in doubled)) % 10 == 0


def _tail(text: str, at: int) -> int:
    """Where expiry and code that follow a card end."""
    for _ in range(3):
        beside = _BESIDE.match(text, at)
        if beside is None:
            break
        at = beside.end()
        if bare := _BARE_CODE.match(text, at):
            at = bare.end()
    return at
