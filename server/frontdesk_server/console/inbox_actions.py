"""What staff do with a conversation: one function a verb, each returns what was stored."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar.exceptions import HTTPException
from msgspec import Meta

from frontdesk import blocking, redact, status
from frontdesk.errors import ClientIdReusedError, StatusError, UnknownConversationError
from frontdesk.events import Noted, Stored
from frontdesk.hands import said_before
from frontdesk.ids import new_id
from frontdesk.instants import ms
from frontdesk_server.console import audit, feed
from frontdesk_server.console.forms import LARGEST_SEQ
from frontdesk_server.console.sessions import Session

if TYPE_CHECKING:
    from frontdesk.desk import Desk

LONGEST_SNOOZE = timedelta(days=366)
Words = Annotated[str, Meta(min_length=1, max_length=4000)]


class Nothing(msgspec.Struct):
    """A verb that needs no more than its name."""


class Reply(msgspec.Struct, rename="camel"):
    text: Words
    client_id: Annotated[str, Meta(min_length=1, max_length=100)]


class Note(msgspec.Struct):
    text: Words


class Assign(msgspec.Struct):
    staff: str


class HandBack(msgspec.Struct):
    note: Annotated[str, Meta(max_length=4000)] | None = None


class Snooze(msgspec.Struct):
    until: datetime


class Seen(msgspec.Struct):
    seq: Annotated[int, Meta(ge=0, le=LARGEST_SEQ)]


class Done(msgspec.Struct):
    """What a verb did."""

    stored: list[Stored] = []
    """To tell everyone of."""
    elsewhere: list[tuple[str, list[Stored]]] = []
    """The same for other conversations."""
    repeated: Stored | None = None
    """What had been done before under the same client id."""
    fields: dict[str, str] = {}
    """For the audit log, which holds no messages' texts."""


class Place(msgspec.Struct, frozen=True):
    """Where a verb is carried out, and by whom."""

    desk: "Desk"
    session: Session
    conversation: str

    @property
    def at(self) -> tuple[Any, str, str]:
        return self.desk.database, self.session.business, self.conversation

    @property
    def me(self) -> tuple[str, str]:
        return self.session.staff.id, self.session.staff.name


async def accept(place: Place, _: Nothing) -> Done:
    return Done(await status.accept(*place.at, *place.me))


async def take_over(place: Place, _: Nothing) -> Done:
    try:
        stored = await status.take_over(*place.at, *place.me)
    except StatusError as error:
        if error.status != "queued":  # it was the assistant's when the button was pressed
            raise
        stored = await status.accept(*place.at, *place.me)
    await blocking.unblock(*place.at)  # or the customer could not answer
    return Done(stored)


async def reply(place: Place, body: Reply) -> Done:
    text = _words(body.text)
    agent = place.session.staff.id
    stored = await status.say(*place.at, agent, text, client_id=body.client_id)
    before = None
    if not stored:
        before = await said_before(place.desk.database, place.conversation, agent, body.client_id)
    if live := place.desk.live.get(place.conversation):
        live.type(agent, is_typing=False)
    return Done(stored, repeated=before)


async def note(place: Place, body: Note) -> Done:
    return Done(await status.note(*place.at, _note(place, body.text)))


async def assign(place: Place, body: Assign) -> Done:
    row = await place.desk.database.one(
        "SELECT name FROM staff WHERE id = {} AND business = {} AND active = {}",
        body.staff, place.session.business, True,
    )  # fmt: skip
    if row is None:
        raise HTTPException(status_code=404, detail="There is no such colleague.")
    staff = place.session.staff
    stored = await status.assign(
        *place.at, staff.id, body.staff, row["name"], overrules=staff.may("manager")
    )
    return Done(stored, fields={"to": row["name"]})


async def hand_back(place: Place, body: HandBack) -> Done:
    note = _note(place, body.note, for_assistant=True) if (body.note or "").strip() else None
    return Done(await status.hand_back(*place.at, place.session.staff.id, note=note))


async def resolve(place: Place, _: Nothing) -> Done:
    return Done(await status.resolve(*place.at, place.session.staff.id))


async def snooze(place: Place, body: Snooze) -> Done:
    if body.until.tzinfo is None:
        raise HTTPException(status_code=400, detail="until: RFC 3339 with a zone, please.")
    now = datetime.now(UTC)
    if not now < body.until < now + LONGEST_SNOOZE:
        raise HTTPException(status_code=400, detail="until: a time within the next year, please.")
    until = body.until.astimezone(UTC)  # what is in the year 1 or 9999 may have none
    stored = await status.snooze(*place.at, place.session.staff.id, until=ms(until))
    return Done(stored, fields={"until": until.isoformat()})


async def reopen(place: Place, _: Nothing) -> Done:
    stored = await status.reopen(*place.at, place.session.staff.id)
    await blocking.unblock(*place.at)
    return Done(stored)


async def block(place: Place, _: Nothing) -> Done:
    first, *others = await blocking.block(*place.at, place.session.staff.id)
    return Done(first[1], elsewhere=others)


async def seen(place: Place, body: Seen) -> Done:
    staff = place.session.staff.id
    await place.desk.database.fetch(
        "INSERT INTO staff_seen (id, staff, conversation, seq) "
        "SELECT {}, {}, id, CASE WHEN last_seq < {} THEN last_seq ELSE {} END FROM conversation "
        "WHERE id = {} AND business = {} ON CONFLICT (conversation, staff) "
        "DO UPDATE SET seq = excluded.seq WHERE excluded.seq > staff_seen.seq",
        new_id(), staff, body.seq, body.seq, place.conversation, place.session.business,
    )  # fmt: skip
    feed.of(place.desk).touch(place.session.business, place.conversation, staff)
    return Done()


Verb = Callable[[Place, Any], Awaitable[Done]]
VERBS: dict[str, tuple[type[Any], Verb]] = {
    "accept": (Nothing, accept),
    "take_over": (Nothing, take_over),
    "reply": (Reply, reply),
    "note": (Note, note),
    "assign": (Assign, assign),
    "hand_back": (HandBack, hand_back),
    "resolve": (Nothing, resolve),
    "snooze": (Snooze, snooze),
    "reopen": (Nothing, reopen),
    "block": (Nothing, block),
    "seen": (Seen, seen),
}


async def carry_out(place: Place, verb: str, body: Any) -> Sequence[Stored]:
    """What was stored in this conversation. It is in the audit log in the same transaction; who was
    too late is there too.

    Raises StatusError, UnknownConversationError, ClientIdReusedError, HTTPException.
    """
    session, desk = place.session, place.desk
    about = {"conversation": place.conversation}
    try:
        async with desk.database.transaction():
            done = await VERBS[verb][1](place, body)
            if done.stored or done.elsewhere or verb == "block":
                await audit.record(
                    desk.database,
                    session.business,
                    session.staff,
                    "inbox",
                    verb,
                    about | done.fields,
                )
    except (StatusError, ClientIdReusedError) as error:
        await audit.record(
            desk.database, session.business, session.staff, "inbox", verb, about, "refused",
            str(error),
        )  # fmt: skip
        raise
    for conversation, stored in [(place.conversation, done.stored), *done.elsewhere]:
        if stored:
            desk.happened(conversation, stored)
    if verb in ("block", "reopen", "take_over"):
        feed.of(desk).touch(session.business, place.conversation)
    return [done.repeated] if done.repeated else done.stored


async def known(place: Place) -> None:
    """Raises UnknownConversationError for one of another business's."""
    row = await place.desk.database.one(
        "SELECT id FROM conversation WHERE id = {} AND business = {}",
        place.conversation, place.session.business,
    )  # fmt: skip
    if row is None:
        raise UnknownConversationError(place.conversation)


def refusal(error: StatusError, verb: str, me: str) -> str:
    """Why it cannot be done, for the person who asked."""
    who = error.agent_name or "A colleague"
    if error.agent and error.agent != me:
        return f"{who} has this conversation."
    match error.status:
        case "queued":
            return "Nobody has this conversation yet: accept it first."
        case "bot":
            return "The assistant has this conversation: take it over first."
        case "snoozed":
            return "This conversation is snoozed: take it over first."
        case "resolved":
            return "This conversation is resolved: take it over first."
        case _:
            return f"This cannot be done now: {error}."


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise HTTPException(status_code=400, detail="text: there are no words in it.")
    return text


def _note(place: Place, text: str | None, *, for_assistant: bool = False) -> Noted:
    words = redact.cards(_words(text or ""))[0]
    return Noted(new_id(), words, *place.me, for_assistant=for_assistant)
