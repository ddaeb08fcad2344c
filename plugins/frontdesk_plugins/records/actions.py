"""Taking what a pack's tool collects, and telling its customer how it stands."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, ActionError, Commitment, phones
from frontdesk.database import Row
from frontdesk.proof import Proof, check
from frontdesk.references import shown
from frontdesk_plugins.records import ledger
from frontdesk_plugins.records.words import say

Kind = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Kinds = Annotated[tuple[Kind, ...], Meta(min_length=1, max_length=20)]


class TakeRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pack's tool binds `kind` and `title` and adds the fields that it wants collected."""

    kind: Kind
    title: Annotated[str, Meta(min_length=1, max_length=80)]
    """What customers and staff call it, in the business's language: "repair request"."""
    name: Annotated[str, Meta(max_length=120)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    urgency: Literal["low", "normal", "urgent"] = "normal"
    urgent_when: dict[str, tuple[str, ...]] = {}
    """Values of the tool's own fields that make it urgent: {"needed" = ["today"]}."""
    fetch: Literal["", "urgent", "always"] = ""
    """Also fetches a person, if one is there: when it is urgent, or always."""
    reply: Annotated[str, Meta(max_length=500)] = ""
    """Said after the receipt: what happens next."""


class RecordStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: Kind | Kinds
    """What the tool tells of; several kinds where customers do not tell them apart."""
    reference: Annotated[str, Meta(max_length=40)] = ""
    name: Annotated[str, Meta(max_length=120)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


async def take_record(call: ActionCall, params: TakeRecord) -> dict[str, Any]:
    contact = call.contact
    phone = phones.of_customer(call.business, params.phone) if params.phone.strip() else ""
    pressing = any(call.extra.get(key) in values for key, values in params.urgent_when.items())
    urgency = "urgent" if pressing else params.urgency
    columns = {
        "kind": params.kind,
        "name": params.name.strip() or contact.name,
        "phone": phone or contact.phone,
        "email": params.email.strip() or contact.email,
        "urgency": urgency,
    }
    record = await ledger.keep(call, columns, {"title": params.title} | call.extra)
    reference = shown(record["reference"])
    call.patch["contact"] = {key: columns[key] for key in ("name", "phone", "email")}
    call.patch["commitments"] = [
        Commitment(kinds=("recorded", "message_taken"), subject=reference, facts=(reference,))
    ]
    if params.fetch == "always" or (params.fetch and urgency == "urgent"):
        call.patch["fetch"] = {"reason": f"{params.title} {reference}", "urgency": urgency}
    message = say(call.business, "taken", what=params.title, reference=reference)
    if params.reply:
        message += f" {params.reply}"
    return {"reference": reference, "status": "received", "message": message} | call.extra


async def record_status(call: ActionCall, params: RecordStatus) -> dict[str, Any]:
    """Of the caller's own records, or of the one that they prove to be theirs."""
    kinds = (params.kind,) if isinstance(params.kind, str) else params.kind
    if not params.reference.strip():
        rows = await ledger.own(call, kinds)
        if not rows:
            raise ActionError(say(call.business, "nothing"), needs="reference")
        return {"records": [_card(call, row) for row in rows], "message": _told(call, rows[0])}
    proof = Proof(reference=params.reference, name=params.name, phone=params.phone)
    async with call.db.transaction():  # failures are counted
        row = await ledger.find(call, kinds, params.reference)
        verdict = await check(call, row, proof)
    if verdict == "too_many":
        raise ActionError(say(call.business, "too_many"), needs_person=True)
    if verdict == "unproven" or row is None:
        raise ActionError(say(call.business, "nothing"), needs="reference")
    return _card(call, row) | {"message": _told(call, row)}


def _card(call: ActionCall, row: Row) -> dict[str, Any]:
    return {"reference": shown(row["reference"]), "status": row["state"], "told": row["told"]}


def _told(call: ActionCall, row: Row) -> str:
    # Whoever wrote something for the customer has looked at it.
    state = "" if row["told"] and row["state"] == "new" else say(call.business, row["state"])
    return f"{shown(row['reference'])}: {' '.join(filter(None, (state, row['told'])))}"
