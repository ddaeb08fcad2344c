"""When an order can be ready: the hours, the time it takes, and what else is to be ready then."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from frontdesk.hours import Span, open_spans
from frontdesk.instants import ms
from frontdesk_plugins.orders.shop import Shop

WINDOW = 15 * 60 * 1000
"""Milliseconds of the windows in which what is ready is counted."""
STEP = 5 * 60 * 1000
"""Times that the kitchen promises are multiples of this."""
OFFERS = 4

Taken = Mapping[int, int]
"""What is to be ready, by the start of the window."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What an order takes of the kitchen, to be given back when it is not made."""

    window: int
    units: int
    day: str
    """The local day that the stock is of."""
    stock: dict[str, int] = {}
    """How many of each counted item."""


def window_of(ready: datetime) -> int:
    return ms(ready) // WINDOW * WINDOW


def round_up(at: datetime, step: int = STEP) -> datetime:
    """To the next multiple of `step` milliseconds, in the zone of `at`."""
    return datetime.fromtimestamp(-(-ms(at) // step) * step / 1000, at.tzinfo)


def order_spans(shop: Shop, now: datetime) -> list[Span]:
    """The opening hours for which orders are taken."""
    today = now.astimezone(shop.business.zone).date()
    return open_spans(shop.business, today, today + timedelta(days=shop.rules.days_ahead))


class Kitchen(msgspec.Struct, frozen=True, kw_only=True):
    """What one order asks of the kitchen."""

    shop: Shop
    now: datetime
    spans: list[Span]
    prep: timedelta
    units: int
    taken: Taken

    def fits(self, ready: datetime) -> bool:
        """Nothing but the number of other orders could stand in the way."""
        return ready >= self.now + self.prep and any(
            span.start + self.prep <= ready <= self._last(span) for span in self.spans
        )

    def _last(self, span: Span) -> datetime:
        """The last time of an opening: the kitchen begins before its last order, and is done when
        the doors close."""
        return min(span.end, span.end - timedelta(minutes=self.shop.rules.last_order) + self.prep)

    def has_room(self, ready: datetime) -> bool:
        most = self.shop.rules.capacity
        return most is None or self.taken.get(window_of(ready), 0) + self.units <= most

    def times(self) -> Iterator[datetime]:
        """Every time at which it can be ready, from the earliest on."""
        for span in self.spans:
            at, last = round_up(max(self.now, span.start) + self.prep), self._last(span)
            while at <= last:
                if self.has_room(at):
                    yield at
                    at += timedelta(milliseconds=STEP)
                else:
                    at = round_up(at + timedelta(milliseconds=1), WINDOW)

    def open_span(self) -> Span | None:
        return next((span for span in self.spans if span.start <= self.now < span.end), None)

    def earliest(self) -> datetime | None:
        """The earliest time of this opening; None when it is closed, or too late, or full."""
        span = self.open_span()
        found = next(self.times(), None)
        return found if span and found and found <= span.end else None

    def nearest(self, wanted: datetime) -> list[datetime]:
        """A few possible times around one that is not."""
        ranked = sorted(self.times(), key=lambda at: (abs(at - wanted), at))
        return sorted(ranked[:OFFERS])
