"""The offline model: rules in place of a language model."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from frontdesk.business import Business
from frontdesk.model import ModelReply, ModelRequest, TextDelta, Usage
from frontdesk.tools import Tool

VERSION = "offline-rules/1"
_PIECE = re.compile(r"\s*(?:\S+\s*){1,4}")


class Offline:
    """Works without network, key or randomness, and from the tools' declarations alone."""

    name = "offline"

    async def stream(self, request: ModelRequest) -> AsyncIterator[TextDelta | ModelReply]:
        # The rules are loaded with the first message: most installations start with another model.
        from frontdesk_plugins.offline import dialogue, state  # noqa: PLC0415

        talk = dialogue.respond(request)
        text = "\n\n".join(talk.said)
        for piece in _PIECE.findall(text):
            yield TextDelta(piece)
        yield ModelReply(
            model=VERSION,
            text=text,
            calls=tuple(talk.calls),
            stop="tool_use" if talk.calls else "end",
            usage=Usage(cost=0),
            opaque=state.opaque(talk.state),
        )

    async def warm_up(self) -> None:
        """Load the rules beside the loop."""
        import asyncio  # noqa: PLC0415

        await asyncio.to_thread(_load)

    async def close(self) -> None:
        """Nothing is held."""


def _load() -> None:
    """Import the rules and compile their expressions, by reading a message for each kind of field."""
    from frontdesk_plugins.offline import dialogue, english, reader, reading, slots  # noqa: PLC0415

    fields = {
        "people": {"type": "integer"}, "phone": {"type": "string"}, "name": {"type": "string"},
        "date": {"type": "string", "format": "date"}, "time": {"type": "string"},
    }  # fmt: skip
    schema = {"type": "object", "properties": fields}
    known = slots.slots_of(Tool(name="none", description="", action="", input_schema=schema))
    context = reading.Context(Business(id="none", name="none"), datetime.now(UTC))
    for field in fields:
        reader.read("212 555 0123", known, context, field)
    english.features("hello")
    assert dialogue
