"""Which nights are taken. Whatever is asked, and by how many at once: no night of a room twice.

Who sells or frees nights of a type locks the type first (several types: in the order of their ids),
then stays, then nights. The key of `stay_night` stands behind this.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from frontdesk.database import Database, Row
from frontdesk.instants import ms
from frontdesk_plugins.stays.prices import DAY
from frontdesk_plugins.stays.rules import RoomType, StayRules

Taken = dict[str, dict[int, set[str]]]
"""By type and unit: the nights."""


async def lock(database: Database, business: str, types: Iterable[str]) -> None:
    """Wait for these types and keep them until the transaction ends."""
    for room_type in sorted(set(types)):
        await database.fetch(
            "INSERT INTO stay_lock (business, room_type, version) VALUES ({}, {}, 1) "
            "ON CONFLICT (business, room_type) DO UPDATE SET version = stay_lock.version + 1",
            business, room_type,
        )  # fmt: skip


async def taken(
    database: Database, business: str, first: date, last: date, now: datetime, mine: str = ""
) -> Taken:
    """The nights from `first` to before `last` that are sold or held. Holds that have expired do not
    count, nor do those of the conversation `mine`."""
    rows = await database.fetch(
        "SELECT n.room_type, n.unit, n.night FROM stay_night n WHERE n.business = {} "
        "AND n.night >= {} AND n.night < {} AND (n.expires = 0 OR (n.expires > {} AND NOT EXISTS "
        "(SELECT 1 FROM stay s WHERE s.id = n.stay AND s.conversation = {})))",
        business, first.isoformat(), last.isoformat(), ms(now), mine,
    )  # fmt: skip
    found: Taken = {}
    for row in rows:
        found.setdefault(row["room_type"], {}).setdefault(row["unit"], set()).add(row["night"])
    return found


def free_units(rules: StayRules, room: RoomType, taken: Taken, nights: Sequence[date]) -> list[int]:
    """The units that are free on all of these nights, as many as may be sold. Those come first that
    leave the fewest single nights between two stays."""
    units = taken.get(room.id, {})
    wanted = {night.isoformat() for night in nights}
    free = [unit for unit in range(1, room.count + 1) if not units.get(unit, set()) & wanted]
    if not free:
        return []
    left = min(_left(rules, room, units, night) for night in nights)
    before, after = (nights[0] - DAY).isoformat(), (nights[-1] + DAY).isoformat()

    def loose(unit: int) -> int:
        own = units.get(unit, set())
        return (before not in own) + (after not in own)

    return sorted(free, key=lambda unit: (loose(unit), unit))[: max(0, left)]


def _left(rules: StayRules, room: RoomType, units: dict[int, set[str]], night: date) -> int:
    name = night.isoformat()
    sold = sum(name in own for own in units.values())
    return room.count - closed(rules, room, night) - sold


def closed(rules: StayRules, room: RoomType, night: date) -> int:
    """How many rooms of a type are not sold on a night."""
    return sum(
        one.rooms or room.count
        for one in rules.closed
        if one.first <= night <= one.last and (not one.types or room.id in one.types)
    )


async def drop_expired(
    database: Database, business: str, room_type: str, nights: Sequence[date], now: datetime
) -> None:
    """Take holds that have expired off nights that somebody needs. The type is locked."""
    await database.fetch(
        "DELETE FROM stay_night WHERE business = {} AND room_type = {} AND night >= {} "
        "AND night <= {} AND expires > 0 AND expires <= {}",
        business, room_type, nights[0].isoformat(), nights[-1].isoformat(), ms(now),
    )  # fmt: skip


async def take(database: Database, stays: Sequence[Row], nights: Sequence[date]) -> None:
    """Every night for each of the stays. Their type is locked."""
    rows = [
        {"business": stay["business"], "room_type": stay["room_type"], "unit": stay["unit"],
         "night": night.isoformat(), "stay": stay["id"], "expires": stay["expires"]}
        for stay in stays
        for night in nights
    ]  # fmt: skip
    await database.insert("stay_night", rows)


async def free(database: Database, stay: str, since: str = "") -> None:
    """Its nights can be sold again; those from a date on."""
    await database.fetch("DELETE FROM stay_night WHERE stay = {} AND night >= {}", stay, since)
