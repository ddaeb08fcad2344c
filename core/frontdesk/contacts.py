"""Contacts: the customers of a business, by what is known to be theirs."""

import msgspec

from frontdesk.appending import now_ms
from frontdesk.conversation import Contact
from frontdesk.database import Database
from frontdesk.ids import new_id


async def of_visitor(database: Database, business: str, visitor: str) -> Contact:
    """The contact behind a visitor of the widget, who is made if need be."""
    await database.fetch(
        "INSERT INTO contact (id, business, visitor, created) VALUES ({}, {}, {}, {}) "
        "ON CONFLICT (business, visitor) WHERE visitor <> '' DO NOTHING",
        new_id(), business, visitor, now_ms(),
    )  # fmt: skip
    row = await database.one(
        "SELECT * FROM contact WHERE business = {} AND visitor = {}", business, visitor
    )
    return msgspec.convert(row, Contact)


async def of_phone(database: Database, business: str, phone: str) -> Contact:
    """The contact whose verified number (E.164) this is, who is made if need be."""
    await database.fetch(
        "INSERT INTO contact (id, business, phone, phone_verified, created) "
        "VALUES ({}, {}, {}, TRUE, {}) "
        "ON CONFLICT (business, phone) WHERE phone_verified AND phone <> '' DO NOTHING",
        new_id(), business, phone, now_ms(),
    )  # fmt: skip
    row = await database.one(
        "SELECT * FROM contact WHERE business = {} AND phone = {} AND phone_verified",
        business, phone,
    )  # fmt: skip
    return msgspec.convert(row, Contact)
