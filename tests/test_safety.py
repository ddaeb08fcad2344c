"""Rules before the model, redaction before the disk: whatever a model would say."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from frontdesk import taboos
from frontdesk.events import CustomerSaid, Replied, StatusChanged
from frontdesk.model import Text
from frontdesk.taboos import Taboo
from frontdesk.testing import ScriptedModel, open_desk, read_toml
from frontdesk.testing.desk import Conversation, TestDesk

CARD = "4111 1111 1111 1111"
OPEN = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
"""A Sunday evening in New York, when the restaurant of the example is open."""


class Scene:
    def __init__(self, desk: TestDesk, model: ScriptedModel, talk: Conversation) -> None:
        self.desk, self.model, self.talk = desk, model, talk

    async def say(self, text: str) -> Replied:
        reply = await self.talk.say(text)
        assert reply is not None
        return reply

    async def status(self) -> list[str]:
        events = [stored.event for stored in await self.talk.events()]
        return [event.status for event in events if isinstance(event, StatusChanged)]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    model = ScriptedModel()
    settings = {"model": {"use": ["scripted"]}}
    async with open_desk(tmp_path, models=[model], settings=settings) as desk:
        desk.set_time(OPEN)
        await desk.add_business(read_toml(desk.desk.packs["restaurant"].example))
        yield Scene(desk, model, await desk.conversation("restaurant"))


async def test_an_emergency_is_answered_at_once_and_fetches_a_person(scene: Scene) -> None:
    reply = await scene.say("Help, my husband can't breathe!")
    assert "911" in reply.content
    assert (reply.outcome, reply.trigger, reply.handed_off) == ("trigger", "emergency", True)
    assert scene.model.requests == []
    assert await scene.status() == ["queued"]
    assert [action.status for action in scene.talk.actions] == ["done"]
    assert await scene.talk.say("hello?") is None, "a person has it now"


async def test_a_wish_to_die_is_met_with_the_line_for_it(scene: Scene) -> None:
    reply = await scene.say("I want to kill myself")
    assert "988" in reply.content
    assert reply.handed_off


async def test_at_night_the_number_comes_all_the_same(scene: Scene) -> None:
    scene.desk.set_time(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    reply = await scene.say("there is a fire in our kitchen, we can't get out")
    assert "911" in reply.content
    assert not reply.handed_off


async def test_a_card_number_is_never_stored_nor_shown_to_a_model(scene: Scene) -> None:
    reply = await scene.say(f"Put it on my card {CARD}, exp 12/27 cvv 123")
    assert (reply.outcome, reply.trigger) == ("trigger", "card_number")
    scene.model.then("Gladly.")
    await scene.say("all right, a table then")
    for table in ("event", "conversation_state", "prompt", "ai_usage"):
        rows = await scene.desk.desk.database.fetch(f"SELECT * FROM {table}")
        assert "1111" not in msgspec.json.encode(rows).decode()
    seen = [b for m in scene.model.requests[0].messages for b in m.blocks if isinstance(b, Text)]
    assert "1111" not in str(seen)
    assert "[card number removed]" in str(seen)


async def test_the_same_message_again_is_the_same_also_when_it_was_redacted(scene: Scene) -> None:
    first = await scene.talk.say(f"my card is {CARD}", client_id="c1")
    again = await scene.talk.say(f"my card is {CARD}", client_id="c1")
    assert first == again
    said = [s for s in await scene.talk.events() if isinstance(s.event, CustomerSaid)]
    assert len(said) == 1


async def test_harmless_words_reach_the_model(scene: Scene) -> None:
    scene.model.then("Of course.")
    assert (await scene.say("Is your oven fire hot? I'm dying to try it.")).content == "Of course."


async def test_when_nothing_works_a_person_is_fetched(scene: Scene) -> None:
    reply = await scene.say("hello")  # the script is empty: every model fails
    assert (reply.outcome, reply.handed_off) == ("apology", True)
    assert "fetching a person" in reply.content
    assert await scene.status() == ["queued"]


async def test_a_pack_has_rules_of_its_own(tmp_path: Path) -> None:
    pack = tmp_path / "spa"
    pack.mkdir()
    (pack / "pack.toml").write_text(
        'name = "spa"\ntitle = "Spa"\nversion = "1.0"\n[[triggers]]\nname = "burn"\n'
        'patterns = { en = ["\\\\bburn(s|ed|t)? my\\\\b"] }\nreply = { en = "Cool it. Call {phone}." }\n'
    )
    (pack / "business.example.toml").write_text('id = "spa"\nname = "Spa"\npack = "spa"\n')
    model = ScriptedModel()
    async with open_desk(tmp_path, models=[model], pack_folders=[str(pack)]) as desk:
        assert desk.desk.packs["spa"].problems == ()
        await desk.add_business(read_toml('id = "s"\nname = "S"\npack = "spa"\nphone = "+1 5"'))
        talk = await desk.conversation("s")
        reply = await talk.say("the stone burnt my back")
        assert reply is not None
        assert (reply.content, reply.trigger) == ("Cool it. Call +1 5.", "burn")


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ("Das ist eine sichere Gegend.", True),
        ("Ob das eine sichere Gegend ist, kann ich nicht sagen.", False),
        ("A sichere Gegend cake.", False),
        ("It is a safe area.", True),
        ("It is no safe area.", True),
        ("Es una zona segura.", True),
        ("No es una zona segura.", False),
        ("We cannot say: a safe area or not.", False),
    ],
)
def test_what_must_not_be_said_holds_in_the_language_that_is_spoken(
    said: str, broken: bool
) -> None:
    """The business speaks English."""
    taboo = Taboo(
        name="steering",
        patterns={"en": ("safe area",), "de": ("sichere gegend",), "es": ("zona segura",)},
        unless={"en": ("cannot say",), "de": (r"nicht sagen",), "es": (r"\bno\b",)},
        note="It steers.",
        instead={"en": "See for yourself."},
    )
    assert bool(taboos.find(said, "en", [taboo])) is broken
