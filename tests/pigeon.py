"""A channel for text messages without a carrier: what is sent stays in the outbox."""

import json
from typing import Any

from frontdesk import hookimpl
from frontdesk.channels import Channel
from frontdesk.testing import TestDesk
from frontdesk.testing.desk import Conversation

NUMBER = "+12125550123"
KIND = "pigeon"


class Texts:
    name, markdown, cards, outbox = "sms", False, False, KIND


class Pigeon:
    """A plugin that brings it."""

    @hookimpl
    def register_channels(self) -> list[Channel]:
        return [Texts()]


async def texting(desk: TestDesk, business: str, phone: str = NUMBER) -> Conversation:
    """A new conversation by text message."""
    identifier, _ = await desk.desk.open_conversation(business, "sms", phone=phone)
    return Conversation(desk.desk, business, identifier)


async def sent(desk: TestDesk, kind: str = KIND) -> list[dict[str, Any]]:
    """What waits to leave, the oldest first."""
    rows = await desk.desk.database.fetch(
        "SELECT body FROM outbox WHERE kind = {} ORDER BY id", kind
    )
    return [json.loads(row["body"]) for row in rows]
