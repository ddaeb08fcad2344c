"""Commands that read and write the database: business, db, conversations."""

import asyncio
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_cli import invoke

from frontdesk import Business, Inbound, ModelReply, Usage
from frontdesk.business import Faq, Hours, HoursException
from frontdesk.catalogue import read_business
from frontdesk.model import ModelError, ToolCall
from frontdesk.packs import read_installed
from frontdesk.store import receive
from frontdesk.testing import ScriptedModel, open_desk
from frontdesk_server.commands.business import as_toml

EXAMPLE = next(pack.example for pack in read_installed() if pack.name == "restaurant")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("ANTHROPIC_API_KEY", "FRONTDESK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """SQLite and Postgres, as the configured database."""
    monkeypatch.setenv("FRONTDESK_DATABASE__URL", database_url)
    return database_url


def read_json(*args: str) -> Any:
    return json.loads(invoke(*args, "--format", "json").stdout)


# ---- business --------------------------------------------------------------------------------


def test_apply_export_and_apply_again(folder: Path) -> None:
    (folder / "b.toml").write_text(EXAMPLE)
    assert invoke("business", "apply", "b.toml").stdout == "restaurant: created\n"
    assert invoke("business", "apply", "b.toml").stdout == "restaurant: updated\n"
    exported = invoke("business", "export", "restaurant").stdout
    assert invoke("business", "apply", "-", stdin=exported).stdout == "restaurant: updated\n"
    assert invoke("business", "export", "restaurant").stdout == exported
    assert tomllib.loads(exported)["settings"] == tomllib.loads(EXAMPLE)["settings"]
    assert [each["id"] for each in read_json("business", "list")] == ["restaurant"]
    assert "Trattoria Bella" in invoke("business", "list").stdout


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(instructions=texts, facts=st.dictionaries(texts, texts, max_size=3), answer=texts)
def test_an_export_is_the_same_business(
    instructions: str, facts: dict[str, str], answer: str
) -> None:
    business = Business(
        id="b",
        name="B",
        instructions=instructions,
        facts=facts,
        faq=(Faq("Q?", answer),),
        hours=Hours(mon=("09:00-12:00", "13:00-24:00")),
        exceptions=(HoursException(date(2026, 12, 24), date(2026, 12, 26), (), answer),),
        monthly_budget=1200,
        require_origin=True,
    )
    assert read_business(as_toml(business), "b.toml", {}) == business


def test_apply_of_a_wrong_file_names_the_lines_and_changes_nothing(folder: Path) -> None:
    file = folder / "b.toml"
    file.write_text('id = "b"\nname = "B"\ntimezone = "Rome"\n[hours]\nmon = ["9-5"]\n')
    said = invoke("business", "apply", "b.toml", code=2).stderr
    assert said.startswith("b.toml:3: timezone: 'Rome' is not an IANA time zone\n")
    assert "\nb.toml:5: hours.mon: '9-5' is not a range of times" in said
    file.write_text('id = "b"\nname = "B"\n\npack = "cinema"\n')
    assert (
        "b.toml:4: pack: there is no pack 'cinema'"
        in invoke("business", "apply", "b.toml", code=2).stderr
    )
    assert read_json("business", "list") == []


def test_commands_that_read_make_no_database(folder: Path) -> None:
    for command in (["business", "list"], ["conversations", "list"], ["business", "export", "b"]):
        assert "There is no database yet" in invoke(*command, code=1).stderr
    assert "pending" in invoke("db", "status").stdout
    assert list(folder.iterdir()) == []


def test_an_unknown_business_is_told(folder: Path) -> None:
    (folder / "b.toml").write_text('id = "b"\nname = "B"\n')
    invoke("business", "apply", "b.toml")
    assert "Businesses: b." in invoke("business", "export", "c", code=1).stderr
    assert "Businesses: b." in invoke("conversations", "list", "--business", "c", code=1).stderr


def test_check_looks_at_the_businesses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_SERVER__PORT", "0")
    (folder / "b.toml").write_text(EXAMPLE)
    invoke("business", "apply", "b.toml")
    assert "restaurant" in [f["text"] for f in read_json("check") if f["area"] == "business"]
    monkeypatch.setenv("FRONTDESK_PLUGINS__DISABLED", '["booking"]')
    said = invoke("check", code=1).stdout
    assert "its pack 'restaurant' has problems" in said
    assert "settings.booking: no plugin has it" in said


def test_check_says_what_a_business_will_not_get(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDESK_SERVER__PORT", "0")
    (folder / "o.toml").write_text(
        'id = "otto"\nname = "Otto"\nlocale = "de-DE"\ntools = ["teleport"]\n'
    )
    invoke("business", "apply", "o.toml")
    assert "no enabled plugin provides the action 'teleport'" in invoke("check", code=1).stdout
    (folder / "o.toml").write_text('id = "otto"\nname = "Otto"\nlocale = "de-DE"\n')
    invoke("business", "apply", "o.toml")
    assert "the offline model understands English only" in invoke("check").stdout


# ---- db --------------------------------------------------------------------------------------


def test_migrate_once(url: str) -> None:
    assert {each["state"] for each in read_json("db", "status")} == {"pending"}
    ran = read_json("db", "migrate")
    assert {"app": "frontdesk", "name": "m0001_start"} in ran
    assert read_json("db", "migrate") == []
    status = read_json("db", "status")
    assert {each["state"] for each in status} == {"done"}
    assert all(each["ran_on"][:2] == "20" for each in status)
    assert "up to date" in invoke("db", "migrate").stdout
    assert "done" in invoke("db", "status").stdout


def test_a_migration_that_nobody_knows(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    invoke("db", "migrate")
    monkeypatch.setenv("FRONTDESK_PLUGINS__DISABLED", '["booking"]')
    states = {each["app"]: each["state"] for each in read_json("db", "status")}
    assert states.pop("booking") == "unknown"
    assert set(states.values()) == {"done"}
    assert "frontdesk" in states


def test_a_database_that_lacks_migrations(url: str) -> None:
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).touch()
    said = invoke("conversations", "list", code=2).stderr
    assert "run `frontdesk db migrate`" in said


# ---- conversations ---------------------------------------------------------------------------

REFUSED = ModelReply(
    model="m-1",
    text="Let me look.",
    calls=(ToolCall("1", "get_hours", {"date": "tomorrow"}),),
    stop="tool_use",
    usage=Usage(input=100, output=20, cache_read=300, cost=1500),
    request_id="req-1",
)
GOOD = ModelReply(
    model="m-1", text="", calls=(ToolCall("2", "get_hours", {}),), stop="tool_use",
    usage=Usage(input=100, output=20),
)  # fmt: skip


@pytest.fixture
def conversation(url: str, tmp_path: Path) -> str:
    """Two turns and a message that nobody has answered."""

    async def make() -> str:
        overloaded = ModelError("overloaded", "too busy", retryable=False)
        model = ScriptedModel(REFUSED, GOOD, "We open \x1b[31mlate.", name="clever")
        model.then(*[overloaded] * 4)
        async with open_desk(tmp_path, models=[model], url=url) as opened:
            await opened.add_business(
                read_business(EXAMPLE, "", opened.desk.plugins.business_settings)
            )
            customer = await opened.conversation("restaurant")
            await customer.say("When are you \x1b[2J open?")
            await customer.say("And where?")
            last = Inbound(business="restaurant", conversation=customer.id, text="Anybody?")
            await receive(opened.desk.database, last)
            return customer.id

    _migrate()
    return asyncio.run(make())


def _migrate() -> None:
    invoke("db", "migrate")


def test_list_and_show(conversation: str) -> None:
    (listed,) = read_json("conversations", "list", "--business", "restaurant", "--status", "bot")
    assert (listed["id"], listed["messages"], listed["unanswered"]) == (conversation, 3, True)
    assert read_json("conversations", "list", "--status", "resolved") == []
    assert conversation in invoke("conversations", "list", "--limit", "1").stdout

    shown = read_json("conversations", "show", conversation)
    roles = [message["role"] for message in shown["messages"]]
    assert roles == ["customer", "assistant", "customer", "assistant", "customer"]
    (action,) = shown["messages"][1]["actions"]
    assert (action["type"], action["status"]) == ("get_hours", "done")
    said = invoke("conversations", "show", conversation).stdout
    assert "[get_hours: done" in said
    assert "Anybody?" in said
    assert "(America/New_York)" in said
    assert "\x1b" not in said


def test_trace_in_json(conversation: str) -> None:
    traced = read_json("conversations", "trace", conversation)
    first, second = traced["turns"]
    assert traced["unanswered"] == ["Anybody?"]
    assert "Local time" in first["situation"]
    refused, good, last = first["rounds"]
    assert refused["text"] == "Let me look."
    (asked,) = refused["asked"]
    assert (asked["provider"], asked["cache_share"], asked["cost"]) == ("clever", 0.75, 1500)
    assert asked["prompt"] in traced["prompts"]
    (call,) = refused["calls"]
    assert (call["status"], call["arguments"]) == ("refused", {"date": "tomorrow"})
    assert "/date" in call["problems"][0]
    assert good["calls"][0]["data"]["days"]
    assert last["calls"] == []
    assert first["reply"]["outcome"] == "answered"
    failed = second["rounds"][0]["asked"][0]
    assert failed["error"] == "overloaded: too busy"
    assert second["rounds"][0]["asked"][1]["provider"] == "offline"


def test_trace_for_people(conversation: str) -> None:
    said = invoke("conversations", "trace", conversation).stdout
    assert "clever m-1: in 100, out 20; cache read 300, write 0, share 75%; cost $0.001500" in said
    assert "refused, 1 problem" in said
    assert "failed: overloaded: too busy" in said
    assert "--full shows all" in said
    assert "\x1b" not in said
    full = invoke("conversations", "trace", conversation, "--full").stdout
    assert "--full shows all" not in full
    assert '"input_schema"' in full


def test_one_turn(conversation: str) -> None:
    def numbers(*more: str) -> list[int]:
        turns = read_json("conversations", "trace", conversation, *more)["turns"]
        return [turn["number"] for turn in turns]

    assert numbers("--turn", "1") == [1]
    assert numbers("--last") == [2]
    command = ("conversations", "trace", conversation, "--turn")
    assert "the conversation has 2" in invoke(*command, "3", code=1).stderr
    invoke(*command, "1", "--last", code=2)


@pytest.mark.parametrize("command", ["show", "trace"])
def test_an_unknown_conversation_is_told(url: str, command: str) -> None:
    _migrate()
    said = invoke("conversations", command, "nobody", code=1).stderr
    assert "There is no conversation 'nobody'" in said
