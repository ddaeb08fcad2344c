"""Whatever the rules and whatever happens: what is offered can be booked, and nothing twice."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_booking import ADA, Caller

from frontdesk import ActionError, Business
from frontdesk.hours import open_spans
from frontdesk.instants import instant
from frontdesk.testing import TestDesk, open_desk
from frontdesk.testing.desk import NOW
from frontdesk_plugins.booking.busy import fits
from frontdesk_plugins.booking.ledger import EVERY_SEAT
from frontdesk_plugins.booking.rules import rules_of

World = tuple[asyncio.Runner, TestDesk]
numbers = count()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One real desk on SQLite for all examples, each with a business of its own."""
    folder: Path = tmp_path_factory.mktemp("whole")
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        desk = runner.run(stack.enter_async_context(open_desk(folder, recover=False)))
        yield runner, desk
        runner.run(stack.aclose())


hours = st.sampled_from(
    [["00:00-24:00"], ["09:00-12:00", "13:00-18:00"], ["20:00-02:00"], ["10:00-11:00"]]
)
shared = st.fixed_dictionaries(
    {
        "step": st.sampled_from([15, 20, 45, 60]),
        "duration": st.sampled_from([15, 50, 90, 400]),
        "buffer": st.sampled_from([0, 20]),
        "buffer_mode": st.sampled_from(["max", "sum"]),
        "grid": st.sampled_from(["clock", "opening"]),
        "lead": st.sampled_from([0, 600]),
        "pacing": st.sampled_from([{}, {"parties": 1}, {"covers": 3}]),
    }
)
TABLES: dict[str, Any] = {
    "resources": [{"id": "a", "max": 2}, {"id": "b", "min": 2, "max": 4}],
    "combinations": [{"resources": ["a", "b"], "min": 4, "max": 6}],
}
STAFF: dict[str, Any] = {
    "resources": [
        {"id": "x", "kind": "staff", "hours": {"mon": ["09:00-12:00"], "tue": ["10:00-24:00"]}},
        {"id": "y", "kind": "staff"}, {"id": "r", "kind": "room"},
    ],
    "services": [
        {"id": "s", "kinds": ["staff", "room"], "buffer_before": 10},
        {"id": "t", "duration": 30, "resources": ["x", "y"]},
        {"id": "class", "capacity": 2, "resources": ["y"]},
        {"id": "tour", "capacity": 3, "times": {"mon": ["09:30", "10:00"], "tue": ["10:15"]}},
    ],
    "closures": [{"hours": {"tue": ["11:00-11:30"]}, "resources": ["y"]}],
}  # fmt: skip
shops = st.sampled_from([TABLES, STAFF])
zones = st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"])
steps = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "hold", "cancel", "move", "wait"]),
        st.integers(0, 3),
        st.integers(1, 5),
        st.integers(0, 7),
    ),
    min_size=4,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(zone=zones, week=hours, section=shared, shop=shops, steps=steps)
def test_whatever_is_offered_can_be_booked_and_nothing_twice(
    world: World, zone: str, week: list[str], section: Any, shop: Any, steps: Any
) -> None:
    runner, desk = world
    days = ("mon", "tue", "wed")
    business = msgspec.convert(
        {
            "id": f"b{next(numbers)}", "name": "B", "timezone": zone, "locale": "de",
            "hours": dict.fromkeys(days, week),
            "settings": {"booking": section | shop | {"policy": {"moves": 9}}},
        },
        Business,
    )  # fmt: skip
    runner.run(_live(desk, business, steps))


async def _live(desk: TestDesk, business: Business, steps: Any) -> None:
    desk.set_time(NOW)
    await desk.add_business(business)
    callers = [await Caller.arrive(desk, business) for _ in range(2)]
    made: list[tuple[Caller, str]] = []
    for number, (what, service, party, pick) in enumerate(steps):
        caller = callers[number % 2]
        if what == "wait":
            desk.set_time(desk.desk.now(business).astimezone(UTC) + timedelta(minutes=2 * party))
        elif what == "cancel" and made:
            caller, reference = made.pop(pick % len(made))
            await caller.run("cancel_booking", reference=reference)
        elif what == "move" and made:
            caller, reference = made[pick % len(made)]
            await _move(caller, reference, pick)
        else:
            await _take(caller, what, business, service, party, pick, made)
        await _check(desk, business)


async def _offers(caller: Caller, wish: dict[str, Any], pick: int) -> list[dict[str, Any]]:
    day = date(2026, 11, 23) + timedelta(days=pick % 3)
    try:
        found = await caller.run("check_availability", **wish, date=day.isoformat())
    except ActionError:  # the party is too large
        return []
    return list(found.get("slots") or found["alternatives"])


async def _take(
    caller: Caller, what: str, business: Business, service: int, party: int, pick: int,
    made: list[tuple[Caller, str]],
) -> None:  # fmt: skip
    offered = rules_of(business).services
    wish: dict[str, Any] = {"party_size": party}
    if offered:
        wish |= {"service": offered[service].id}
    offers = await _offers(caller, wish, pick)
    for offer in offers[pick % len(offers) :][:1] if offers else []:
        slot = {"slot_id": offer["slot_id"]}
        if what == "hold":
            await caller.run("hold_slot", **wish, **slot)
        else:
            booked = await caller.run("create_booking", **wish, **slot, **ADA)
            made.append((caller, booked["reference"]))


async def _move(caller: Caller, reference: str, pick: int) -> None:
    """To one of the times that a failed wish offers."""
    try:
        await caller.run("reschedule_booking", reference=reference, date="2026-11-24", time="03:33")
    except ActionError as error:
        offers = error.data.get("alternatives") or []
        for offer in offers[pick % len(offers) :][:1] if offers else []:
            wish = {"reference": reference, "slot_id": offer["slot_id"]}
            try:
                if pick % 2:  # through a proposal, which holds what the booking does not take yet
                    await caller.propose("reschedule_booking", "p", **wish)
                await caller.run("reschedule_booking", "p", **wish)
            except ActionError as other:
                assert "schon zu dieser Zeit" in other.message, (offer, other.message)  # noqa: PT017


async def _check(desk: TestDesk, business: Business) -> None:
    """Read from the tables alone, by rules written down here a second time."""
    rules, now = rules_of(business), desk.desk.now(business)
    rows = await desk.desk.database.fetch(
        "SELECT r.key, c.* FROM booking_claim c JOIN booking_resource r ON r.id = c.resource "
        "WHERE r.business = {} AND c.active AND (c.expires = 0 OR c.expires > {})",
        business.id, int(now.timestamp() * 1000),
    )  # fmt: skip
    for one, other in combinations(rows, 2):
        if one["key"] != other["key"] or one["booking"] == other["booking"]:
            continue
        if one["session"] and one["session"] == other["session"]:
            assert one["seat_from"] != other["seat_from"]
            continue
        first, second = sorted((one, other), key=lambda row: (row["starts"], row["ends"]))
        after, before = first["gap_after"], second["gap_before"]
        gap = max(after, before) if rules.buffer_mode == "max" else after + before
        if not {first["expires"], second["expires"]} - {0}:  # of holds for moves parts are left out
            assert second["starts"] - first["ends"] >= gap
    capacity = {service.id: service.capacity for service in rules.services}
    sessions: dict[tuple[str, str], int] = {}
    for row in rows:
        at = instant(row["starts"])
        opened = open_spans(business, at.astimezone(business.zone).date(),
                            at.astimezone(business.zone).date() + timedelta(days=1))  # fmt: skip
        assert fits(opened, at, instant(row["ends"]))
        if row["session"]:
            key = (row["key"], row["session"])
            sessions[key] = sessions.get(key, 0) + 1
            assert sessions[key] <= capacity[row["session"].split("@")[0]]
        else:
            assert (row["seat_from"], row["seat_to"]) == (0, EVERY_SEAT)
    _check_pacing(rules.pacing.parties, rules.pacing.covers, rows)


def _check_pacing(parties: int, covers: int, rows: list[dict[str, Any]]) -> None:
    by_quarter: dict[int, dict[str, int]] = {}
    for row in rows:
        if not row["session"]:
            quarter = int(datetime.timestamp(instant(row["starts"])) // 900)
            by_quarter.setdefault(quarter, {})[row["booking"]] = row["party"]
    for there in by_quarter.values():
        assert not parties or len(there) <= parties
        assert not covers or sum(there.values()) <= covers
