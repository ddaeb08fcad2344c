"""Customers who call the actions of orders as the engine calls them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support import migrated
from support_cafe import MONDAY_NOON, cafe

from frontdesk import ActionCall, ActionError, Business
from frontdesk.conversation import Contact, ConversationState, apply_patch
from frontdesk.ids import new_id
from frontdesk.testing import ScriptedModel, TestDesk, open_desk
from frontdesk_plugins.orders import ledger
from frontdesk_plugins.orders.rules import rules_of
from frontdesk_plugins.orders.transitions import Change, Status, move

Row = dict[str, Any]
WHO = {"name": "Ana Ruiz", "phone": "(212) 555-0199"}
PICKUP = {"fulfilment": "pickup"} | WHO
DELIVERY = {"fulfilment": "delivery", "address": "1 Main St, Apt 2", "postcode": "10002"} | WHO
CAPACITY = "SELECT COALESCE(SUM(taken), 0) AS n FROM order_window"
STOCK = "SELECT COALESCE(SUM(taken), 0) AS n FROM order_stock"
ORDERS = "SELECT COUNT(*) AS n FROM customer_order"


class Outcome(dict[str, Any]):
    """What an action returned, or what its ActionError said with `failed`."""

    failed = False


class Customer:
    """Calls actions as the engine does: in a transaction, the patch kept with the outcome."""

    def __init__(self, desk: TestDesk, business: Business, name: str = "") -> None:
        self.desk = desk
        self.business = business
        self.contact = Contact(id=name or new_id())
        self.conversation = new_id()
        self.state = ConversationState()
        self.channel = "web"

    async def __call__(self, tool: str, /, **arguments: Any) -> Outcome:
        return await self.run(tool, arguments)

    async def run(
        self, tool: str, arguments: dict[str, Any], *, part: str = "run", proposal: str = "",
        call_id: str = "",
    ) -> Outcome:  # fmt: skip
        action = self.desk.desk.plugins.actions[tool]
        assert not isinstance(action.params, dict)
        params = msgspec.convert(arguments, action.params)
        call = ActionCall(
            id=call_id or new_id(), tool=tool, business=self.business, contact=self.contact,
            conversation=self.conversation, channel=self.channel,
            now=self.desk.desk.now(self.business), db=self.desk.desk.database,
            plugins=self.desk.desk.plugins, secret_keys=self.desk.desk.secret_keys,
            state=self.state, proposal=proposal, patch={},
        )  # fmt: skip
        answer = Outcome()
        kept: ActionError | None = None
        try:
            async with call.db.transaction():
                try:
                    answer.update(await getattr(action, part)(call, params))
                except ActionError as error:
                    if not error.keep_writes:
                        raise
                    kept = error
        except ActionError as error:
            kept = error
        if kept is not None:
            answer.failed = True
            answer.update(kept.data | {"message": kept.message})
        patch = msgspec.to_builtins(call.patch)
        if answer.failed:  # what only a success makes true is left out
            patch.pop("commitments", None)
        apply_patch(self.state, patch)
        return checked(answer)

    async def propose(
        self, tool: str = "confirm_order", /, **arguments: Any
    ) -> tuple[str, Outcome]:
        proposal = new_id()
        done = await self.run(tool, arguments, part="propose", proposal=proposal)
        return proposal, done

    def labels(self) -> list[str]:
        from frontdesk_plugins.orders.cards import line_label
        from frontdesk_plugins.orders.cart import cart_of

        return [line_label(line) for line in cart_of(self.state).lines]


def checked(answer: Outcome) -> Outcome:
    """Nothing leaves that JSON cannot say, and no amount is ever a float."""
    text = msgspec.json.encode(dict(answer))
    assert not any(isinstance(one, float) for one in _values(msgspec.json.decode(text)))
    return answer


def _values(tree: Any) -> list[Any]:
    if isinstance(tree, dict):
        return [one for value in tree.values() for one in _values(value)]
    if isinstance(tree, list):
        return [one for value in tree for one in _values(value)]
    return [tree]


@asynccontextmanager
async def opened(folder: Path, *businesses: Business, url: str = "") -> AsyncIterator[TestDesk]:
    if url:
        await migrated(url)
    async with open_desk(
        folder, url=url, models=[ScriptedModel()], settings={"model": {"use": ["scripted"]}},
        recover=False,
    ) as desk:  # fmt: skip
        desk.set_time(MONDAY_NOON)
        for business in businesses:
            await desk.add_business(business)
        yield desk


async def count(customer: Customer, sql: str) -> int:
    row = await customer.desk.desk.database.one(sql)
    assert row is not None
    return int(row["n"])


async def agree(customer: Customer, proposal: str, **arguments: Any) -> Outcome:
    return await customer.run("confirm_order", arguments, proposal=proposal)


def minutes(customer: Customer, passed: int) -> None:
    customer.desk.set_time(MONDAY_NOON + timedelta(minutes=passed))


async def ordered(customer: Customer, item: str = "tiramisu") -> Outcome:
    await customer("add_to_order", item=item)
    done = await customer("confirm_order", **PICKUP)
    assert not done.failed, done["message"]
    return done


async def row_of(customer: Customer, reference: str) -> Row:
    found = await ledger.find(
        customer.desk.desk.database, customer.business.id, reference.replace("-", "")
    )
    assert found is not None
    return found


async def step(customer: Customer, order: Row, to: Status) -> Row | None:
    database = customer.desk.desk.database
    change = Change(to=to, actor="staff", who="luca", reason="because")
    now = customer.desk.desk.now(customer.business)
    async with database.transaction():
        return await move(
            database, customer.business, rules_of(customer.business), order, change, now
        )


@pytest.fixture
async def customer(tmp_path: Path) -> AsyncIterator[Customer]:
    business = cafe()
    async with opened(tmp_path, business) as desk:
        yield Customer(desk, business)


@pytest.fixture
async def both(tmp_path: Path, database_url: str) -> AsyncIterator[Customer]:
    """On SQLite and on Postgres."""
    business = cafe()
    async with opened(tmp_path, business, url=database_url) as desk:
        yield Customer(desk, business)
