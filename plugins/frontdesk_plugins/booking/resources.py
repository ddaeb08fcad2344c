"""What bookings take: tables, staff, rooms, and the times at which they cannot be had."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from frontdesk.business import WEEKDAYS, Hours, HoursException, Ranges, parse_range

Party = Annotated[int, Meta(ge=1, le=1000)]
Id = Annotated[str, Meta(min_length=1, max_length=40)]
Kind = Literal["staff", "table", "room", "bay", "equipment"]


def check_hours(hours: Hours) -> None:
    """Raises ValueError, naming the weekday."""
    for day in WEEKDAYS:
        check_ranges(f"hours.{day}", getattr(hours, day))


def check_ranges(key: str, ranges: Ranges) -> None:
    for text in ranges:
        try:
            parse_range(text)
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from error


class Resource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something or someone that one booking has to itself."""

    id: Id
    name: str = ""
    kind: Kind = "table"
    min: Party = 1
    max: Party = 1
    """The parties that fit."""
    skills: tuple[str, ...] = ()
    hours: Hours | None = None
    """Its own, within those of the business."""
    exceptions: tuple[HoursException, ...] = ()
    """Other hours on some dates: days off, extra shifts. Still within those of the business."""
    active: bool = True
    """False: nothing new is booked on it; what is booked stays."""

    def __post_init__(self) -> None:
        if self.min > self.max:
            raise ValueError(f"min is more than max in {self.id!r}")
        if self.hours is not None:
            check_hours(self.hours)
        for n, exception in enumerate(self.exceptions):
            check_ranges(f"exceptions.{n}.hours", exception.hours)
            if exception.until and exception.until < exception.date:
                raise ValueError(f"exceptions.{n}.until: the end is before the start")

    @property
    def label(self) -> str:
        return self.name or self.id


class Combination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Resources that together serve one larger party."""

    resources: Annotated[tuple[str, ...], Meta(min_length=2)]
    min: Party = 1
    max: Party = 1

    def __post_init__(self) -> None:
        if len(set(self.resources)) < len(self.resources):
            raise ValueError("a resource stands twice in one")
        if self.min > self.max:
            raise ValueError("min is more than max")


class Area(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the business comes to."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    postcodes: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Exact, or the beginning with a star: "1000*"."""
    text: Annotated[str, Meta(max_length=300)] = ""
    """What holds there, such as the fee for the way; told with the answer."""


class Block(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time, once, at which resources cannot be had: a holiday, a private party."""

    start: Annotated[datetime, Meta(tz=False)]
    end: Annotated[datetime, Meta(tz=False)]
    """Both are local."""
    resources: tuple[str, ...] = ()
    """None named: all."""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("the end is not after the start")


class Closure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Times of every week at which resources cannot be had, within the opening hours: breaks."""

    hours: Hours
    resources: tuple[str, ...] = ()
    """None named: all."""
    reason: str = ""

    def __post_init__(self) -> None:
        check_hours(self.hours)
