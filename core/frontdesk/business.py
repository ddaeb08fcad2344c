"""The profile of a business, as its owner writes it in TOML."""

import re
from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from msgspec import Meta

from frontdesk.tools import ToolFile

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Ranges = tuple[str, ...]
"""Local opening ranges, "18:00-23:00". An end at or before the start is on the next day; "24:00"
is midnight at the end of the day. An empty list is a closed day."""

_RANGE = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_PLACEHOLDER = re.compile(r"(\{+\s*(\w*)\s*\}+)")
_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+")
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9.\-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


@lru_cache(maxsize=1000)
def parse_range(text: str) -> tuple[time, time]:
    """The two walls of "18:00-23:00". "24:00" comes back as 00:00, which means the next day.

    Raises ValueError for anything else.
    """
    if not _RANGE.fullmatch(text):
        raise ValueError(f"{text!r} is not a range of times like 18:00-23:00")
    opens, closes = text.split("-")
    return time.fromisoformat(opens), time(0) if closes == "24:00" else time.fromisoformat(closes)


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The weekly opening hours. A day that is not given is closed."""

    mon: Ranges = ()
    tue: Ranges = ()
    wed: Ranges = ()
    thu: Ranges = ()
    fri: Ranges = ()
    sat: Ranges = ()
    sun: Ranges = ()

    def of(self, day: date) -> Ranges:
        ranges: Ranges = getattr(self, WEEKDAYS[day.weekday()])
        return ranges


LocalDate = date
"""A name that a field called `date` does not hide."""


class HoursException(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other hours on some dates, both ends included. They replace the weekly hours of a date."""

    date: LocalDate
    until: LocalDate | None = None
    hours: Ranges = ()
    reason: str = ""

    def covers(self, day: LocalDate) -> bool:
        return self.date <= day <= (self.until or self.date)


class Faq(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: str
    answer: str


class BusinessPlugins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    disabled: tuple[str, ...] = ()


ID_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,62}$"
BusinessId = Annotated[str, Meta(pattern=ID_PATTERN)]


class Business(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tenant. Everything that it does not say, its pack's defaults or these defaults say."""

    id: BusinessId
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    pack: str = ""
    timezone: str = "UTC"
    """An IANA name, for example "Europe/Rome"."""
    locale: str = "en-US"
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "US"
    """ISO 3166; telephone numbers without a country code are read as of this country."""
    phone: str = ""
    email: str = ""
    website: str = ""
    address: str = ""
    directions: str = ""
    description: str = ""
    greeting: str = ""
    suggestions: tuple[str, ...] = ()
    accent: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")] = "#0f766e"
    privacy_url: str = ""
    personality: str = "friendly"
    voice: Annotated[str, Meta(max_length=2000)] = ""
    """How to speak, in the owner's words, instead of a personality. This and the two below are data
    for the prompt, never templates."""
    handbook: Annotated[str, Meta(max_length=20_000)] = ""
    """How this business works, instead of what the pack's prompt says of the industry."""
    instructions: str = ""
    """What the owner wants said or not said, in plain words."""
    hours: Hours = Hours()
    exceptions: tuple[HoursException, ...] = ()
    facts: dict[str, str] = {}
    """Short facts by topic ("parking" = "..."): they go into the prompt whole."""
    faq: tuple[Faq, ...] = ()
    tools: tuple[str, ...] = ()
    """Actions that no pack lists and this business wants as tools. The customer agrees first to those
    that can say what they would do (`Action.propose`)."""
    custom_tools: tuple[ToolFile, ...] = ()
    """Tools of the business's own, written as in a pack's tools/NAME.json; they replace the pack's."""
    allowed_origins: tuple[str, ...] = ()
    """Sites that may embed the widget: "https://example.com", "https://*.example.com"."""
    link_hosts: tuple[str, ...] = ()
    """Where links in replies may lead in the widget: "pay.example.com", "*.example.com". The host of
    `website` may always be linked; every other address is shown as text."""
    require_origin: bool = False
    monthly_budget: int = 0
    """Cents of US dollars that models may cost in a calendar month (UTC); 0 is no limit."""
    plugins: BusinessPlugins = BusinessPlugins()
    settings: dict[str, dict[str, Any]] = {}
    """Sections of plugins, for example [settings.booking]; each plugin checks its own."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def language(self) -> str:
        return self.locale.split("-")[0].lower()


def problems(business: Business) -> list[tuple[str, str]]:
    """What the types cannot say, as (dotted key, what was expected)."""
    found: list[tuple[str, str]] = []
    if business.timezone not in available_timezones():
        found.append(("timezone", f"{business.timezone!r} is not an IANA time zone"))
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", business.locale):
        found.append(("locale", f"{business.locale!r} is not a language tag like en-US"))
    week = [(f"hours.{day}", getattr(business.hours, day)) for day in WEEKDAYS]
    dates = [(f"exceptions.{n}.hours", e.hours) for n, e in enumerate(business.exceptions)]
    for key, ranges in week + dates:
        for text in ranges:
            try:
                parse_range(text)
            except ValueError as error:
                found.append((key, str(error)))
        starts = sorted(text for text in ranges)
        found += [
            (key, f"{first} and {second} overlap: write them as one")
            for first, second in pairwise(starts)
            if first[:5] < first[6:] and second[:5] < first[6:]
        ]
    for n, exception in enumerate(business.exceptions):
        if exception.until and exception.until < exception.date:
            found.append((f"exceptions.{n}.until", "the end is before the start"))
    found += [
        ("allowed_origins", f"{origin!r} is not an origin like https://example.com (no path)")
        for origin in business.allowed_origins
        if not _ORIGIN.fullmatch(origin)
    ]
    found += [
        ("link_hosts", f"{host!r} is not a host like pay.example.com (no scheme, no path)")
        for host in business.link_hosts
        if not _HOST.fullmatch(host)
    ]
    words: list[tuple[str, str, Sequence[str]]] = [("greeting", business.greeting, ("name",))]
    words += [(f"suggestions.{n}", text, ()) for n, text in enumerate(business.suggestions)]
    return found + [(key, said) for key, text, names in words for said in unfilled(text, names)]


def unfilled(text: str, names: Sequence[str]) -> list[str]:
    """What is wrong with the placeholders of a text in which only these are filled in."""
    known = ", ".join(f"{{{name}}}" for name in names)
    cure = f"known: {known}" if names else "nothing is filled in here, so customers would read it"
    return [
        f"the placeholder {whole} is unknown; {cure}"
        for whole, name in _PLACEHOLDER.findall(text)
        if whole != f"{{{name}}}" or name not in names
    ]
