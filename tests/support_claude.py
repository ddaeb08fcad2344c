"""The claude plugin's model beside a fake of its API, and what it is asked."""

from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import pytest

from frontdesk import Business, ModelError, Tool
from frontdesk.model import Block, Message, ModelReply, ModelRequest, Text, TextDelta
from frontdesk.testing.fake_claude import Answer, FakeClaude
from frontdesk_plugins.claude import Claude, ClaudeSettings, prices
from frontdesk_plugins.claude.wire import request_body

KEY = "sk-ant-secret"
BUSINESS = Business(id="corner", name="Corner Café")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def schema(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def tool(name: str, input_schema: dict[str, Any] | None = None) -> Tool:
    return Tool(
        name=name,
        description=f"Does {name}.",
        action=name,
        input_schema=input_schema or schema(day={"type": "string", "format": "date"}),
    )


def user(*blocks: Block | str) -> Message:
    return Message("user", tuple(Text(b) if isinstance(b, str) else b for b in blocks))


def desk(*blocks: Block | str) -> Message:
    return Message("assistant", tuple(Text(b) if isinstance(b, str) else b for b in blocks))


def request(*messages: Message, **changes: Any) -> ModelRequest:
    given: dict[str, Any] = {
        "tools": (),
        "system": ("You are the desk of a café.",),
        "messages": messages or (user("Hello"),),
        "max_tokens": 300,
        "business": BUSINESS,
        "now": NOON,
        "conversation": "01998a6e-0000-7000-8000-000000000000",
    }
    return ModelRequest(**{**given, **changes})


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_CUSTOM_HEADERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


class Rig:
    """A model and the server that it talks to."""

    def __init__(self, fake: FakeClaude, model: Claude) -> None:
        self.fake = fake
        self.model = model

    async def ask(
        self, asked: ModelRequest | None = None, deltas: list[str] | None = None
    ) -> tuple[list[str], ModelReply]:
        """The deltas, and the reply. `deltas` keeps what came before an error."""
        deltas = [] if deltas is None else deltas
        reply: ModelReply | None = None
        async with aclosing(self.model.stream(asked or request())) as stream:
            async for item in stream:
                assert reply is None, "the reply is the last item"
                if isinstance(item, TextDelta):
                    assert item.text
                    deltas.append(item.text)
                else:
                    reply = item
        assert reply
        assert "".join(deltas) == reply.text
        return deltas, reply

    async def error(
        self, asked: ModelRequest | None = None, deltas: list[str] | None = None
    ) -> ModelError:
        with pytest.raises(ModelError) as caught:
            await self.ask(asked, deltas)
        assert KEY not in str(caught.value)
        return caught.value


def settings(**changes: Any) -> ClaudeSettings:
    given: dict[str, Any] = {"api_key": KEY, **changes}
    return ClaudeSettings(**given)


class rig:  # noqa: N801
    """`async with rig(answers..., setting=...) as r`: a fake server with a model beside it."""

    def __init__(self, *answers: Answer, cache_minimum: int = 512, **changes: Any) -> None:
        self._fake = FakeClaude(answers, cache_minimum=cache_minimum)
        self._changes = changes

    async def __aenter__(self) -> Rig:
        await self._fake.__aenter__()
        chosen = settings(base_url=self._fake.url, **self._changes)
        self._rig = Rig(self._fake, Claude(chosen, prices.load()))
        return self._rig

    async def __aexit__(self, *_: object) -> None:
        await self._rig.model.close()
        await self._fake.__aexit__()


def body(*messages: Message, **changes: Any) -> dict[str, Any]:
    return request_body(request(*messages, **changes), settings(), strict=True)
