"""The page "Orders" of the console: the board, one order, and what is sold out."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import structlog
from msgspec import Meta

from frontdesk import ActionError, profiles, status
from frontdesk.business import Business
from frontdesk.errors import UnknownConversationError
from frontdesk.events import Stored
from frontdesk.forms import read
from frontdesk.jobs import Job
from frontdesk.pages import Page, PageError, PageRequest
from frontdesk.references import shown
from frontdesk_plugins.orders import ledger, panel
from frontdesk_plugins.orders.rules import rules_of
from frontdesk_plugins.orders.told import tell
from frontdesk_plugins.orders.transitions import Change, Status, move

if TYPE_CHECKING:
    from frontdesk.desk import Desk

BACK_SECONDS = 300.0
Text = Annotated[str, Meta(max_length=200)]
log = structlog.get_logger("frontdesk.orders")


def pages(desk: "Desk") -> list[Page]:
    return [
        Page(
            name="orders",
            title="Orders",
            template="frontdesk_plugins.orders:pages/orders.html.j2",
            load=partial(_load, desk),
            posts={
                "step": partial(_step, desk),
                "stop": partial(_stop, desk),
                "sold-out": partial(_sold_out, desk),
            },
            place=20,
        )
    ]


async def _load(desk: "Desk", request: PageRequest) -> dict[str, Any]:
    business, query = request.business, request.query
    if "order" in query:
        order = await panel.read(desk.database, business.id, query["order"])
        return {
            "view": "receipt" if query.get("view") == "receipt" else "order",
            "order": panel.ticket(business, order, request.now),
            "history": await panel.history(desk.database, business, order),
            "refresh": 0,
        }
    if query.get("view") == "items":
        return {
            "view": "items", "refresh": 0,
            "categories": panel.items_view(business, rules_of(business)),
        }  # fmt: skip
    found = await panel.board(desk.database, business, request.now)
    return {"view": "board", "refresh": _refresh(query.get("refresh", ""))} | found


def _refresh(text: str) -> int:
    """Seconds between two loads of the board; 0 for never. Whoever wants it asks for it: what moves
    by itself is hard to read for some (WCAG 2.2.1)."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 5
    return max(int(text), 5) if is_number and int(text) else 0


# ---- an order --------------------------------------------------------------------------------


class _Move(msgspec.Struct, frozen=True, kw_only=True):
    order: Text
    version: int
    """As the board showed it."""


class _Step(_Move, frozen=True, kw_only=True):
    to: Literal["accepted", "preparing", "ready", "completed"]


class _Stop(_Move, frozen=True, kw_only=True):
    to: Literal["rejected", "cancelled"]
    reason: Annotated[str, Meta(max_length=500)] = ""
    tell: bool = False


async def _step(desk: "Desk", request: PageRequest) -> str:
    asked = read(request.form, _Step)
    order = await _seen(desk, request, asked)
    return await _change(desk, request, order, asked.to)


async def _stop(desk: "Desk", request: PageRequest) -> str:
    asked = read(request.form, _Stop)
    order = await _seen(desk, request, asked)
    text = ""
    if asked.tell:
        text = tell(request.business, asked.to, shown(order["reference"]), asked.reason)
    said = await _change(desk, request, order, asked.to, asked.reason, text)
    return f"{said} The customer was told." if text else said


async def _seen(desk: "Desk", request: PageRequest, asked: _Move) -> panel.Record:
    """The order, if it is still as the board showed it."""
    order = await panel.read(desk.database, request.business.id, asked.order)
    if order["version"] != asked.version:
        raise _changed(order)
    return order


def _changed(order: panel.Record) -> PageError:
    return PageError(
        f"Somebody else changed order {shown(order['reference'])} meanwhile: it is "
        f"{order['status']} now. Nothing was done."
    )


async def _change(
    desk: "Desk",
    request: PageRequest,
    order: panel.Record,
    to: Status,
    reason: str = "",
    text: str = "",
) -> str:
    """With `text`, a notice in the order's conversation."""
    business, stored = request.business, list[Stored]()
    change = Change(to=to, actor="staff", who=request.staff.id, reason=reason)
    try:
        async with desk.database.transaction():
            if text:  # conversations are locked before kitchens, as turns do it
                stored = await status.notice(
                    desk.database, business.id, order["conversation"], text
                )
            moved = await move(
                desk.database, business, rules_of(business), order, change, request.now
            )
            if moved is None:
                now = await ledger.by_id(desk.database, business.id, order["id"])
                raise _changed(now or order)
    except ActionError as error:
        raise PageError(error.message) from error
    except UnknownConversationError as error:
        raise PageError("The conversation of this order is gone: the customer cannot be told. "
                        "Do it again without telling them.") from error  # fmt: skip
    desk.happened(order["conversation"], stored)
    return f"Order {shown(order['reference'])}, {order['name']}: {to}."


# ---- what is sold out ------------------------------------------------------------------------


class _SoldOut(msgspec.Struct, frozen=True, kw_only=True):
    item: Text
    until: Literal["tomorrow", "further", "back"]


async def _sold_out(desk: "Desk", request: PageRequest) -> str:
    asked, business = read(request.form, _SoldOut), request.business
    name = panel.known(rules_of(business), asked.item)

    def make(known: Business) -> Business:
        back = rules_of(known).back
        days = {item: day.isoformat() for item, day in back.items() if item != asked.item}
        if asked.until == "tomorrow":
            days[asked.item] = panel.tomorrow(request.now).isoformat()
        return _with_item(known, asked.item, asked.until != "back", days)

    await profiles.change(desk, business.id, make)
    said = {
        "tomorrow": "is sold out until tomorrow", "further": "is sold out until you put it back",
        "back": "can be ordered again",
    }  # fmt: skip
    return f"{name} {said[asked.until]}."


def _with_item(business: Business, item: str, is_out: bool, back: dict[str, str]) -> Business:
    section = business.settings.get("orders", {})
    items = [
        {key: value for key, value in one.items() if key != "sold_out"}
        | ({"sold_out": True} if is_out else {})
        if one.get("id") == item
        else one
        for one in section.get("items", [])
    ]
    return profiles.with_section(business, "orders", items=items, back=back)


def back_job(desk: "Desk") -> Job:
    return Job(name="orders.back", seconds=BACK_SECONDS, run=partial(bring_back, desk))


async def bring_back(desk: "Desk") -> None:
    """Items that were sold out until this morning can be ordered again."""
    for business in await desk.businesses():
        is_off = "orders" in business.plugins.disabled
        if is_off or not business.settings.get("orders", {}).get("back"):
            continue
        try:
            await _bring_back(desk, business, desk.now(business).date())
        except Exception:  # one business must not stop the others
            log.exception("sold out items not brought back", business=business.id)


async def _bring_back(desk: "Desk", business: Business, today: date) -> None:
    def make(known: Business) -> Business:
        back = rules_of(known).back
        left = {item: day.isoformat() for item, day in back.items() if day > today}
        for item in back.keys() - left.keys():
            known = _with_item(known, item, False, left)
        return known

    if any(day <= today for day in rules_of(business).back.values()):
        await profiles.change(desk, business.id, make)
