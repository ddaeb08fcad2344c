"""Telephone numbers and e-mail addresses."""

import re
from functools import cache
from typing import TYPE_CHECKING

from frontdesk_plugins.offline.reading import Context, Found

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_PHONE = re.compile(r"(?<![\w/:.])(?:\+|\(\+?)?\d(?:[\d\s().\-/]{4,22})\d(?![\w:/])")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+(?![\w@-])")
_MERE = re.compile(r"[\s+\d().\-]*")
_GROUP = re.compile(r"[1-9]\d{0,3} ")
"""A count or an hour in front of a number; what begins with 0 belongs to it."""
_LONG = 9
"""Digits of what can only be meant as a number."""
_MIN = 7
"""Characters of the shortest number that another number may stand in front of."""


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
    """E.164 when it is a real number. Otherwise, unless `valid` is asked for, the digits as typed:
    the customer sees them again, and it is not ours to say which numbers exist."""
    import phonenumbers  # noqa: PLC0415

    number = _parsed(text, country)
    if number and phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = re.sub(r"\D", "", text)
    if valid or not number or not phonenumbers.is_possible_number(number):
        return None
    return ("+" if text.lstrip(" (").startswith("+") else "") + digits


def phones(text: str, context: Context, *, asked: bool = False) -> list[Found]:
    country, found = context.business.country, list[Found]()
    for match in _PHONE.finditer(text):
        start, piece = match.start(), match[0]
        value = _value(piece, country, valid=True)
        # "4 212 555 0123": a number that is valid without the group in front of it.
        later = piece
        while value is None and _GROUP.match(later):
            later = later.split(" ", 1)[1]
            value = _value(later, country, valid=True) if len(later) >= _MIN else None
            start = match.end() - len(later) if value else start
        value = value or _value(piece, country, valid=False)
        if value:
            found.append(Found(start, match.end(), (value,)))
        elif asked or len(re.sub(r"\D", "", piece)) >= _LONG:
            found.append(Found(start, match.end(), (), unread(country)))
    if asked and not found and _MERE.fullmatch(text) and len(re.sub(r"\D", "", text)) >= 4:
        found.append(Found(0, len(text), (), unread(country)))
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
