"""The ledger of consent to text messages: who wants them, since when, and how that is known.

It is only ever added to, and the newest row of a number counts. A number that is not in it has said
nothing: it gets answers to what it wrote itself, and nothing else.
"""

from typing import Literal

from frontdesk.database import Database
from frontdesk.instants import now_ms

State = Literal["in", "out", "unknown"]
Source = Literal["inbound", "form", "booking", "staff", "provider"]


async def state(database: Database, business: str, number: str) -> State:
    """Whether this number (E.164) may be texted. "unknown": only answers to what it wrote."""
    row = await database.one(
        "SELECT state FROM text_consent WHERE business = {} AND number = {} "
        "ORDER BY id DESC LIMIT 1",
        business, number,
    )  # fmt: skip
    found: State = row["state"] if row else "unknown"
    return found


async def record(
    database: Database,
    business: str,
    number: str,
    state: Literal["in", "out"],
    source: Source,
    disclosure: str = "",
) -> None:
    """Write down what was said about text messages to this number (E.164).

    `disclosure` is the exact text that the customer agreed to. The same again is not written twice.
    """
    async with database.transaction():
        # Whoever writes of the same customer at the same time waits here, so that both stay in step.
        await database.fetch(
            "UPDATE contact SET opted_out = {} WHERE business = {} AND phone = {} AND phone_verified "
            "AND phone <> ''",  # so that its index is used
            state == "out", business, number,
        )  # fmt: skip
        newest = await database.one(
            "SELECT state, source, disclosure FROM text_consent "
            "WHERE business = {} AND number = {} ORDER BY id DESC LIMIT 1",
            business, number,
        )  # fmt: skip
        if newest == {"state": state, "source": source, "disclosure": disclosure}:
            return
        await database.fetch(
            "INSERT INTO text_consent (business, number, state, source, disclosure, created) "
            "VALUES ({}, {}, {}, {}, {}, {})",
            business, number, state, source, disclosure, now_ms(),
        )  # fmt: skip
