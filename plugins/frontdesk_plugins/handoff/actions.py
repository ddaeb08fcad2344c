"""What customers can ask for when the assistant is not enough: a person, or a message to one."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, ActionError, Business, Commitment, phones
from frontdesk.instants import ms
from frontdesk.speech import clock, moment
from frontdesk_plugins.handoff import promises, requests
from frontdesk_plugins.handoff.requests import Urgency
from frontdesk_plugins.handoff.staffed import read_from, settings_of, staffed
from frontdesk_plugins.handoff.words import say

Reason = Literal["wants_person", "complaint", "cannot_help", "special_request", "safety", "other"]
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class HandOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reason: Reason = "wants_person"
    summary: Annotated[str, Meta(max_length=600)] = ""
    """For the person who comes: what the customer wants and what is known."""
    urgency: Urgency = "normal"


class TakeMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    phone: Annotated[str, Meta(max_length=40)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    """One of the two, unless one of this contact is verified."""
    topic: Annotated[str, Meta(max_length=80)] = ""
    urgency: Urgency = "normal"
    callback_window: Annotated[str, Meta(max_length=120)] = ""


async def handoff_to_human(call: ActionCall, params: HandOff) -> dict[str, Any]:
    """Put the conversation into the queue if somebody is there; else say when somebody is."""
    is_there, change = staffed(call.business, call.now)
    if not is_there:
        back = {"back_at": _local(call, change)} if change else {}
        when = moment(call.business, change) if change else ""
        message = say(call.business, "nobody_until" if change else "nobody", when=when)
        return {"status": "nobody", "message": message} | back
    wait = timedelta(seconds=settings_of(call.business).timeout)
    request = await requests.ask(
        call,
        reason=params.reason,
        summary=params.summary.strip(),
        urgency=params.urgency,
        answer_by=ms(call.now + wait),
    )
    call.patch["handoff"] = params.reason
    call.patch["urgency"] = params.urgency
    call.patch["commitments"] = [Commitment(kinds=("handed_off",), subject=request["id"])]
    message = say(call.business, "coming")
    return {"status": "queued", "request": request["id"], "message": message}


async def take_message(call: ActionCall, params: TakeMessage) -> dict[str, Any]:
    """Keep a message for the team, with where to answer it."""
    business, contact = call.business, call.contact
    phone = _phone(business, params.phone)
    email = _email(business, params.email)
    if not phone and not email:
        phone = contact.phone if contact.phone_verified else ""
        email = contact.email if contact.email_verified else ""
    if not phone and not email:
        raise ActionError(say(business, "no_contact"), needs="phone")
    due = read_from(business, call.now)
    name = params.name.strip() or contact.name
    promise = await promises.take(
        call,
        {
            "topic": params.topic.strip(),
            "text": params.text.strip(),
            "name": name,
            "phone": phone,
            "email": email,
            "urgency": params.urgency,
            "callback_window": params.callback_window.strip(),
            "due": ms(due),
        },
    )
    call.patch["contact"] = {"name": name, "phone": phone, "email": email}
    call.patch["commitments"] = [Commitment(kinds=("message_taken",), subject=promise["id"])]
    message = say(business, "taken", name=name, contact=phones.shown(phone) or email)
    if due > call.now:
        same_day = due.astimezone(business.zone).date() == call.now.date()
        when = clock(business, due) if same_day else moment(business, due)
        message += " " + say(business, "read_from", when=when)
    return {
        "status": "taken",
        "promise": promise["id"],
        "name": name,
        "phone": phone,
        "email": email,
        "read_from": _local(call, due),
        "message": message,
    }


def _local(call: ActionCall, at: datetime) -> str:
    return at.astimezone(call.business.zone).isoformat(timespec="minutes")


def _phone(business: Business, text: str) -> str:
    return phones.of_customer(business, text) if text.strip() else ""


def _email(business: Business, text: str) -> str:
    text = text.strip()
    if text and not _EMAIL.fullmatch(text):
        raise ActionError(say(business, "no_email", said=text[:80]), needs="email")
    return text
