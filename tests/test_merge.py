"""Two contacts that turn out to be one person: everything of both, or nothing changed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from pigeon import NUMBER, Pigeon, texting
from support import make_database, migrated
from till import TILL, Till, till_pack

from frontdesk import blocking, contacts, hookimpl, notify, opting
from frontdesk.business import Business
from frontdesk.ids import new_id
from frontdesk.testing import Call, ScriptedModel, TestDesk, open_desk
from frontdesk.testing.desk import Conversation

TABLES = ("booking", "booking_hold", "booking_waiting", "customer_order",
          "handoff", "promise", "record", "stay")  # fmt: skip


class Nosy:
    """A plugin that looks at merges, and may break one."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str]] = []
        self.breaks = False

    @hookimpl
    def merge_contacts(self, business: str, kept: str, gone: str) -> Any:
        return self._merge(business, kept, gone)

    async def _merge(self, business: str, kept: str, gone: str) -> None:
        self.seen.append((business, kept, gone))
        if self.breaks:
            raise OSError("no")


class Scene:
    def __init__(self, desk: TestDesk, model: ScriptedModel, till: Till, nosy: Nosy) -> None:
        self.desk, self.model, self.till, self.nosy = desk, model, till, nosy
        self.database = desk.desk.database

    async def verify(self, contact: str, phone: str = NUMBER, business: str = "till") -> None:
        async with self.database.transaction():
            await contacts.verify_phone(
                self.database, self.desk.desk.plugins, business, contact, phone
            )

    async def contact(self, talk: Conversation) -> dict[str, Any]:
        row = await self.database.one(
            "SELECT k.* FROM contact k JOIN conversation c ON c.contact = k.id WHERE c.id = {}",
            talk.id,
        )
        assert row is not None
        return row


@pytest.fixture
async def scene(tmp_path: Path, database_url: str) -> AsyncGenerator[Scene]:
    async with opened(tmp_path, database_url) as found:
        yield found


@asynccontextmanager
async def opened(tmp_path: Path, url: str) -> AsyncGenerator[Scene]:
    model, till, nosy = ScriptedModel(), Till(), Nosy()
    async with open_desk(
        tmp_path, url=await migrated(url), models=[model],
        plugins=[till, Pigeon(), nosy], pack_folders=[till_pack(tmp_path)],
        settings={"model": {"use": [model.name]}},
    ) as desk:  # fmt: skip
        numbers = {"sms": {"numbers": ["+12125550100"]}}
        await desk.add_business(msgspec.structs.replace(TILL, settings=numbers))
        await desk.add_business(Business(id="other", name="Other"))
        yield Scene(desk, model, till, nosy)


async def test_conversations_visitor_and_what_they_said_of_themselves_are_kept(
    scene: Scene,
) -> None:
    texts, web = await texting(scene.desk, "till"), await scene.desk.conversation("till")
    elsewhere = await texting(scene.desk, "other")
    gone, kept = await scene.contact(texts), await scene.contact(web)
    await scene.database.fetch(
        "UPDATE contact SET name = 'Ada', email = 'ada@example.com', opted_out = TRUE WHERE id = {}",
        gone["id"],
    )
    await scene.database.fetch("UPDATE contact SET name = 'A. L.' WHERE id = {}", kept["id"])
    await scene.verify(kept["id"])
    row = await scene.contact(texts)
    assert row == await scene.contact(web)
    assert (row["id"], row["visitor"]) == (kept["id"], kept["visitor"])
    assert (row["phone"], bool(row["phone_verified"])) == (NUMBER, True)
    assert (row["name"], row["email"]) == ("A. L.", "ada@example.com")
    assert row["opted_out"]
    assert row["created"] == min(gone["created"], kept["created"])
    assert scene.nosy.seen == [("till", kept["id"], gone["id"])]
    assert (await scene.contact(elsewhere))["id"] != kept["id"], "another business's customer"
    # The number leads to it from now on, and a second time changes nothing.
    assert (await contacts.of_phone(scene.database, "till", NUMBER)).id == kept["id"]
    await scene.verify(kept["id"])
    assert len(scene.nosy.seen) == 1


async def test_a_number_that_nobody_had_is_simply_theirs(scene: Scene) -> None:
    web = await scene.desk.conversation("till")
    kept = await scene.contact(web)
    await scene.verify(kept["id"])
    assert (await contacts.of_phone(scene.database, "till", NUMBER)).id == kept["id"]


async def test_every_plugins_rows_go_along(scene: Scene) -> None:
    """Each table that names a contact is told of by its plugin's hook."""
    found = {
        table._meta.tablename
        for app in scene.desk.desk.apps
        for table in app.tables
        if any(column._meta.name == "contact" for column in table._meta.columns)
        and app.app not in {"frontdesk", "verify"}
    }
    assert found == set(TABLES)
    texts, web = await texting(scene.desk, "till"), await scene.desk.conversation("till")
    gone, kept = await scene.contact(texts), await scene.contact(web)
    for table in TABLES:
        await fill(scene, table, gone["id"], "till")
        await fill(scene, table, gone["id"], "other")
    await scene.verify(kept["id"])
    for table in TABLES:
        rows = await scene.database.fetch(f"SELECT business, contact FROM {table}")
        assert {(row["business"], row["contact"]) for row in rows} == {
            ("till", kept["id"]), ("other", gone["id"]),
        }, table  # fmt: skip


async def fill(scene: Scene, table: str, contact: str, business: str) -> None:
    """A row, with something in every column."""
    of = next(
        one for app in scene.desk.desk.apps for one in app.tables if one._meta.tablename == table
    )
    row: dict[str, Any] = {}
    for column in of._meta.columns:
        name = column._meta.name
        if type(column).__name__ in ("BigSerial", "Serial"):
            continue
        kind = column.value_type
        row[name] = new_id() if kind is str else True if kind is bool else 1
    row |= {"contact": contact, "business": business}
    names, marks = ", ".join(row), ", ".join("{}" for _ in row)
    await scene.database.fetch(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())


async def test_a_plugin_that_fails_undoes_all_of_it(scene: Scene) -> None:
    texts, web = await texting(scene.desk, "till"), await scene.desk.conversation("till")
    gone, kept = await scene.contact(texts), await scene.contact(web)
    scene.nosy.breaks = True
    with pytest.raises(OSError, match="no"):
        await scene.verify(kept["id"])
    assert await scene.contact(texts) == gone
    assert await scene.contact(web) == kept


async def test_a_turn_at_work_goes_on_as_the_one_contact(scene: Scene) -> None:
    """What it had not stored is done anew, so that nothing is written for a contact that is gone."""
    texts, web = await texting(scene.desk, "till"), await scene.desk.conversation("till")
    kept = await scene.contact(web)

    async def meanwhile(_: Any) -> Any:
        await scene.verify(kept["id"])
        await scene.database.fetch("UPDATE conversation SET lease_until = 0")  # not waited for
        return Call("send", token="A1")

    scene.model.then(meanwhile, Call("send", token="A1"), "Sent.")
    reply = await asyncio.wait_for(texts.say("A1"), 30)
    assert reply is not None
    assert reply.content == "Sent."
    assert len(scene.till.sent) == 1
    assert (await scene.contact(texts))["id"] == kept["id"]


async def test_many_merges_at_once_leave_one(scene: Scene) -> None:
    webs = [await scene.desk.conversation("till") for _ in range(5)]
    people = [await scene.contact(web) for web in webs]
    lock = asyncio.Lock()  # as the plugin's row of the number

    async def one(identifier: str) -> None:
        async with lock:
            await scene.verify(identifier)

    await asyncio.gather(
        *(one(person["id"]) for person in people),
        *(texting(scene.desk, "till") for _ in range(5)),
    )
    rows = await scene.database.fetch(
        "SELECT id FROM contact WHERE business = 'till' AND phone_verified"
    )
    orphans = await scene.database.fetch(
        "SELECT c.id FROM conversation c LEFT JOIN contact k ON k.id = c.contact WHERE k.id IS NULL"
    )
    assert len(rows) == 1
    assert orphans == []


async def test_blocked_stays_blocked(scene: Scene) -> None:
    texts, web = await texting(scene.desk, "till"), await scene.desk.conversation("till")
    gone, kept = await scene.contact(texts), await scene.contact(web)
    await scene.database.fetch("UPDATE contact SET blocked = TRUE WHERE id = {}", gone["id"])
    await scene.verify(kept["id"])
    assert (await scene.contact(web))["blocked"]


async def test_who_is_blocked_is_not_answered_as_the_other_one(scene: Scene) -> None:
    texts, web = await texting(scene.desk, "till"), await scene.desk.conversation("till")
    kept = await scene.contact(web)
    await blocking.block(scene.database, "till", texts.id, "staff")
    await scene.verify(kept["id"])
    reply = await asyncio.wait_for(web.say("hello"), 30)
    assert reply is None or reply.content != "Hello!"
    row = await scene.database.one("SELECT * FROM conversation WHERE id = {}", web.id)
    assert row is not None
    assert (row["status"], row["reason"]) == ("resolved", "blocked")
    assert scene.model.requests == []


# ---- who waits for whom ----------------------------------------------------------------------


class Beside:
    """A second session of Postgres, which has locked something."""

    def __init__(self, scene: Scene, connection: Any) -> None:
        self.scene, self.connection = scene, connection

    async def take(self, table: str, identifier: str, *, now: bool = True) -> None:
        """Lock a row. It fails when somebody else has it, unless there is time."""
        end = "NOWAIT" if now else ""
        sql = f"SELECT 1 FROM {table} WHERE id = $1 FOR UPDATE {end}"
        await self.connection.fetch(sql, identifier)

    async def waited_for(self) -> None:
        """Until somebody waits for what we have."""
        sql = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not await self.connection.fetchval(sql):
            await asyncio.sleep(0.01)


@pytest.fixture
async def beside(tmp_path: Path, postgres: str) -> AsyncGenerator[Beside]:
    url = await make_database(postgres, f"t{uuid4().hex}")
    async with opened(tmp_path, url) as scene:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute("BEGIN")
            # Of two who wait for one another, the other finds out first and gives way.
            await connection.execute("SET LOCAL deadlock_timeout = '60s'")
            yield Beside(scene, connection)
        finally:
            await connection.close()


async def test_a_merge_waits_for_conversations_before_it_has_a_contact(beside: Beside) -> None:
    scene = beside.scene
    texts, web = await texting(scene.desk, "till"), await scene.desk.conversation("till")
    gone, kept = await scene.contact(texts), await scene.contact(web)
    await beside.take("conversation", texts.id)
    verifying = asyncio.create_task(scene.verify(kept["id"]))
    await beside.waited_for()
    await beside.take("contact", gone["id"])  # as the turn does at its end
    await beside.take("contact", kept["id"])
    await beside.connection.execute("COMMIT")
    await verifying
    assert (await scene.contact(texts))["id"] == kept["id"]


async def test_a_notice_waits_for_the_conversation_before_it_has_anything(beside: Beside) -> None:
    scene, ran = beside.scene, list[str]()
    texts = await texting(scene.desk, "till")
    await opting.record(scene.database, "till", NUMBER, "in", "form")
    business = await scene.desk.desk.business("till")
    assert business is not None

    async def once() -> bool:
        ran.append("once")
        return True

    await beside.take("conversation", texts.id)
    saying = asyncio.create_task(notify.notify(scene.desk.desk, business, NUMBER, "Hi", once=once))
    await beside.waited_for()
    assert ran == []
    await beside.take("contact", (await scene.contact(texts))["id"])
    await beside.connection.execute("COMMIT")
    assert await saying
    assert ran == ["once"]


async def test_a_block_takes_conversations_in_their_order(beside: Beside) -> None:
    scene = beside.scene
    talks = [await texting(scene.desk, "till") for _ in range(2)]
    first, second = sorted(talk.id for talk in talks)
    await beside.take("conversation", first)
    block = asyncio.create_task(blocking.block(scene.database, "till", second, "staff"))
    await beside.waited_for()
    await beside.take("conversation", second)
    await beside.connection.execute("COMMIT")
    assert [conversation for conversation, _ in await block] == [second, first]


async def test_what_the_database_gave_up_is_done_once_more(beside: Beside) -> None:
    """Two that wait for one another all the same."""
    scene = beside.scene
    texts = await texting(scene.desk, "till")
    await beside.take("contact", (await scene.contact(texts))["id"])
    block = asyncio.create_task(blocking.block(scene.database, "till", texts.id, "staff"))
    await beside.waited_for()
    await beside.take("conversation", texts.id, now=False)
    await beside.connection.execute("COMMIT")
    assert [conversation for conversation, _ in await block] == [texts.id]
    assert (await scene.contact(texts))["blocked"]
