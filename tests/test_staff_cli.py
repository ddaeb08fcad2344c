"""The commands staff and outbox, on both databases."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from test_cli import invoke

from frontdesk import appending, config
from frontdesk.database import Database
from frontdesk_server.console import staff

ADA = ("staff", "add", "Ada@Shop.example", "--business", "shop", "--name", "Ada L.")


@pytest.fixture(autouse=True)
def url(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A configured database with the business `shop`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FRONTDESK_CONFIG", raising=False)
    monkeypatch.setenv("FRONTDESK_DATABASE__URL", database_url)
    invoke("db", "migrate")
    (tmp_path / "shop.toml").write_text('id = "shop"\nname = "Shop"\ntimezone = "Asia/Tokyo"\n')
    invoke("business", "apply", "shop.toml")
    return database_url


def on_database(url: str, work: Callable[[Database], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        database = Database(config.Database(url=url))
        await database.start()
        try:
            return await work(database)
        finally:
            await database.stop()

    return asyncio.run(run())


def signs_in(url: str, email: str, password: str) -> list[str]:
    found = on_database(url, lambda database: staff.signs_in(database, email, password))
    return [who.business for who in found]


def test_the_first_person_gets_a_password_once(url: str) -> None:
    said = invoke(*ADA, "--role", "owner").stdout
    assert said.startswith("ada@shop.example: added (owner of shop)\nPassword: ")
    password = said.split("Password: ")[1].split("\n")[0]
    assert signs_in(url, "ada@shop.example", password) == ["shop"]
    listed = invoke("staff", "list").stdout
    assert "ada@shop.example" in listed
    assert "Ada L." in listed
    assert "never" in listed
    assert password not in listed
    assert "argon2" not in invoke("staff", "list", "--format", "json").stdout


def test_a_password_from_standard_input_is_not_printed(url: str) -> None:
    done = invoke(*ADA, "--password-stdin", "--format", "json", stdin="four plain little words\n")
    made = json.loads(done.stdout)
    assert (made["email"], made["role"], made["active"]) == ("ada@shop.example", "agent", True)
    assert made["seen"] is None
    assert "password" not in made
    assert signs_in(url, "ada@shop.example", "four plain little words") == ["shop"]
    changed = invoke(
        "staff", "password", "ada@shop.example", "--business", "shop", "--format", "json"
    )
    new = json.loads(changed.stdout)["password"]
    assert signs_in(url, "ada@shop.example", "four plain little words") == []
    assert signs_in(url, "ada@shop.example", new) == ["shop"]


def test_removing(url: str) -> None:
    invoke(*ADA)
    assert invoke("staff", "remove", "ADA@shop.example", "--business", "shop").exit_code == 0
    assert json.loads(invoke("staff", "list", "--format", "json").stdout) == []
    assert "Nobody yet" in invoke("staff", "list").stdout
    invoke(*ADA, "--role", "owner")
    last = invoke("staff", "remove", "ada@shop.example", "--business", "shop", code=1)
    assert "only owner" in last.output


def test_what_is_wrong_is_told(url: str) -> None:
    invoke(*ADA)
    for args, code, said in (
        (ADA, 1, "already"),
        ((*ADA[:4], "nowhere", *ADA[5:]), 1, "There is no business 'nowhere'. Businesses: shop."),
        (("staff", "list", "--business", "nowhere"), 1, "There is no business"),
        (("staff", "add", "ada", *ADA[3:]), 1, "is not an e-mail address"),
        ((*ADA, "--role", "king"), 2, "king"),
        (("staff", "remove", "eve@x.example", "--business", "shop"), 1, "is not on the staff"),
        (("staff", "password", "eve@x.example", "--business", "shop"), 1, "is not on the staff"),
        (("staff", "remove", "ada@shop.example"), 2, "--business"),
        ((*ADA, "--password-stdin"), 2, "no password"),
    ):
        done = invoke(*args, code=code, stdin="")
        assert said in done.output, args
    short = invoke(*ADA, "--password-stdin", code=1, stdin="short\n")
    assert "12 to 200" in short.output


def test_without_the_console_there_is_no_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_PLUGINS__DISABLED", '["console"]')
    assert "The plugin console is not in use" in invoke("staff", "list", code=1).output


def test_what_was_given_up_is_listed_and_tried_again(url: str) -> None:
    assert "Nothing was given up" in invoke("outbox", "list").stdout
    assert json.loads(invoke("outbox", "list", "--format", "json").stdout) == []

    async def give_up(database: Database) -> list[str]:
        made = [await appending.put(database, "shop", kind, {"text": "private"}) for kind in "abc"]
        await database.fetch("UPDATE outbox SET state = 'dead', attempts = 7, error = 'no route'")
        return made

    first, *_, third = on_database(url, give_up)
    table = invoke("outbox", "list", "--business", "shop").stdout
    assert first in table
    assert "no route" in table
    listed = invoke("outbox", "list", "--format", "json").stdout
    assert [each["kind"] for each in json.loads(listed)] == ["c", "b", "a"]
    assert "private" not in table + listed
    for wrong in ((), (first, "--all")):
        assert "--all" in invoke("outbox", "retry", *wrong, code=2).output
    assert "1 on their way" in invoke("outbox", "retry", first).stdout
    unknown = invoke("outbox", "retry", first, third, code=1)
    assert "1 on their way" in unknown.output
    assert first in unknown.output.split("any more")[1]
    assert "1 on their way" in invoke("outbox", "retry", "--all", "--business", "shop").stdout
    assert "There is no business" in invoke("outbox", "list", "--business", "x", code=1).output
    states = on_database(url, lambda database: database.fetch("SELECT DISTINCT state FROM outbox"))
    assert states == [{"state": "new"}]
