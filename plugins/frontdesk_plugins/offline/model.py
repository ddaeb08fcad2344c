"""The offline model: rules in place of a language model."""

import asyncio
import re
from collections.abc import AsyncIterator

from frontdesk.model import ModelReply, ModelRequest, TextDelta, Usage

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
        await asyncio.to_thread(_load)

    async def close(self) -> None:
        """Nothing is held."""


def _load() -> None:
    from frontdesk_plugins.offline import reader  # noqa: PLC0415

    reader.prepare()
