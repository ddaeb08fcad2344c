"""The widget's payloads, as pinned: camelCase JSON, one line for each event."""

from typing import Any

import msgspec

from frontdesk.events import (
    CallSettled,
    CustomerSaid,
    Noticed,
    ProposalVoided,
    Replied,
    StaffSaid,
    StatusChanged,
    Stored,
)
from frontdesk.instants import rfc3339
from frontdesk.live import as_action
from frontdesk.watch import WITH_A_PERSON, Acted, Chunk, Done, Idle, Restart, Stopping

_encode = msgspec.json.Encoder().encode


class NewConversation(msgspec.Struct, frozen=True):
    """POST /widget/conversations."""

    business: str


class NewMessage(msgspec.Struct, frozen=True, rename="camel"):
    """POST .../messages and .../messages/stream; `send_message` on the socket."""

    content: str
    client_id: str | None = None
    confirm: str | None = None


class Message(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One entry of the history."""

    seq: int
    id: str
    role: str
    content: str
    at: str
    """RFC 3339, UTC."""
    client_id: str | None = None
    actions: list[dict[str, Any]] = []
    voided: list[str] = []
    """The proposals that the customer declined before this reply."""
    agent_name: str | None = None
    joined: str | None = None
    """The name of the person who came. A widget says it in its own words; `content` is for others."""
    left: str | None = None


class Reply(msgspec.Struct, frozen=True, rename="camel"):
    """The answer of the JSON route."""

    message_id: str | None
    content: str
    actions: list[dict[str, Any]]
    handed_off: bool


_JOINED = {
    "en": "{name} joined the conversation.",
    "es": "{name} se ha unido a la conversación.",
    "de": "{name} ist jetzt im Gespräch.",
    "fr": "{name} a rejoint la conversation.",
    "it": "{name} si è unito alla conversazione.",
}
_LEFT = {
    "en": "{name} left the conversation.",
    "es": "{name} ha salido de la conversación.",
    "de": "{name} hat das Gespräch verlassen.",
    "fr": "{name} a quitté la conversation.",
    "it": "{name} ha lasciato la conversazione.",
}


def hands_of(event: StatusChanged) -> tuple[str, bool] | None:
    """(who, whether they joined or left), as far as the customer is told of a change of hands. Nobody
    leaves who never came."""
    if event.status == "human":
        woke = event.before == "snoozed" and event.reason  # with whom it was all the time
        return None if woke else (event.agent_name, True)
    if event.before in WITH_A_PERSON and event.status in ("bot", "resolved"):
        return event.agent_name, False
    return None


def message_of(
    stored: Stored,
    actions: list[dict[str, Any]],
    voided: list[str] | None = None,
    language: str = "en",
) -> Message | None:
    """A stored event as an entry of the history, if it is one."""
    at = rfc3339(stored.at)
    event = stored.event
    if isinstance(event, CustomerSaid):
        return Message(stored.seq, event.id, "customer", event.text, at, event.client_id)
    if isinstance(event, Replied) and (event.content or actions):
        return Message(
            stored.seq,
            event.id,
            "assistant",
            event.content,
            at,
            actions=actions,
            voided=voided or [],
        )
    if isinstance(event, StaffSaid):
        name = event.agent_name or None
        return Message(stored.seq, event.id, "staff", event.text, at, agent_name=name)
    if isinstance(event, Noticed):
        return Message(stored.seq, event.id, "system", event.text, at)
    hands = hands_of(event) if isinstance(event, StatusChanged) else None
    if hands and hands[0]:
        name, is_here = hands
        table = _JOINED if is_here else _LEFT
        text = table.get(language, table["en"]).format(name=name)
        message = Message(stored.seq, f"status-{stored.seq}", "system", text, at)
        if is_here:
            return msgspec.structs.replace(message, joined=name)
        return msgspec.structs.replace(message, left=name)
    return None


def actions_of(events: list[Stored], turn: str) -> list[dict[str, Any]]:
    """What customers see of a turn's outcomes, in order."""
    return [
        as_action(stored.event)
        for stored in events
        if stored.turn == turn
        and isinstance(stored.event, CallSettled)
        and stored.event.status != "refused"
    ]


def voided_of(events: list[Stored], turn: str) -> list[str]:
    """The proposals that a turn's messages declined."""
    return [
        stored.event.proposal
        for stored in events
        if stored.turn == turn and isinstance(stored.event, ProposalVoided)
    ]


def sse(part: Chunk | Acted | Restart | Done | Idle | Stopping) -> bytes:
    """One server-sent event (html.spec.whatwg.org, 9.2): an id, one line of data, a blank line."""
    match part:
        case Chunk():
            return b'id: %s\ndata: {"type":"chunk","content":%s}\n\n' % (
                part.position.token().encode(), _encode(part.text),
            )  # fmt: skip
        case Acted():
            data = {"type": "action", "action": as_action(part.settled)}
            return b"id: %s\ndata: %s\n\n" % (part.position.token().encode(), _encode(data))
        case Restart():
            return b'id: %s\ndata: {"type":"restart"}\n\n' % part.position.token().encode()
        case Done():
            data = done(part)
            return b"id: %s\ndata: %s\n\n" % (part.position.token().encode(), _encode(data))
        case Idle():
            return b": still here\n\n"
        case Stopping():
            return b"data: %s\n\n" % _encode(
                {
                    "type": "error",
                    "code": "restarting",
                    "message": "The service is restarting. Your message is safe.",
                    "retryable": True,
                }
            )


def done(part: Done) -> dict[str, Any]:
    message = part.reply.id if part.reply else None
    return {"type": "done", "messageId": message, "handedOff": part.handed_off}


def failed(code: str, message: str, *, retryable: bool = True) -> bytes:
    """The end of a stream that could not be completed; the same request again may succeed."""
    data = {"type": "error", "code": code, "message": message, "retryable": retryable}
    return b"data: %s\n\n" % _encode(data)
