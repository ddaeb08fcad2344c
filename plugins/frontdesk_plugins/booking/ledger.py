"""What is taken, in the database. Whatever is asked, and by how many at once: no resource twice.

Whoever books locks every resource that could serve, in one order for all, and only then looks what
is free. The constraint on `booking_claim` stands behind this.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from frontdesk import Business
from frontdesk.database import Database
from frontdesk.hours import Span, to_utc
from frontdesk.instants import instant, ms
from frontdesk_plugins.booking.busy import Busy, Taken, blocks_of, merged, subtract
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.slots import Slot, class_key, session
from frontdesk_plugins.booking.visits import Visit

Row = dict[str, Any]

EVERY_SEAT = 1_000_000
BUSINESS = "*"
"""The lock that comes before all others; it guards what concerns the business as a whole."""
LONGEST = timedelta(days=2)
"""A booking and what is kept free after it last a day each, at most."""


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    """What does not stand in the way of whoever asks: their own holds, and what they move."""

    conversation: str = ""
    booking: str = ""


NOBODY = Mine()


async def busy_on(
    database: Database,
    business: Business,
    rules: BookingRules,
    first: date,
    last: date,
    now: datetime,
    mine: Mine = NOBODY,
) -> Busy:
    """What is taken and could stand in the way of a start on the local dates `first` to `last`.

    Holds that have expired do not count, whether they were swept or not.
    """
    start = ms(to_utc(first, time(0), business.zone) - LONGEST)
    end = ms(to_utc(last + timedelta(days=1), time(0), business.zone) + LONGEST)
    rows = await database.fetch(
        "SELECT r.key, c.booking, c.starts, c.ends, c.gap_before, c.gap_after, c.party, c.session, "
        "c.seat_from FROM booking_claim c JOIN booking_resource r ON r.id = c.resource "
        "WHERE r.business = {} AND c.active AND c.starts > {} AND c.starts < {} "
        "AND (c.expires = 0 OR c.expires > {}) AND c.booking <> {} AND NOT EXISTS "
        "(SELECT 1 FROM booking_hold h WHERE h.id = c.booking AND h.conversation = {}) "
        "UNION ALL SELECT resource, '', starts, ends, 0, 0, 0, '', 0 FROM booking_block "
        "WHERE business = {} AND starts < {} AND ends > {}",
        business.id, start, end, ms(now), mine.booking, mine.conversation, business.id, end, start,
    )  # fmt: skip
    busy: Busy = {}
    for row in rows:
        busy.setdefault(row["key"], []).append(_taken(row))
    return merged(busy, blocks_of(business, rules)) if rules.blocks else busy


def _taken(row: Row) -> Taken:
    return Taken(
        start=instant(row["starts"]),
        end=instant(row["ends"]),
        before=row["gap_before"] // 60_000,
        after=row["gap_after"] // 60_000,
        owner=row["booking"],
        party=row["party"],
        session=row["session"],
        seat=row["seat_from"],
    )


# ---- locks -----------------------------------------------------------------------------------


def keys_for(rules: BookingRules, visit: Visit, start: datetime) -> list[str]:
    """What has to be locked to book a visit."""
    keys = visit.keys
    if not visit.service.needs_resources:
        keys = [class_key(session(visit, start))]
    if rules.pacing.parties or rules.pacing.covers:
        keys = [BUSINESS, *keys]
    return keys


def every_key(rules: BookingRules) -> list[str]:
    return [BUSINESS, *sorted(resource.id for resource in rules.resources)]


async def lock(database: Database, business: str, keys: Iterable[str]) -> dict[str, int]:
    """Wait for the resources and keep them until the transaction ends; their numbers by key."""
    ids: dict[str, int] = {}
    for key in sorted(keys, key=lambda key: (key != BUSINESS, key)):
        row = await database.one(
            "INSERT INTO booking_resource (business, key, version) VALUES ({}, {}, 1) "
            "ON CONFLICT (business, key) DO UPDATE SET version = booking_resource.version + 1 "
            "RETURNING id",
            business, key,
        )  # fmt: skip
        assert row is not None
        ids[key] = int(row["id"])
    return ids


# ---- claims ----------------------------------------------------------------------------------


async def drop_expired(database: Database, ids: dict[str, int], now: datetime) -> None:
    """Take holds that have expired off locked resources, so that the constraint does not see them."""
    marks = ", ".join(["{}"] * len(ids))
    await database.fetch(
        f"DELETE FROM booking_claim WHERE resource IN ({marks}) "  # noqa: S608  marks only
        "AND expires > 0 AND expires <= {}",
        *ids.values(), ms(now),
    )  # fmt: skip


async def claim(
    database: Database,
    ids: dict[str, int],
    owner: str,
    visit: Visit,
    slot: Slot,
    *,
    expires: int = 0,
    beside: str = "",
) -> None:
    """Take a slot for a booking, or for a hold until it expires. Its resources are locked.

    `beside` is the booking that the hold is to move: what it takes itself is left out.
    """
    name = session(visit, slot.start) if visit.is_class else ""
    seats = [(seat, seat + 1) for seat in slot.seats] or [(0, EVERY_SEAT)]
    rows = [
        {
            "booking": owner, "resource": ids[key],
            "starts": ms(slot.start), "ends": ms(slot.end),
            "gap_before": visit.before * 60_000, "gap_after": visit.after * 60_000,
            "seat_from": first, "seat_to": last, "session": name,
            # One party, however many resources or seats it takes.
            "party": 1 if visit.is_class else visit.party, "expires": expires,
        }
        for key in slot.resources
        for first, last in seats
    ]  # fmt: skip
    if beside:
        own = await database.fetch(
            "SELECT resource, starts, ends, gap_after, seat_from, seat_to FROM booking_claim "
            "WHERE booking = {} AND active",
            beside,
        )
        rows = [piece for row in rows for piece in _pieces(row, own)]
    await database.insert("booking_claim", rows)


def _pieces(row: Row, own: list[Row]) -> list[Row]:
    """What is left of a claim where the constraint must not see it overlap with others of one's own."""
    there = [
        one
        for one in own
        if one["resource"] == row["resource"]
        and one["seat_from"] < row["seat_to"]
        and one["seat_to"] > row["seat_from"]
    ]
    cuts = [Span(instant(one["starts"]), instant(one["ends"] + one["gap_after"])) for one in there]
    left = subtract([Span(instant(row["starts"]), instant(row["ends"]))], cuts)
    pieces: list[Row] = []
    for span in left:
        starts, ends = ms(span.start), ms(span.end)
        room = min((one["starts"] - ends for one in there if one["starts"] >= ends), default=ends)
        after = min(row["gap_after"], room) if ends == row["ends"] else 0
        before = row["gap_before"] if starts == row["starts"] else 0
        pieces.append(
            row | {"starts": starts, "ends": ends, "gap_before": before, "gap_after": after}
        )
    return pieces


async def release(database: Database, owner: str) -> None:
    await database.fetch("DELETE FROM booking_claim WHERE booking = {}", owner)
