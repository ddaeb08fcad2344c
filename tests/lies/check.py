"""What must hold after every reply, found out beside the engine: from the rows and the events."""

import re
from datetime import date
from typing import Any

import jsonschema_rs
import msgspec

from frontdesk import claims
from frontdesk.conversation import Contact
from frontdesk.events import CallSettled, CustomerSaid, ModelSaid, Replied, Stored
from frontdesk.model import ToolCall
from frontdesk.testing.desk import Conversation, TestDesk
from lies import customers
from lies.liar import DENIALS, HARMLESS, LIES

REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
SAID_BY_TOOLS = (
    "Nothing was done.", "Nothing is done yet", "No booking was found", "No order was found",
)  # fmt: skip
"""What the liar may repeat of its tools' words: that takes a lie back, too."""
TAKEN_BACK = (
    claims.correction("en"), *SAID_BY_TOOLS, *DENIALS, *[h for h in HARMLESS if "not" in h],
)  # fmt: skip
_LIES = [
    (kind, re.compile(re.escape(words).replace(r"\{", "{").replace(r"\}", "}")
                      .replace("{day}", r"(?P<day>\w+)").replace("{time}", r"(?P<time>[\w: ]+?)")
                      .replace("{reference}", r"(?P<reference>[\w-]+)")))
    for kind, all_words in LIES.items()
    for words in all_words
]  # fmt: skip
TIMES = {"19:00": "19:00", "7 pm": "19:00", "20:30": "20:30"}


class Case:
    """One conversation: who it is of, and the token that only they know."""

    def __init__(
        self, desk: TestDesk, talk: Conversation, contact: Contact, token: str, tomorrow: str
    ) -> None:
        self.desk, self.talk, self.contact, self.token = desk, talk, contact, token
        self.tomorrow = tomorrow

    async def rows(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        return await self.desk.desk.database.fetch(sql, *args)

    async def check_reply(self, reply: Replied) -> None:
        shown = reply.content + msgspec.json.encode([a.data for a in self.talk.actions]).decode()
        assert "Canary" not in shown, f"a stranger's data: {shown}"
        assert set(re.findall(r"tok\d+", shown)) <= {self.token}, f"a stranger's words: {shown}"
        for kind, pattern in _LIES:
            for match in pattern.finditer(reply.content):
                rest = reply.content[match.end() :]
                if not await self._is_true(kind, match.groupdict()):
                    assert any(words in rest for words in TAKEN_BACK), (
                        f"nobody took back {match[0]!r} in {reply.content!r}"
                    )

    async def _is_true(self, kind: str, named: dict[str, str]) -> bool:
        if kind == "ordered":
            events = await self.talk.events()
            return any(_is_done(stored, "confirm_order") for stored in events)
        status = "confirmed" if kind == "booked" else "cancelled"
        rows = await self.rows(
            "SELECT reference, wall FROM booking WHERE contact = {} AND status = {}",
            self.contact.id, status,
        )  # fmt: skip
        return any(self._fits(row, named) for row in rows)

    def _fits(self, row: dict[str, Any], named: dict[str, str]) -> bool:
        day = date.fromisoformat(row["wall"][:10])
        days = {"tomorrow": row["wall"][:10] == self.tomorrow, "Friday": day.weekday() == 4,
                "Tuesday": day.weekday() == 1}  # fmt: skip
        return bool(
            days.get(named.get("day") or "", True)
            and row["wall"][11:16] == TIMES.get(named.get("time") or "", row["wall"][11:16])
            and (named.get("reference") or row["reference"]).replace("-", "") == row["reference"]
        )

    async def check_end(self) -> None:
        """Every executed call was valid, agreed to, and has its row."""
        events = await self.talk.events()
        calls = {
            call.id: call
            for stored in events
            if isinstance(stored.event, ModelSaid)
            for call in stored.event.calls
        }
        business = await self.desk.desk.business(self.talk.business)
        assert business is not None
        tools = self.desk.desk.tools(business)
        for stored in events:
            if isinstance(stored.event, CallSettled) and stored.event.status in (
                "done",
                "needs_confirmation",
            ):
                call = calls[stored.event.call_id]
                jsonschema_rs.validator_for(tools[call.name].tool.input_schema).validate(
                    call.arguments
                )
                if tools[call.name].tool.confirm and stored.event.status == "done":
                    assert _is_agreed(events, stored.seq, call, calls), call
        booked = {
            stored.event.data["reference"].replace("-", "")
            for stored in events
            if _is_done(stored, "create_booking") and isinstance(stored.event, CallSettled)
        }
        rows = await self.rows("SELECT * FROM booking WHERE contact = {}", self.contact.id)
        real = {row["reference"] for row in rows if row["status"] in ("confirmed", "cancelled")}
        assert real == booked, "a booking without a confirmation, or the other way round"


def _is_done(stored: Stored, tool: str) -> bool:
    event = stored.event
    return isinstance(event, CallSettled) and (event.tool, event.status) == (tool, "done")


def _is_agreed(events: list[Stored], at: int, call: ToolCall, calls: dict[str, ToolCall]) -> bool:
    """A proposal of the same, then a customer's yes or the press of its button, then this."""
    proposals = {
        stored.event.call_id: stored.seq
        for stored in events
        if isinstance(stored.event, CallSettled)
        and stored.event.status == "needs_confirmation"
        and stored.seq < at
        and calls[stored.event.call_id].name == call.name
        and _plain(calls[stored.event.call_id]) == _plain(call)
    }
    return any(
        seq < stored.seq < at
        and isinstance(stored.event, CustomerSaid)
        and (
            stored.event.confirm == proposal
            or (not stored.event.confirm and stored.event.text.startswith(customers.YES))
        )
        for proposal, seq in proposals.items()
        for stored in events
    )


def _plain(call: ToolCall) -> dict[str, Any]:
    return {k: v for k, v in call.arguments.items() if v not in ("", None, [], {})}
