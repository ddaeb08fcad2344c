"""One change of a conversation outside of its turns: a transaction that locks its row."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from frontdesk import appending, events
from frontdesk.database import Database, Row
from frontdesk.errors import StatusError, UnknownConversationError
from frontdesk.events import AnyEvent, CallSettled, ModelSaid, Stored
from frontdesk.instants import now_ms
from frontdesk.locks import lock_conversation
from frontdesk.reads import last_change, read_turn

_LOST = "The conversation changed hands before this was carried out."
_UNKNOWN = "The conversation changed hands: it is not known whether this was done."


@asynccontextmanager
async def locked(database: Database, business: str, conversation: str) -> AsyncGenerator[Row]:
    """A transaction with the conversation's row, which nobody else can change until it ends."""
    async with database.transaction():
        row = await lock_conversation(database, business, conversation)
        if row is None:
            raise UnknownConversationError(conversation)
        yield row


async def append(
    database: Database, conversation: str, happened: list[tuple[str, AnyEvent]]
) -> list[Stored]:
    """Store events, each with its turn, under the next seqs."""
    now = now_ms()
    row = await database.one(
        "UPDATE conversation SET last_seq = last_seq + {}, updated = {} WHERE id = {} "
        "RETURNING last_seq, business, outbox",
        len(happened), now, conversation,
    )  # fmt: skip
    assert row is not None
    first = row["last_seq"] - len(happened) + 1
    stored = [Stored(first + n, now, turn, event) for n, (turn, event) in enumerate(happened)]
    place = appending.Place(row["business"], conversation, row["outbox"])
    await appending.insert(database, place, stored)
    return stored


async def orphans(database: Database, row: Row) -> list[tuple[str, AnyEvent]]:
    """Outcomes for the calls that the turn leaves without one: a model refuses to read a history
    with an open call."""
    turn = row["turn"]
    if not turn:
        return []
    calls: dict[str, tuple[str, events.CallStarted | None]] = {}
    for stored in await read_turn(database, row["id"], turn, row["answered"]):
        match stored.event:
            case ModelSaid(calls=made):
                calls |= {call.id: (call.name, None) for call in made}
            case events.CallStarted() as left if left.call_id in calls:
                calls[left.call_id] = (calls[left.call_id][0], left)
            case CallSettled(call_id=identifier):
                calls.pop(identifier, None)
            case _:
                pass
    return [
        # What has left for another system is not done a second time by an old yes.
        (
            turn,
            CallSettled(call, tool, "failed", data={"message": _UNKNOWN}, proposal=left.proposal),
        )
        if left
        else (turn, CallSettled(call, tool, "refused", problems=(_LOST,)))
        for call, (tool, left) in calls.items()
    ]


async def taken(database: Database, row: Row) -> StatusError:
    name = await name_of(database, row["id"], row["agent"])
    return StatusError(row["status"], row["agent"], name)


async def name_of(database: Database, conversation: str, agent: str) -> str:
    """The name of whoever has the conversation: the last change of hands tells."""
    last = await last_change(database, conversation)
    return last.agent_name if last is not None and last.agent == agent else ""


# ---- the client ids of staff; customers have their own ---------------------------------------


async def said_before(
    database: Database, conversation: str, agent: str, client_id: str
) -> Stored | None:
    """What a member of staff said under this client id."""
    row = await database.one(
        "SELECT seq, at, turn, body FROM event WHERE conversation = {} AND client_id = {}",
        conversation, _key(agent, client_id),
    )  # fmt: skip
    return Stored(row["seq"], row["at"], row["turn"], events.decode(row["body"])) if row else None


async def remember_said(
    database: Database, conversation: str, agent: str, client_id: str, said: Stored
) -> None:
    await database.fetch(
        "UPDATE event SET client_id = {} WHERE conversation = {} AND seq = {}",
        _key(agent, client_id), conversation, said.seq,
    )  # fmt: skip


def _key(agent: str, client_id: str) -> str:
    return f"staff {agent} {client_id}"
