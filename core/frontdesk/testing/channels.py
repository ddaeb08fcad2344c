"""What every channel has to keep, as a test that its author runs.

Write a small class that opens a desk with the channel (`Exchange`) and one that stands for a customer
at its other end (`Line`), as near to the real wire as it goes, and hand it over:

    async def test_the_channel(tmp_path):
        await check_channel(Pigeons, tmp_path)

A check that fails raises an AssertionError that says what was broken.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from frontdesk import reads, status
from frontdesk.business import Business
from frontdesk.channels import Inbound
from frontdesk.desk import Desk
from frontdesk.errors import UnknownConversationError
from frontdesk.events import CallSettled, CustomerSaid, ModelSaid, Replied, Stored
from frontdesk.ids import new_id
from frontdesk.testing.scripted import Call, ScriptedModel

SECONDS = 20.0
"""How long words may take to arrive."""
QUIET_SECONDS = 1.5
"""How long to listen for words that must not come: longer than the outbox's rounds."""


class Line(Protocol):
    """One customer of one business."""

    async def send(self, text: str, message: str) -> None:
        """Deliver a message as the outside does, under its id of the message; return when the channel
        has acknowledged it, without waiting for a reply. The same id again is a repetition."""
        ...

    async def heard(self) -> list[str]:
        """All words that have reached the customer, in order."""
        ...


class Exchange(Protocol):
    """The channel under test."""

    channel: str

    def open(self, folder: Path, model: ScriptedModel) -> AbstractAsyncContextManager[Desk]:
        """A started desk on a database in this folder, with this model and no other, with the channel,
        and with the businesses `business("one")` and `business("two")`. The same folder again is the
        same desk after a restart; what it had to send meanwhile it still sends."""
        ...

    async def dial(self, desk: Desk, business: str, customer: str) -> Line:
        """The line of a customer, who is told by any text, for example "ada": the same text is the
        same customer, also after a restart and towards another business."""
        ...


def business(identifier: str, **more: Any) -> Business:
    """A business as the checks need it; `more` are fields, such as `settings` of the channel."""
    tools = ("take_message", "handoff_to_human")
    return Business(id=identifier, name=identifier.title(), tools=tools, **more)


Check = Callable[[Exchange, Path], Awaitable[None]]


async def check_channel(make: Callable[[], Exchange], folder: Path) -> None:
    """All checks, each with a fresh exchange and desk, in a folder of its own below this one."""
    for check in CHECKS:
        place = folder / name_of(check)
        place.mkdir()
        await check(make(), place)


def name_of(check: Check) -> str:
    assert inspect.isfunction(check)
    return check.__name__


# ---- the checks ------------------------------------------------------------------------------


async def same_turn(exchange: Exchange, folder: Path) -> None:
    """A message has the same turn, the same state and the same actions as on any channel."""
    note = {"text": "Ring me about the terrace.", "name": "Ada", "phone": "+12125550147"}
    kept: list[tuple[Any, ...]] = []
    model = ScriptedModel()
    async with exchange.open(folder, model) as desk:
        model.then(Call("take_message", **note), "The team will ring.")
        line = await exchange.dial(desk, "one", "ada")
        await line.send("Please have somebody ring me.", new_id())
        await _heard(line, "The team will ring.")
        kept.append(await _kept(desk, await _conversation(desk, exchange.channel, "one")))

        model.then(Call("take_message", **note), "The team will ring.")
        other, _ = await desk.open_conversation("one", "none", new_id())
        await desk.receive(
            Inbound(business="one", conversation=other, text="Please have somebody ring me.")
        )
        await _until(lambda: _has_reply(desk, other), "the reply without any channel")
        kept.append(await _kept(desk, other))
    _legal(model)
    assert kept[0] == kept[1], "the same conversation came out otherwise on this channel"


async def stored_first(exchange: Exchange, folder: Path) -> None:
    """What is acknowledged is stored: a desk that stops at that moment answers after its next start."""
    model = ScriptedModel("Too late.")
    model.pause = asyncio.Event()
    async with exchange.open(folder, model) as desk:
        line = await exchange.dial(desk, "one", "ada")
        await line.send("Are you there?", new_id())
        said = await _said(desk, await _conversation(desk, exchange.channel, "one"))
        assert said == ["Are you there?"], f"acknowledged, and stored is {said}"
    model = ScriptedModel("Here I am.")
    async with exchange.open(folder, model) as desk:
        line = await exchange.dial(desk, "one", "ada")
        await _heard(line, "Here I am.")
        await _quiet(line, 1)
    _legal(model)


async def once(exchange: Exchange, folder: Path) -> None:
    """A message that comes again, at once or after a restart, is no second message and has no second
    reply; and words leave once."""
    model, message = ScriptedModel("Hello Ada.", "Never said."), new_id()
    async with exchange.open(folder, model) as desk:
        line = await exchange.dial(desk, "one", "ada")
        await asyncio.gather(*(line.send("Hello?", message) for _ in range(5)))
        await _heard(line, "Hello Ada.")
        await line.send("Hello?", message)
        await _quiet(line, 1)
    async with exchange.open(folder, model) as desk:
        line = await exchange.dial(desk, "one", "ada")
        await line.send("Hello?", message)
        await _quiet(line, 1)
        conversation = await _conversation(desk, exchange.channel, "one")
        assert await _said(desk, conversation) == ["Hello?"], "a repetition was stored"
        assert len(model.requests) == 1, "a repetition was answered"
    _legal(model)


async def all_words(exchange: Exchange, folder: Path) -> None:
    """Words of persons and notices of the engine reach the customer too, in order."""
    model = ScriptedModel("Hello Ada.")
    async with exchange.open(folder, model) as desk:
        line = await exchange.dial(desk, "one", "ada")
        await line.send("Hello?", new_id())
        await _heard(line, "Hello Ada.")
        place = desk.database, "one", await _conversation(desk, exchange.channel, "one")
        desk.happened(place[2], await status.take_over(*place, "ben", "Ben"))
        desk.happened(place[2], await status.say(*place, "ben", "Ben here, good evening."))
        await _heard(line, "Ben here, good evening.")
        desk.happened(place[2], await status.notice(*place, "We close in an hour."))
        await _heard(line, "We close in an hour.")
        await _quiet(line, 3)
    _legal(model)


async def silent(exchange: Exchange, folder: Path) -> None:
    """Once a person has the conversation, nothing of the assistant reaches the customer: neither what
    it was about to say, nor answers to what comes then."""
    model = ScriptedModel("The assistant goes on.", "And on.")
    model.pause = asyncio.Event()
    async with exchange.open(folder, model) as desk:
        line = await exchange.dial(desk, "one", "ada")
        await line.send("Hello?", new_id())
        await _until(lambda: _true(bool(model.requests)), "the model's turn")
        place = desk.database, "one", await _conversation(desk, exchange.channel, "one")
        desk.happened(place[2], await status.take_over(*place, "ben", "Ben"))
        model.pause.set()
        await line.send("Is anybody there?", new_id())
        desk.happened(place[2], await status.say(*place, "ben", "Ben here."))
        await _heard(line, "Ben here.")
        await _quiet(line, 1)
        assert len(model.requests) == 1, "the model was asked while a person had the conversation"
        assert await _said(desk, place[2]) == ["Hello?", "Is anybody there?"]
    _legal(model)


async def apart(exchange: Exchange, folder: Path) -> None:
    """The same customer's conversations with two businesses know nothing of each other."""
    model = ScriptedModel("This is one.", "This is two.")
    async with exchange.open(folder, model) as desk:
        first = await exchange.dial(desk, "one", "ada")
        await first.send("My name is a secret.", new_id())
        await _heard(first, "This is one.")
        second = await exchange.dial(desk, "two", "ada")
        await second.send("Who is there?", new_id())
        await _heard(second, "This is two.")
        one, two = [await _conversation(desk, exchange.channel, name) for name in ("one", "two")]
        assert await _said(desk, one) == ["My name is a secret."]
        assert await _said(desk, two) == ["Who is there?"]
        assert "secret" not in str(model.requests[-1].messages), "a business read another's words"
        try:
            await status.notice(desk.database, "two", one, "From the wrong one.")
        except UnknownConversationError:
            pass
        else:
            raise AssertionError("a business reached a conversation of another's")
        await _quiet(first, 1)
    _legal(model)


CHECKS: tuple[Check, ...] = (same_turn, stored_first, once, all_words, silent, apart)


# ---- looking ---------------------------------------------------------------------------------


async def _conversation(desk: Desk, channel: str, business: str) -> str:
    """The one conversation there is."""
    rows = await desk.database.fetch(
        "SELECT id FROM conversation WHERE business = {} AND channel = {}", business, channel
    )
    assert len(rows) == 1, f"{len(rows)} conversations on {channel!r} with {business!r}"
    return str(rows[0]["id"])


async def _events(desk: Desk, conversation: str) -> list[Stored]:
    return await reads.read_events(desk.database, conversation, 0)


async def _said(desk: Desk, conversation: str) -> list[str]:
    found = [stored.event for stored in await _events(desk, conversation)]
    return [event.text for event in found if isinstance(event, CustomerSaid)]


async def _has_reply(desk: Desk, conversation: str) -> bool:
    return any(isinstance(e.event, Replied) for e in await _events(desk, conversation))


async def _kept(desk: Desk, conversation: str) -> tuple[Any, ...]:
    """What happened, and what is remembered of it, without ids."""
    happened: list[Any] = []
    for stored in await _events(desk, conversation):
        event = stored.event
        match event:
            case CustomerSaid():
                happened.append(("said", event.text))
            case ModelSaid():
                happened.append(("asked", [(call.name, call.arguments) for call in event.calls]))
            case CallSettled():
                happened.append((event.tool, event.status, event.problems, sorted(event.patch)))
            case Replied():
                happened.append(("replied", event.text.splitlines()[0], event.outcome))
            case _:
                happened.append(type(event).__name__)
    state = await desk.database.one(
        "SELECT s.current_order_items, s.booking_draft, c.status, c.said > c.answered AS waits "
        "FROM conversation_state s JOIN conversation c ON c.id = s.conversation WHERE c.id = {}",
        conversation,
    )
    return happened, state


async def _true(value: bool) -> bool:
    return value


async def _until(is_so: Callable[[], Awaitable[bool]], what: str) -> None:
    try:
        async with asyncio.timeout(SECONDS):
            while not await is_so():  # noqa: ASYNC110  what is looked at may be anything
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"it did not come within {SECONDS:g} seconds: {what}") from None


async def _heard(line: Line, words: str) -> None:
    """A channel may put something in front, such as who writes."""

    async def is_so() -> bool:
        return any(words in said for said in await line.heard())

    await _until(is_so, f"the words {words!r}")


async def _quiet(line: Line, count: int) -> None:
    """No more than this many words, now and a while later."""
    await asyncio.sleep(QUIET_SECONDS)
    heard = await line.heard()
    assert len(heard) == count, (
        f"the customer heard {len(heard)} messages instead of {count}: {heard}"
    )


def _legal(model: ScriptedModel) -> None:
    assert not model.violations, f"the Messages API would refuse: {model.violations}"
