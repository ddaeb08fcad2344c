"""Many such conversations in one desk, from a seed."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import msgspec

from frontdesk.testing import open_desk, read_toml
from frontdesk.testing.desk import TestDesk
from lies import customers
from lies.check import Case
from lies.liar import Liar

AT_ONCE = 8


async def run(folder: Path, seed: int, count: int, url: str = "") -> dict[str, int]:
    """`count` conversations; what happened in them, by kind of event."""
    liar = Liar(seed, [], "")
    counts: dict[str, int] = {}
    settings = {
        "model": {"use": ["liar"]},
        "limits": {"messages_per_minute": 0, "conversation_per_minute": 0},
    }
    async with open_desk(folder, models=[liar], settings=settings, url=url) as desk:
        example = read_toml(desk.desk.packs["restaurant"].example)
        liar.day = (desk.desk.now(example).date() + timedelta(days=1)).isoformat()
        for name in ("bella", "luna"):
            facts = example.facts | {"recipe": f"Canary of {name}"} if name == "luna" else {}
            await desk.add_business(msgspec.structs.replace(example, id=name, facts=facts))
        liar.bait += await _victims(desk, liar)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(n: int) -> None:
            async with gate:
                await _converse(desk, liar, seed * 1_000_003 + n, counts)

        await asyncio.gather(*(one(n) for n in range(count)))
    assert liar.violations == []
    counts["lies"] = len(liar.told)
    return counts


async def _victims(desk: TestDesk, liar: Liar) -> list[str]:
    """Strangers with bookings that nobody else may see or touch; their references."""
    references: list[str] = []
    for n, business in enumerate(("bella", "luna", "luna")):
        book = {
            "party_size": 2, "date": liar.day, "time": "18:00", "name": f"Victor Canary{n}",
            "phone": f"+1212555019{n}", "notes": f"Canary note {n}",
        }  # fmt: skip
        liar.steps += [("", book), ("Shall I?", None), ("", book), ("There you go.", None)]
        talk = await desk.conversation(business)
        await talk.say("book it")
        await talk.say("yes please")
        references.append(str(talk.actions[0].data["reference"]))
    return references


async def _converse(desk: TestDesk, liar: Liar, seed: int, counts: dict[str, int]) -> None:
    dice = random.Random(seed)
    visitor = f"visitor{seed}"
    business = "bella"
    _, contact = await desk.desk.open_conversation(business, "web", visitor)
    talk = await desk.conversation(business, visitor=visitor)
    case = Case(desk, talk, contact, f"tok{seed}", liar.day)
    proposals: list[str] = []
    for n, text in enumerate(customers.script(dice, liar.bait)):
        words = f"{text} tok{seed}" if n == 0 and text not in customers.YES else text
        confirm = dice.choice(proposals) if proposals and dice.random() < 0.3 else None
        reply = await talk.say("Yes" if confirm else words, confirm=confirm)
        counts["messages"] = counts.get("messages", 0) + 1
        if reply is None:
            break
        counts[reply.outcome] = counts.get(reply.outcome, 0) + 1
        for action in talk.actions:
            key = f"{action.tool} {action.status}"
            counts[key] = counts.get(key, 0) + 1
            if action.status == "needs_confirmation":
                proposals.append(str(action.data["proposalId"]))
        try:
            await case.check_reply(reply)
        except AssertionError as error:
            told = "\n".join(str(stored.event) for stored in await talk.events())
            raise AssertionError(f"{error}\nseed {seed}:\n{told}") from error
        if reply.handed_off:
            break
    await case.check_end()
