"""Telephone numbers and e-mail addresses."""

import re
from functools import cache
from typing import TYPE_CHECKING

from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.reading import Context, Found, any_of, is_negated

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_EXTENSION = r"(?:extension|extn|ext|ex|x|#|press|option)"
_PHONE = re.compile(
    r"(?<![\w/:.])(?P<number>(?:\+|\(\+?)?\d(?:[\d\s().\-/]{4,22})\d)"
    r"(?![\s().\-/]*o?\d)"  # not a part of a longer one, or of one with an O for a zero
    rf"(?:[\s,;(]*{_EXTENSION}[.:\s#]*(?P<extension>\d{{1,6}})\b\)?|(?![\w:/]))"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+(?![\w@-])")
_MERE = re.compile(r"[\s+\d().\-]*")
_GROUP = re.compile(r"[1-9]\d{0,3} ")
"""A count or an hour in front of a number; what begins with 0 belongs to it."""
_TRAILING = re.compile(r" \d{1,2}$")
_LONG = 9
"""Digits of what can only be meant as a number."""
_MIN = 7
"""Characters of the shortest number that another number may stand in front of."""
_DIGITS = {word: n for word, n in words.UNITS.items() if word not in words.MISHEARD} | {
    "zero": 0, "oh": 0, "o": 0, "nought": 0,
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}


@cache
def _region(country: str) -> str | None:
    return country or None


def _parsed(text: str, country: str) -> "PhoneNumber | None":
    # Imported when a number is read: the tables cost more than the rest of this plugin.
    import phonenumbers  # noqa: PLC0415

    try:
        return phonenumbers.parse(text, _region(country))
    except phonenumbers.NumberParseException:
        return None


def _value(text: str, country: str, *, valid: bool) -> str | None:
    """E.164 when it is a real number. Otherwise, unless `valid` is asked for, the digits as typed
    if there are as many as in this country's numbers: the customer sees them again, and it is not
    ours to say which numbers exist."""
    import phonenumbers  # noqa: PLC0415

    number = _parsed(text, country)
    if number and phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if valid or not number or not phonenumbers.is_possible_number(number):
        return None
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    if len(str(number.national_number)) not in _lengths(region):
        return None
    return ("+" if text.lstrip(" (").startswith("+") else "") + re.sub(r"\D", "", text)


@cache
def _lengths(region: str) -> frozenset[int]:
    """Of the country's usual numbers, in digits after the trunk prefix."""
    import phonenumbers  # noqa: PLC0415

    kinds = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    return frozenset(len(str(one.national_number)) for one in examples if one)


def phones(text: str, context: Context, *, asked: bool = False) -> list[Found]:
    country, found = context.business.country, _dictated(text, context.business.country)
    taken = [(one.start, one.end) for one in found]
    for match in _PHONE.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        if is_negated(text, match.start()):
            continue
        start, piece = match.start(), match["number"]
        value = _value(piece, country, valid=True)
        # "4 212 555 0123": a number that is valid without the group in front of it.
        later = piece
        while value is None and _GROUP.match(later):
            later = later.split(" ", 1)[1]
            value = _value(later, country, valid=True) if len(later) >= _MIN else None
            start = match.end("number") - len(later) if value else start
        end = match.end()
        if value is None and _TRAILING.search(piece):
            # "212 555 0123 2 tonight": the same behind it.
            shorter = _TRAILING.sub("", piece)
            value = _value(shorter, country, valid=True)
            end = start + len(shorter) if value else end
        value = value or _value(piece, country, valid=False)
        if value:
            extension = f" ext. {match['extension']}" if match["extension"] else ""
            found.append(Found(start, end, (value + extension,)))
        elif asked or len(re.sub(r"\D", "", piece)) >= _LONG:
            found.append(Found(start, match.end(), (), unread(country)))
    if asked and not found and _MERE.fullmatch(text) and len(re.sub(r"\D", "", text)) >= 4:
        found.append(Found(0, len(text), (), unread(country)))
    return sorted(found, key=lambda one: one.start)


@cache
def _spoken() -> re.Pattern[str]:
    """Digits one by one as they are dictated: "oh two oh, double seven"."""
    one = rf"(?:(?:{any_of(_TIMES)}[ -])?(?:{any_of(_DIGITS)}|\d{{1,11}}))"
    return re.compile(rf"(?<![\w.])(?:plus )?{one}(?:[\s,.\-]{{1,3}}{one}){{3,20}}(?!\w)")


def _dictated(text: str, country: str) -> list[Found]:
    found: list[Found] = []
    for match in _spoken().finditer(text):
        digits, many, spoken = "", 1, False
        for word in re.findall(r"[a-z]+|\d+", match[0]):
            if word in _TIMES:
                many = _TIMES[word]
                continue
            spoken |= word in _DIGITS
            digits += str(_DIGITS.get(word, word)) * many
            many = 1
        if not spoken or len(digits) < _MIN:
            continue
        plus = "+" if match[0].startswith("plus") else ""
        value = _value(plus + digits, country, valid=False)
        values, why = ((value,), "") if value else ((), unread(country))
        found.append(Found(match.start(), match.end(), values, why))
    return found


def unread(country: str) -> str:
    """What to say of digits that are no number of this country."""
    of = f" of this country ({country})" if country else ""
    abroad = "for one from abroad" if country else "for any"
    return (
        f"I cannot read that as a telephone number{of}: it has too few or too many digits. "
        f"Please give the area code too, and {abroad} the country code, like +49 30 123456."
    )


def emails(text: str) -> list[Found]:
    return [
        Found(match.start(), match.end(), (match[0].strip("."),)) for match in _EMAIL.finditer(text)
    ]


def shown(value: str, country: str) -> str:
    """Grouped as people read it."""
    import phonenumbers  # noqa: PLC0415

    number = _parsed(value, country)
    if not number or not phonenumbers.is_valid_number(number):
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
