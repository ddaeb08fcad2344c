"""The conversation that is open in a console, as it happens."""

import asyncio

from frontdesk.events import Stored
from frontdesk.live import CUSTOMER
from frontdesk.watch import Chunk, Restart, Seen, Stopping, Typing, watch
from frontdesk_server.console import entries, inbox_reads
from frontdesk_server.console.line import Console, Refused

MOST_ENTRIES = 50
"""Of one frame."""


async def show(console: Console, conversation: str, after: int) -> None:
    """Until it is closed: what is stored after the seq `after`, and what is said meanwhile."""
    try:
        async for batch in watch(console.desk, conversation, after):
            await _show(console, conversation, batch)
    except (Exception, asyncio.CancelledError) as error:
        if not isinstance(error, asyncio.CancelledError) and not console.failed.done():
            console.failed.set_exception(error)
        raise


async def _show(console: Console, conversation: str, batch: list[Seen]) -> None:
    """In order; stored events that come together go together."""
    together: list[Stored] = []
    for seen in batch:
        if isinstance(seen, Stored):
            together.append(seen)
            continue
        await _show_entries(console, conversation, together)
        together = []
        match seen:
            case Chunk(text=text, position=position):
                where = {"conversation": conversation, "turnId": position.turn}
                offset = position.offset - len(text)
                await console.send("chunk", where | {"chunk": text, "offset": offset})
            case Restart(position=position):
                await console.send(
                    "restart", {"conversation": conversation, "turnId": position.turn}
                )
            case Typing(who=who) if who != console.staff.id:
                kind = "customer" if who == CUSTOMER else "staff"
                data = {"conversation": conversation, "isTyping": seen.is_typing}
                await console.send("typing", data | {"who": kind, "name": seen.name})
            case Stopping():
                raise Refused(1012, "restarting, connect again")
            case _:
                pass
    await _show_entries(console, conversation, together)


async def _show_entries(console: Console, conversation: str, stored: list[Stored]) -> None:
    for n in range(0, len(stored), MOST_ENTRIES):
        part = stored[n : n + MOST_ENTRIES]
        shown = await entries.entries(console.desk, console.business, conversation, part)
        if shown:
            item = await inbox_reads.item(
                console.desk.database, console.business, console.staff.id, conversation
            )
            await console.send("entries", {"conversation": item, "entries": shown})
