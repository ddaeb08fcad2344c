"""Dates, times and money as a business's customers write them. Unicode's data, by way of Babel."""

from datetime import date, datetime

from frontdesk.business import Business
from frontdesk.hours import is_ambiguous


def day(business: Business, of: date) -> str:
    """Weekday, day and month; within a year the weekday tells the year too."""
    from babel.dates import format_skeleton  # noqa: PLC0415  26 ms that a start does not need

    return _plain(format_skeleton("MMMEd", of, locale=_locale(business)))


def clock(business: Business, at: datetime) -> str:
    """An aware time on the business's clocks, with the zone's name where they show it twice."""
    from babel.dates import format_time  # noqa: PLC0415

    local = at.astimezone(business.zone)
    text = _plain(format_time(local, "short", tzinfo=business.zone, locale=_locale(business)))
    twice = is_ambiguous(local.date(), local.time(), business.zone)
    return f"{text} {local:%Z}" if twice else text


def moment(business: Business, at: datetime) -> str:
    """Day and time."""
    local = at.astimezone(business.zone)
    return f"{day(business, local.date())}, {clock(business, at)}"


def money(business: Business, minor: int, currency: str | None = None) -> str:
    """An amount in minor units (ISO 4217 says how many make one) as the locale writes it."""
    from decimal import Decimal  # noqa: PLC0415

    from babel.core import Locale  # noqa: PLC0415
    from babel.numbers import format_currency, get_currency_symbol  # noqa: PLC0415

    code, locale = currency or business.currency, _locale(business)
    digits = decimals(code)
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    if get_currency_symbol(code, locale) == code:  # letters do not stand next to figures
        pattern = pattern.replace("¤#", "¤ #")
    # Unicode's data leaves out minor units that are no longer in use, but sums are kept in them.
    exact = pattern.replace(".00", "." + "0" * digits if digits else "")
    amount = Decimal(minor).scaleb(-digits)
    return _plain(format_currency(amount, code, exact, locale=locale, currency_digits=False))


_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}


def decimals(currency: str) -> int:
    """How many digits the minor unit has (ISO 4217, amendment 176)."""
    return next((digits for digits, codes in _DECIMALS.items() if currency in codes.split()), 2)


def _plain(text: str) -> str:
    """Without the no-break spaces, each of which would halve what fits into a text message."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def _locale(business: Business) -> str:
    from babel.core import UnknownLocaleError, get_locale_identifier, parse_locale  # noqa: PLC0415
    from babel.localedata import exists  # noqa: PLC0415

    try:
        name = get_locale_identifier(parse_locale(business.locale, sep="-"))
    except (ValueError, UnknownLocaleError):
        return "en_US"
    if exists(name):
        return name
    return business.language if exists(business.language) else "en_US"
