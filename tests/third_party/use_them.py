"""Run in the clean environment: a conversation that uses the plugin and the pack of third parties."""

import asyncio
import json
import tempfile
from pathlib import Path

from frontdesk.catalogue import read_business
from frontdesk.testing import Call, ScriptedModel, open_desk

TASTING = Call(
    "book_tasting", date="2026-11-24", time="10:00", name="Ada", phone="020 7946 0000",
    flavour="lemon",
)  # fmt: skip
SAID = ("what is twelve squared?", "a tasting on Tuesday at ten, lemon", "yes please")


async def main() -> None:
    model = ScriptedModel(
        Call("square", number=12),
        "It is 144.",
        TASTING,
        "Shall I book it?",
        TASTING,
        "See you on Tuesday.",
    )
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(Path(folder), models=[model], broken=True) as desk:
            pack = desk.desk.packs["bakery"]
            sections = desk.desk.plugins.business_settings
            await desk.add_business(read_business(pack.example, "bakery", sections))
            talk = await desk.conversation("bakery")
            seen = []
            for text in SAID:
                reply = await talk.say(text)
                assert reply is not None
                seen.append([reply.content, [[a.tool, a.status, a.data] for a in talk.actions]])
            rows = await desk.desk.database.fetch("SELECT party, extra FROM booking")
            print(json.dumps({"seen": seen, "rows": rows}))


asyncio.run(main())
