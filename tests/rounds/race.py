"""One round: twenty customers at the same moment, and what must be true afterwards."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import msgspec

from frontdesk.events import CallSettled
from frontdesk.model import ModelReply, ModelRequest, Text, TextDelta
from frontdesk.testing import Call, ScriptedModel, read_toml
from frontdesk.testing.desk import TestDesk

CUSTOMERS = 20
TOOLS = ("create_booking", "add_to_order", "confirm_order")
"""Of the pack that is the business's, see `ungated.py`."""
STOCK = 3
SEATS = 7
ITEMS = 40
FIRST = date(2026, 11, 23)

_WEEK = "\n".join(
    f'{day} = ["00:00-24:00"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
_ITEMS = "\n".join(
    f'[[settings.orders.items]]\nid = "item{n}"\nname = "Dish {n}"\ncategory = "all"\n'
    f"price = 100\nstock = {STOCK}"
    for n in range(ITEMS)
)
BUSINESS = read_toml(
    f"""
id = "race"
name = "Too Little"
timezone = "Europe/London"
country = "GB"
pack = "ungated"
[hours]
{_WEEK}
[settings.booking]
horizon = 3660
lead = 0
resources = [
  {{ id = "only", min = 1, max = 1, skills = ["one"] }},
  {{ id = "t1", min = 1, max = 2, skills = ["table"] }},
  {{ id = "t2", min = 1, max = 2, skills = ["table"] }},
  {{ id = "t3", min = 2, max = 4, skills = ["table"] }},
  {{ id = "t4", min = 2, max = 4, skills = ["table"] }},
]
combinations = [ {{ resources = ["t3", "t4"], min = 5, max = 8 }} ]
services = [
  {{ id = "slot", skills = ["one"], duration = 60 }},
  {{ id = "table", skills = ["table"], duration = 60 }},
  {{ id = "class", capacity = {SEATS}, duration = 60 }},
]
[settings.orders]
categories = [ {{ id = "all", name = "All" }} ]
{_ITEMS}
"""
)


class Obedient(ScriptedModel):
    """Makes the calls that the customer's message is, as JSON, then says that it did."""

    async def stream(self, request: ModelRequest) -> AsyncIterator[TextDelta | ModelReply]:
        last = request.messages[-1].blocks[-1]
        step: Any = "That is all."
        if isinstance(last, Text):
            step = [Call(name, **args) for name, args in msgspec.json.decode(last.text)]
        self.violations += [] if request.messages else ["no history"]
        async for part in ScriptedModel(step, name=self.name).stream(request):
            yield part


def book(service: str, n: int, party: int) -> list[Any]:
    day = (FIRST + timedelta(days=n)).isoformat()
    contact = {"name": "Guest", "phone": "+44 20 7946 0000"}
    wanted = {"service": service, "party_size": party, "date": day, "time": "19:00"}
    return [("create_booking", wanted | contact)]


def order(n: int, quantity: int) -> list[Any]:
    contact = {"name": "Guest", "phone": "+44 20 7946 0000"}
    return [
        ("add_to_order", {"item": f"item{n % ITEMS}", "quantity": quantity}),
        ("confirm_order", {"fulfilment": "pickup"} | contact),
    ]


def wishes(kind: str, n: int, dice: random.Random) -> list[list[Any]]:
    match kind:
        case "slots":
            return [book("slot", n, 1) for _ in range(CUSTOMERS)]
        case "capacities":
            return [book("class", n, dice.choice([1, 1, 2, 3])) for _ in range(CUSTOMERS)]
        case "tables":
            return [book("table", n, dice.choice([1, 2, 3, 4, 6])) for _ in range(CUSTOMERS)]
        case _:
            return [order(n, dice.choice([1, 1, 2])) for _ in range(CUSTOMERS)]


async def race(desk: TestDesk, kind: str, n: int, dice: random.Random) -> int:
    """A round of a kind; how many won. Rounds do not touch each other."""
    if kind == "items":  # another local day has its stock anew
        desk.set_time(desk.desk.now(BUSINESS).replace(hour=12) if n % ITEMS else _next_day(desk))

    async def customer(wish: list[Any]) -> tuple[Any, CallSettled]:
        talk = await desk.conversation("race")
        reply = await talk.say(msgspec.json.encode(wish).decode())
        assert reply is not None
        assert reply.outcome == "answered"
        return wish[0], talk.actions[-1]

    found = await asyncio.gather(*(customer(w) for w in wishes(kind, n, dice)))
    won = [(wish, action) for wish, action in found if action.status == "done"]
    await _CHECKS[kind](desk, n, won, [wish for wish, action in found if action.status != "done"])
    return len(won)


def _next_day(desk: TestDesk) -> Any:
    return desk.desk.now(BUSINESS).replace(hour=12) + timedelta(days=1)


# ---- what must be true -----------------------------------------------------------------------


async def _slots(desk: TestDesk, n: int, won: list[Any], lost: list[Any]) -> None:
    assert len(won) == 1
    await _rows(desk, n, "slot", won)


async def _capacities(desk: TestDesk, n: int, won: list[Any], lost: list[Any]) -> None:
    taken = sum(wish[1]["party_size"] for wish, _ in won)
    assert taken <= SEATS
    assert all(wish[1]["party_size"] > SEATS - taken for wish in lost), "seats were left"
    await _rows(desk, n, "class", won)


async def _tables(desk: TestDesk, n: int, won: list[Any], lost: list[Any]) -> None:
    assert 2 <= len(won) <= 4
    await _rows(desk, n, "table", won)
    claims = await desk.desk.database.fetch(
        "SELECT c.resource, c.starts, c.ends FROM booking_claim c WHERE c.active AND c.starts = {}",
        _start(desk, n),
    )
    resources = [row["resource"] for row in claims]
    assert len(set(resources)) == len(resources), "a table twice"


async def _items(desk: TestDesk, n: int, won: list[Any], lost: list[Any]) -> None:
    sold = sum(wish[1]["quantity"] for wish, _ in won)
    assert sold <= STOCK
    assert all(wish[1]["quantity"] > STOCK - sold for wish in lost), "some were left"


async def _rows(desk: TestDesk, n: int, service: str, won: list[Any]) -> None:
    """Every confirmation has its row, and every row its confirmation."""
    rows = await desk.desk.database.fetch(
        "SELECT reference FROM booking WHERE starts = {} AND service = {} AND status = 'confirmed'",
        _start(desk, n), service,
    )  # fmt: skip
    said = {action.data["reference"].replace("-", "") for _, action in won}
    assert {row["reference"] for row in rows} == said


def _start(desk: TestDesk, n: int) -> int:
    from datetime import datetime

    day = FIRST + timedelta(days=n)
    at = datetime(day.year, day.month, day.day, 19, tzinfo=BUSINESS.zone)
    return int(at.timestamp() * 1000)


Check = Callable[[TestDesk, int, list[Any], list[Any]], Awaitable[None]]
_CHECKS: dict[str, Check] = {
    "slots": _slots, "capacities": _capacities, "tables": _tables, "items": _items,
}  # fmt: skip
KINDS = tuple(_CHECKS)
