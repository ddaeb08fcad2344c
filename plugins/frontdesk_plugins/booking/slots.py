"""Which starts a business offers. Pure functions: rules and what is taken in, slots out."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import gcd

import msgspec

from frontdesk import Business
from frontdesk.hours import Span, is_missing, merge, to_utc
from frontdesk_plugins.booking.busy import (
    ALL,
    Busy,
    Taken,
    fits,
    free_of,
    has_own_hours,
    hours_of,
    intersect,
    may_start,
    minutes_booked,
)
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.visits import Visit


class Slot(msgspec.Struct, frozen=True):
    start: datetime
    """Aware, UTC."""
    end: datetime
    resources: tuple[str, ...]
    """The best free set."""
    seats: tuple[int, ...] = ()
    """Of a class: the numbers that the party gets."""
    left: int | None = None
    """Of a class: how many seats are free."""


Rank = tuple[int, int, int, tuple[str, ...]]
"""Room to spare, number of resources, minutes booked on the date, and their ids break a tie."""


class Board(msgspec.Struct):
    """The rules and what is taken, for the search of one local date."""

    business: Business
    rules: BookingRules
    visit: Visit
    day: date
    busy: Busy
    known_hours: dict[str, list[Span]] = {}

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.visit.minutes)

    def hours(self, key: str = "") -> list[Span]:
        """The working hours, on this date and the next, of a resource; of all without their own."""
        resource = next((r for r in self.rules.resources if r.id == key), None)
        if resource is not None and not has_own_hours(self.rules, resource):
            resource = None
        key = resource.id if resource else ""
        if key not in self.known_hours:
            # A booking lasts a day at most, so it ends on the next one.
            last = self.day + timedelta(days=1)
            self.known_hours[key] = hours_of(self.business, self.rules, resource, self.day, last)
        return self.known_hours[key]

    def taken(self, key: str) -> list[Taken]:
        return [*self.busy.get(ALL, ()), *self.busy.get(key, ())]

    def booked(self, keys: tuple[str, ...]) -> int:
        """Minutes that staff, rooms and the like are booked on this date already. Tables are not
        spared for one another."""
        kinds = {r.id: r.kind for r in self.rules.resources}
        return sum(
            minutes_booked(self.business, self.day, self.busy.get(key, []))
            for key in keys
            if kinds.get(key, "table") != "table"
        )


def slots_on(
    business: Business,
    rules: BookingRules,
    visit: Visit,
    day: date,
    now: datetime,
    busy: Busy,
    *,
    only: datetime | None = None,
) -> list[Slot]:
    """The slots of a local date that can be booked now, in order; `only` that start, if given."""
    board = Board(business, rules, visit, day, busy)
    window = bookable_window(business, visit, now)
    find = _sessions if visit.is_class else _whole
    return [
        slot
        for slot in find(board, only)
        if window.start <= slot.start < window.end and may_start(rules, visit, slot.start, busy)
    ]


def bookable_window(business: Business, visit: Visit, now: datetime) -> Span:
    """From the earliest to the latest start that may be booked now."""
    local = now.astimezone(business.zone)
    last_day = local.date() + timedelta(days=visit.horizon + 1)
    return Span(now + timedelta(minutes=visit.lead), to_utc(last_day, time(0), business.zone))


def _whole(board: Board, only: datetime | None) -> list[Slot]:
    """Slots whose resources one booking has to itself."""
    visit = board.visit
    free = {
        key: free_of(board.hours(key), board.rules, visit, board.taken(key)) for key in visit.keys
    }
    ranked: dict[datetime, tuple[Rank, tuple[str, ...]]] = {}
    is_free_grid = board.rules.grid == "opening" and visit.service.times is None
    fixed = [] if is_free_grid else starts_on(board)
    for option in visit.options:
        spans = free[option.resources[0]]
        for key in option.resources[1:]:
            spans = intersect(spans, free[key])
        rank = (option.spare, option.count, board.booked(option.resources), option.resources)
        for start in starts_in(board, spans) if is_free_grid else fixed:
            if (only is None or start == only) and fits(spans, start, start + board.length):
                found = (rank, option.resources)
                ranked[start] = min(ranked.get(start, found), found)
    return [
        Slot(start, start + board.length, resources)
        for start, (_, resources) in sorted(ranked.items())
    ]


def _sessions(board: Board, only: datetime | None) -> list[Slot]:
    """Sessions of a class with room for the party. Those that have begun to fill come first."""
    visit, found = board.visit, list[Slot]()
    places = [option.resources for option in visit.options]
    if visit.service.needs_resources and not places:
        return []
    for start in starts_on(board):
        if only is not None and start != only:
            continue
        name = session(visit, start)
        ranked: dict[Rank, Slot] = {}
        for resources in places or [(class_key(name),)]:
            free = _free_seats(board, name, start, resources)
            if len(free) >= visit.party:
                rank = (0, len(free), board.booked(resources), resources)
                seats = tuple(free[: visit.party])
                ranked[rank] = Slot(start, start + board.length, resources, seats, len(free))
        if ranked:
            found.append(ranked[min(ranked)])
    return found


def _free_seats(board: Board, name: str, start: datetime, resources: tuple[str, ...]) -> list[int]:
    """The seats of a session that nobody has; none when it cannot take place there."""
    used: set[int] = set()
    for key in resources:
        taken = board.taken(key)
        others = [one for one in taken if one.session != name]
        if not fits(free_of(board.hours(key), board.rules, board.visit, others),
                    start, start + board.length):  # fmt: skip
            return []
        used |= {one.seat for one in taken if one.session == name}
    return [seat for seat in range(board.visit.service.capacity) if seat not in used]


def session(visit: Visit, start: datetime) -> str:
    return f"{visit.service.id}@{int(start.timestamp())}"


def class_key(name: str) -> str:
    """The resource that stands for the seats of a session which needs nothing else."""
    return f"class:{name}"


def starts_on(board: Board) -> list[datetime]:
    """Every start on a local date that the business's hours allow, in UTC, whoever has booked."""
    spans = board.hours()
    if board.visit.service.times is not None:
        return [
            start
            for start in _timetable(
                board.business, board.visit.service.times.of(board.day), board.day
            )
            if fits(spans, start, start + board.length)
        ]
    return starts_in(board, spans)


def _timetable(business: Business, walls: Sequence[str], day: date) -> list[datetime]:
    """A time that the clocks skip is left out; one that comes twice is the first."""
    times = [time.fromisoformat(wall) for wall in sorted(set(walls))]
    return [
        to_utc(day, wall, business.zone)
        for wall in times
        if not is_missing(day, wall, business.zone)
    ]


def starts_in(board: Board, spans: list[Span]) -> list[datetime]:
    """The grid within spans. On the clock's grid it is evaluated in local time at each instant, so
    that it stays on the quarter hours when the clocks change; all arithmetic is in UTC."""
    zone, step = board.business.zone, board.visit.step
    by_clock = board.rules.grid == "clock"
    # Offsets from UTC are multiples of 15 minutes, so nothing finer than this can be on the grid.
    grain = timedelta(minutes=gcd(step, 15) if by_clock else step)
    starts: list[datetime] = []
    for span in merge(spans):
        instant = _ceil(span.start, grain) if by_clock else _whole_minute(span.start)
        while instant + board.length <= span.end:
            local = instant.astimezone(zone)
            if local.date() > board.day:
                break
            if local.date() == board.day and (
                not by_clock or (local.hour * 60 + local.minute) % step == 0
            ):
                starts.append(instant)
            instant += grain
    return starts


def _ceil(instant: datetime, grain: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch - ((epoch - instant) // grain) * grain


def _whole_minute(instant: datetime) -> datetime:
    return _ceil(instant, timedelta(minutes=1))


def nearest(slots: list[Slot], wanted: datetime, count: int) -> list[Slot]:
    """The slots closest to a wanted start, in order of time."""
    return sorted(sorted(slots, key=lambda slot: abs(slot.start - wanted))[:count], key=_start)


def spread(slots: list[Slot], count: int) -> list[Slot]:
    """A few slots over the whole list: the first, the last and some between."""
    if len(slots) <= count:
        return slots
    picks = {round(n * (len(slots) - 1) / (count - 1)) for n in range(count)}
    return [slots[n] for n in sorted(picks)]


def _start(slot: Slot) -> datetime:
    return slot.start
