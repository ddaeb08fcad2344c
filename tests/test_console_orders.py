"""The page "Orders": the board, its one-click steps, and what is sold out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_cafe import MONDAY_NOON, cafe
from support_orders import PICKUP, Customer, Outcome
from support_pages import Console, console, text_of

from frontdesk.database import Row
from frontdesk.events import Noticed
from frontdesk.reads import read_events
from frontdesk_plugins.orders import pages, panel
from frontdesk_plugins.orders.rules import rules_of

EVIL = "<script>alert(1)</script>"
CAFE = cafe()
OTHER = msgspec.structs.replace(CAFE, id="other", name="Other")


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[Console]:
    async with console(tmp_path, CAFE, OTHER, url=database_url, now=MONDAY_NOON) as opened:
        yield opened


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Console]:
    """SQLite only."""
    async with console(tmp_path, CAFE, OTHER, now=MONDAY_NOON) as opened:
        yield opened


async def customer(house: Console) -> Customer:
    """With a conversation in which they can be told something."""
    found = Customer(house.desk, CAFE)
    found.conversation, found.contact = await house.desk.desk.open_conversation(
        "cafe", "web", found.conversation
    )
    return found


async def ordered(
    house: Console, item: str = "tiramisu", **more: Any
) -> tuple[Customer, Row, Outcome]:
    guest = await customer(house)
    note = more.pop("note", "")
    await guest("add_to_order", item=item, **({"note": note} if note else {}))
    done = await guest("confirm_order", **PICKUP | more)
    assert not done.failed, done["message"]
    row = await house.desk.desk.database.one(
        "SELECT * FROM customer_order WHERE reference = {}", done["reference"].replace("-", "")
    )
    assert row is not None
    return guest, row, done


async def now_of(house: Console, order: Row) -> Row:
    row = await house.desk.desk.database.one(
        "SELECT * FROM customer_order WHERE id = {}", order["id"]
    )
    assert row is not None
    return row


def version(row: Row) -> dict[str, Any]:
    return {"order": row["id"], "version": row["version"]}


async def notices(house: Console, conversation: str) -> list[str]:
    events = await read_events(house.desk.desk.database, conversation, 0)
    return [one.event.text for one in events if isinstance(one.event, Noticed)]


# ---- the board -------------------------------------------------------------------------------


async def test_the_board_by_state(house: Console) -> None:
    _, first, _ = await ordered(house, "large oat latte with an extra shot", note="no foam")
    ana = await house.sign_in("cafe")
    read = text_of(await ana.see("orders"))
    reference = f"{first['reference'][:4]}-{first['reference'][4:]}"
    assert "New 1" in read
    assert f"12:15 PM {reference} Ana Ruiz pickup 1 \u00d7 Latte, Large" in read
    assert "Oat milk Extra shot no foam" in read
    assert "Accepted 0 None." in read
    for to, heading in (
        ("accepted", "Accepted 1"), ("preparing", "Preparing 1"), ("ready", "Ready 1"),
        ("completed", "Done today 1"),
    ):  # fmt: skip
        said = await ana.done("orders", "step", to=to, **version(await now_of(house, first)))
        assert said == f"Order {reference}, Ana Ruiz: {to}."
        assert heading in text_of(await ana.see("orders"))
    history = await house.desk.desk.database.fetch(
        "SELECT actor, who, after FROM order_history WHERE after <> 'placed' ORDER BY id"
    )
    assert {(line["actor"], line["who"]) for line in history} == {("staff", ana.session.staff.id)}
    assert [line["after"] for line in history] == ["accepted", "preparing", "ready", "completed"]
    house.desk.set_time(MONDAY_NOON + timedelta(days=1))
    assert "Done today 0" in text_of(await ana.see("orders"))


async def test_the_board_loads_itself_without_script(small: Console) -> None:
    ana = await small.sign_in("cafe")
    for query, meta in (
        ({"refresh": "30"}, 'content="30"'), ({"refresh": "1"}, 'content="5"'),
    ):  # fmt: skip
        assert f'<meta http-equiv="refresh" {meta}>' in await ana.see("orders", **query)
    for refresh in ("", "0", "x", "99999"):
        assert "http-equiv" not in await ana.see("orders", refresh=refresh)
    _, row, _ = await ordered(small)
    assert "http-equiv" not in await ana.see("orders", order=row["id"], refresh="30")


async def test_an_order_that_is_late_says_so(small: Console) -> None:
    await ordered(small)
    ana = await small.sign_in("cafe")
    assert "late" not in text_of(await ana.see("orders"))
    small.desk.set_time(MONDAY_NOON + timedelta(hours=1))
    assert "12:15 PM late" in text_of(await ana.see("orders"))


async def test_of_two_at_once_the_second_is_told(house: Console) -> None:
    _, row, _ = await ordered(house)
    ana, ben = await house.sign_in("cafe"), await house.sign_in("cafe", name="Ben")
    results = await asyncio.gather(
        ana.post("orders", "step", to="accepted", **version(row)),
        ben.post("orders", "stop", to="rejected", tell="true", **version(row)),
    )
    assert sorted(status for status, _ in results) == [200, 422]
    (refusal,) = [said for status, said in results if status == 422]
    after = await now_of(house, row)
    assert after["version"] == row["version"] + 1
    assert f"it is {after['status']} now. Nothing was done." in refusal
    told = await notices(house, row["conversation"])
    assert len(told) == (1 if after["status"] == "rejected" else 0)


async def test_steps_that_the_table_does_not_have(small: Console) -> None:
    _, row, _ = await ordered(small)
    ana = await small.sign_in("cafe")
    said = await ana.refused("orders", "step", to="completed", **version(row))
    assert said == "An order that is placed cannot become completed."
    assert (await ana.refused("orders", "step", to="placed", **version(row))).startswith("To: ")
    assert (await ana.refused("orders", "step", to="ready", order=row["id"])).startswith("Version")
    assert (await now_of(small, row))["status"] == "placed"


async def test_rejecting_with_a_reason_tells_the_customer_and_frees_the_kitchen(
    house: Console,
) -> None:
    guest, row, done = await ordered(house, "tiramisu")
    ana = await house.sign_in("cafe")
    said = await ana.done(
        "orders", "stop", to="rejected", tell="true", reason="The oven is broken", **version(row)
    )
    assert said.endswith("rejected. The customer was told.")
    (told,) = await notices(house, guest.conversation)
    assert told == (
        f"We are sorry: we cannot take your order {done['reference']}, and nothing is charged. "
        "The oven is broken. You can reach us on +1 212 555 0142."
    )
    stock = await house.desk.desk.database.fetch("SELECT taken FROM order_stock")
    assert [one["taken"] for one in stock] == [0]
    read = text_of(await ana.see("orders", order=row["id"]))
    assert "rejected by staff (The oven is broken)" in read


async def test_cancelling_what_is_in_the_kitchen(small: Console) -> None:
    guest, row, _ = await ordered(small)
    ana = await small.sign_in("cafe")
    await ana.done("orders", "step", to="accepted", **version(row))
    after = await now_of(small, row)
    said = await ana.refused("orders", "stop", to="cancelled", **version(row))  # an old board
    assert said.endswith("it is accepted now. Nothing was done.")
    said = await ana.refused("orders", "stop", to="rejected", **version(after))
    assert said == "An order that is accepted cannot become rejected."
    await ana.done("orders", "stop", to="cancelled", **version(after))
    assert await notices(small, guest.conversation) == []
    assert (await now_of(small, row))["status"] == "cancelled"


async def test_an_order_whose_conversation_is_gone_can_be_rejected_silently(
    small: Console,
) -> None:
    _, row, _ = await ordered(small)
    await small.desk.desk.database.fetch("UPDATE customer_order SET conversation = 'gone'")
    ana = await small.sign_in("cafe")
    said = await ana.refused("orders", "stop", to="rejected", tell="true", **version(row))
    assert "Do it again without telling them" in said
    await ana.done("orders", "stop", to="rejected", **version(row))


async def test_what_customers_type_is_text_also_on_the_receipt(small: Console) -> None:
    _, row, _ = await ordered(small, note=EVIL, name=f"Ana {EVIL}")
    ana = await small.sign_in("cafe")
    for query in ({}, {"order": row["id"]}, {"order": row["id"], "view": "receipt"}):
        html = await ana.see("orders", **query)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
    receipt = text_of(await ana.see("orders", order=row["id"], view="receipt"))
    assert "1 x Tiramisù $7.00" in receipt
    assert "Tax $0.70 Total $7.70" in receipt


async def test_other_businesses_orders_are_not_there(small: Console) -> None:
    _, row, _ = await ordered(small)
    eve = await small.sign_in("other", "owner", "Eve")
    assert "There is no such order" in await eve.see("orders", order=row["id"], status=404)
    for do, to in (("step", "accepted"), ("stop", "rejected")):
        said = await eve.refused("orders", do, to=to, **version(row))
        assert said == "There is no such order."
    assert "Ana Ruiz" not in await eve.see("orders")
    assert await now_of(small, row) == row


# ---- what is sold out ------------------------------------------------------------------------


async def test_sold_out_until_tomorrow(house: Console) -> None:
    ana = await house.sign_in("cafe")
    desk = house.desk.desk
    assert await ana.done("orders", "sold-out", item="cola", until="tomorrow") == (
        "Cola is sold out until tomorrow."
    )
    assert "Cola sold out until Tue, Nov 24" in text_of(await ana.see("orders", view="items"))
    guest = await customer(house)
    guest.business = await desk.business("cafe") or guest.business
    assert (await guest("add_to_order", item="cola")).failed
    await pages.bring_back(desk)
    assert (await desk.business("cafe")) is not None
    house.desk.set_time(MONDAY_NOON + timedelta(hours=11, minutes=59))  # 23:59
    await pages.bring_back(desk)
    business = await desk.business("cafe")
    assert business is not None
    cola = rules_of(business).item("cola")
    assert cola is not None
    assert cola.sold_out
    house.desk.set_time(MONDAY_NOON + timedelta(hours=12))
    await pages.bring_back(desk)
    await pages.bring_back(desk)
    business = await desk.business("cafe")
    assert business is not None
    cola = rules_of(business).item("cola")
    assert cola is not None
    assert not cola.sold_out
    assert rules_of(business).back == {}


async def test_sold_out_for_good_and_put_back(small: Console) -> None:
    ana = await small.sign_in("cafe")
    assert "Carrot cake sold out Put back" in text_of(await ana.see("orders", view="items"))
    await ana.done("orders", "sold-out", item="cola", until="further")
    await ana.done("orders", "sold-out", item="cake", until="back")
    small.desk.set_time(MONDAY_NOON + timedelta(days=3))
    await pages.bring_back(small.desk.desk)
    business = await small.desk.desk.business("cafe")
    assert business is not None
    rules = rules_of(business)
    assert [item.id for item in rules.items if item.sold_out] == ["cola"]
    other = await small.desk.desk.business("other")
    assert other is not None
    assert [item.id for item in rules_of(other).items if item.sold_out] == ["cake"]
    said = await ana.refused("orders", "sold-out", item="pie", until="back")
    assert said == "That item is not on the menu any more."


async def test_two_items_at_once_are_both_sold_out(house: Console) -> None:
    ana, ben = await house.sign_in("cafe"), await house.sign_in("cafe", name="Ben")
    await asyncio.gather(
        ana.done("orders", "sold-out", item="cola", until="tomorrow"),
        ben.done("orders", "sold-out", item="cookies", until="further"),
    )
    row = await house.desk.desk.database.one("SELECT profile FROM business WHERE id = 'cafe'")
    assert row is not None
    profile = msgspec.json.decode(row["profile"])
    items = profile["settings"]["orders"]["items"]
    assert {one["id"] for one in items if one.get("sold_out")} == {"cola", "cookies", "cake"}


# ---- the inbox -------------------------------------------------------------------------------


async def test_what_the_inbox_is_told_of_a_customer(small: Console) -> None:
    guest, row, done = await ordered(small)
    business = await small.desk.desk.business("cafe")
    assert business is not None
    with small.desk.desk.database.bound():
        section = await panel.describe(business, guest.contact.id)
    (line,) = section.rows
    assert line.text == f"{done['reference']} for Mon, Nov 23, 12:15 PM, $7.70"
    assert (line.detail, line.status) == ("1 x Tiramisù", "placed")
    assert line.href == f"/console/orders?order={row['id']}"
    other = await small.desk.desk.business("other")
    assert other is not None
    with small.desk.desk.database.bound():
        assert (await panel.describe(other, guest.contact.id)).rows == ()
