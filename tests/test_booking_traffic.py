"""Many customers do everything at once: nobody waits for ever, nothing breaks, nothing is twice."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any

from support_booking import ADA, SALON, Caller, bookings, count, with_rules

from frontdesk import ActionError
from frontdesk_plugins.booking import upkeep

CALLERS, STEPS = 8, 14
SHOP = with_rules(SALON, policy={"cancel_until": 0, "moves": 99}, pacing={"parties": 3})
TIMES = ("10:00", "10:30", "11:00", "17:00")


async def test_everything_at_once(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, SHOP, url=database_url) as desk:

        async def live(number: int) -> tuple[int, int]:
            random, caller = Random(number), await Caller.arrive(desk, SHOP)
            own: list[str] = []
            done = failed = 0
            for step in range(STEPS):
                wish: dict[str, Any] = {
                    "service": random.choice(["cut", "colour", "yoga"]),
                    "date": "2026-11-23", "time": random.choice(TIMES),
                }  # fmt: skip
                what = random.choice(["book", "book", "propose", "cancel", "move", "wait", "tidy"])
                try:
                    if what == "tidy":
                        await upkeep.tidy(desk.desk)
                    elif what == "wait":
                        await caller.run("join_waitlist", **wish, **ADA)
                    elif what == "propose":
                        await caller.propose("create_booking", f"{step}", **wish, **ADA)
                    elif what == "book" or not own:
                        booked = await caller.run("create_booking", **wish, **ADA)
                        own.append(booked["reference"])
                    elif what == "cancel":
                        await caller.run("cancel_booking", reference=own.pop(), accept_fee=True)
                    else:
                        time = {"time": wish["time"]}
                        await caller.propose("reschedule_booking", "p", reference=own[0], **time)
                        await caller.run("reschedule_booking", "p", reference=own[0], **time)
                    done += 1
                except ActionError:
                    failed += 1
            return done, failed

        results = await asyncio.gather(*(live(n) for n in range(CALLERS)))
        assert sum(done for done, _ in results) > CALLERS
        live_rows = await count(desk, "booking", "status <> 'cancelled'")
        with_claims = await desk.desk.database.fetch(
            "SELECT DISTINCT b.id FROM booking b JOIN booking_claim c ON c.booking = b.id "
            "WHERE c.active AND b.status <> 'cancelled'"
        )
        assert len(with_claims) == live_rows
        orphans = await desk.desk.database.fetch(
            "SELECT 1 FROM booking_claim c WHERE c.active "
            "AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.id = c.booking) "
            "AND NOT EXISTS (SELECT 1 FROM booking_hold h WHERE h.id = c.booking)"
        )
        assert orphans == []
