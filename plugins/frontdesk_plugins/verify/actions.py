"""Proving that a telephone number is one's own."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, ActionError, contacts, notify, opting, phones
from frontdesk_plugins.verify import codes
from frontdesk_plugins.verify.words import say


class VerifyPhone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    phone: Annotated[str, Meta(min_length=3, max_length=40)]
    code: Annotated[str, Meta(max_length=20)] = ""


async def verify_phone(call: ActionCall, params: VerifyPhone) -> dict[str, Any]:
    """Send a code; with the right one the number is the contact's, and who had it so far is the
    same person."""
    business, contact = call.business, call.contact
    phone = phones.of_customer(business, params.phone)
    shown = phones.shown(phone)
    verified = {
        "status": "verified", "phone": shown, "message": say(business, "verified", phone=shown),
    }  # fmt: skip
    if contact.phone_verified and contact.phone == phone:
        return verified
    if contact.phone_verified:
        raise ActionError(say(business, "other_number"))
    if not notify.can_text(call.plugins, business):
        raise ActionError(say(business, "not_here"), needs_person=True)
    if not phone.startswith("+") or await opting.state(call.db, business.id, phone) == "out":
        raise ActionError(say(business, "no_texts", phone=shown), needs="phone")
    if not params.code.strip():
        await codes.send(call, phone)
        return {"status": "sent", "phone": shown, "needs": "code",
                "message": say(business, "sent", phone=shown)}  # fmt: skip
    await codes.lock_number(call, phone)
    await codes.check(call, phone, params.code)
    await contacts.verify_phone(
        call.db, call.plugins, business.id, contact.id, phone, asking=call.conversation
    )
    call.patch["contact"] = await _now_known(call)
    return verified


async def _now_known(call: ActionCall) -> dict[str, Any]:
    """What the running turn knows of its contact from here on."""
    row = await call.db.one(
        "SELECT name, phone, email, opted_out, blocked FROM contact "
        "WHERE id = {} AND business = {}",
        call.contact.id, call.business.id,
    )  # fmt: skip
    assert row is not None
    is_so = {name: bool(row[name]) for name in ("opted_out", "blocked")}
    return row | is_so | {"phone_verified": True}
