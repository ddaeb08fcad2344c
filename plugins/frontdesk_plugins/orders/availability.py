"""When an item can be had, and how customers read that."""

from datetime import datetime, time, timedelta

from frontdesk import Business
from frontdesk.business import WEEKDAYS, parse_range
from frontdesk.hours import Span, to_utc
from frontdesk.speech import clock
from frontdesk_plugins.orders.menu import Item, Window
from frontdesk_plugins.orders.phrases import LANGUAGES
from frontdesk_plugins.orders.rules import OrderRules


def windows_of(rules: OrderRules, item: Item) -> tuple[Window, ...]:
    """Empty means: always."""
    return item.available or rules.category(item.category).available


def is_available(business: Business, windows: tuple[Window, ...], at: datetime) -> bool:
    return not windows or any(span.start <= at < span.end for span in _spans(business, windows, at))


def is_still_available(business: Business, windows: tuple[Window, ...], now: datetime) -> bool:
    """Now, or later on the same local day."""
    tomorrow = now.astimezone(business.zone).date() + timedelta(days=1)
    midnight = to_utc(tomorrow, time(0), business.zone)
    spans = _spans(business, windows, now)
    return not windows or any(span.end > now and span.start < midnight for span in spans)


def _spans(business: Business, windows: tuple[Window, ...], at: datetime) -> list[Span]:
    """Those that begin on the local day of `at` or the day before."""
    today = at.astimezone(business.zone).date()
    spans: list[Span] = []
    for day in (today - timedelta(days=1), today):
        for window in windows:
            if WEEKDAYS[day.weekday()] not in window.days:
                continue
            for text in window.hours:
                opens, closes = parse_range(text)
                last = day + timedelta(days=1) if closes <= opens else day
                start = to_utc(day, opens, business.zone)
                spans.append(Span(start, to_utc(last, closes, business.zone, closing=True)))
    return spans


def windows_label(business: Business, windows: tuple[Window, ...]) -> str:
    """ "Mon-Fri 12:00 PM-3:00 PM"."""
    return "; ".join(f"{_days(business, window)}{_hours(business, window)}" for window in windows)


def _days(business: Business, window: Window) -> str:
    from babel.dates import get_day_names  # noqa: PLC0415

    if len(window.days) == len(WEEKDAYS):
        return ""
    language = business.language if business.language in LANGUAGES else "en"
    names = get_day_names("abbreviated", locale=language)
    numbers = sorted(WEEKDAYS.index(day) for day in window.days)
    shown = [names[number].rstrip(".") for number in numbers]
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{shown[0]}-{shown[-1]} "
    return f"{', '.join(shown)} "


def _hours(business: Business, window: Window) -> str:
    # Any day without a change of the clocks will do.
    shown = [
        "-".join(
            clock(business, datetime(2026, 1, 15, wall.hour, wall.minute, tzinfo=business.zone))
            for wall in parse_range(text)
        )
        for text in window.hours
    ]
    return ", ".join(shown)
