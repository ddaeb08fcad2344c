"""One of the processes of the race in test_races.py: many customers want the last table.

Usage: python race_worker.py DATABASE_URL TASKS ATTEMPTS_OF_EACH. It prints a JSON list of outcomes.
"""

import asyncio
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

import structlog

from frontdesk.model import ModelRequest, ToolResult
from frontdesk.testing import Call, ScriptedModel, open_desk

WANTED = {"party_size": 2, "date": "2026-11-23", "time": "19:00", "phone": "+44 20 7946 0000"}


class Booker(ScriptedModel):
    """Calls create_booking once a turn, then says what came of it."""

    def stream(self, request: ModelRequest) -> Any:
        newest = request.messages[-1].blocks[0]
        done = isinstance(newest, ToolResult)
        self.steps = ["That is all."] if done else [Call("create_booking", name="Guest", **WANTED)]
        return ScriptedModel(*self.steps).stream(request)


async def main(url: str, tasks: int, attempts: int) -> list[dict[str, Any]]:
    outcomes: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(Path(folder), url=url, models=[Booker()]) as desk:
            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.readline)  # so that all processes begin together

            async def customer() -> None:
                talk = await desk.conversation("race")
                for _ in range(attempts):
                    reply = await talk.say("the table at seven, please")
                    if [a.status for a in talk.actions] == ["needs_confirmation"]:
                        (shown,) = talk.actions
                        reply = await talk.say("Yes.", confirm=shown.data["proposalId"])
                    outcomes.append(
                        {
                            "outcome": reply.outcome if reply else "none",
                            "status": [a.status for a in talk.actions],
                            "data": [a.data for a in talk.actions],
                        }
                    )

            await asyncio.gather(*(customer() for _ in range(tasks)))
    return outcomes


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(json.dumps(asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
