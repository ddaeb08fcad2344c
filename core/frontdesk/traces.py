"""The prompts that models were given, each stored once, so that traces find them again."""

import hashlib
from functools import partial

import msgspec

from frontdesk import instants
from frontdesk.database import Database
from frontdesk.kept import Kept
from frontdesk.model import ModelRequest

MOST_KNOWN = 1000


class Traces:
    """Of one process; it remembers which prompts are stored."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept = Kept()
        self._stored: set[str] = set()

    async def remember(self, request: ModelRequest) -> str:
        """The id under which traces find this system prompt and these tools again."""
        # The tools of a business are the same until its profile changes.
        what = "trace " + "\n".join(request.system)
        identifier, body = self._kept.of(request.business, what, partial(_as_traced, request))
        if identifier not in self._stored:
            await self._database.fetch(
                "INSERT INTO prompt (id, body, created) VALUES ({}, {}, {}) ON CONFLICT (id) DO NOTHING",
                identifier, body, instants.now_ms(),
            )  # fmt: skip
            if len(self._stored) > MOST_KNOWN:
                self._stored.clear()
            self._stored.add(identifier)
        return identifier


def _as_traced(request: ModelRequest) -> tuple[str, str]:
    """(id, JSON) of what stays the same between a business's requests."""
    tools = [
        {"name": t.name, "description": t.description, "input_schema": t.input_schema}
        for t in request.tools
    ]
    body = msgspec.json.encode({"system": request.system, "tools": tools})
    return hashlib.sha256(body).hexdigest(), body.decode()
