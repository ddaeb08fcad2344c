"""The servers that are compared, and how a conversation with each of them is begun."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp
import msgspec

from .process import Process, free_port, running, wait_ready

LIMITS = (
    "CONVERSATIONS_PER_HOUR", "REQUESTS_PER_MINUTE", "MESSAGES_PER_MINUTE", "MESSAGES_PER_DAY",
    "CONVERSATION_PER_MINUTE", "BUSINESS_PER_MINUTE", "SOCKETS_PER_ADDRESS", "SOCKETS_PER_VISITOR",
)  # fmt: skip
REFERENCES = ("relay", "lean", "plain")
OURS = "frontdesk"
NAMES = (*REFERENCES, OURS)


class Conversation(msgspec.Struct, frozen=True):
    id: str
    path: str
    """To POST messages to, answered by server-sent events."""
    token: str = ""


class Target:
    """A server that runs and is ready."""

    def __init__(self, name: str, process: Process, port: int, folder: Path) -> None:
        self.name = name
        self.process = process
        self.port = port
        self.database = folder / "bench.db"
        self.ready_seconds = 0.0

    async def begin(self, count: int) -> list[Conversation]:
        """New conversations, one after the other."""
        if self.name != OURS:
            ids = [uuid4().hex for _ in range(count)]
            return [Conversation(id_, f"/conversations/{id_}/messages") for id_ in ids]
        made: list[Conversation] = []
        url = f"http://127.0.0.1:{self.port}/widget/conversations"
        async with aiohttp.ClientSession() as session:
            for _ in range(count):
                async with session.post(url, json={"business": "restaurant"}) as response:
                    response.raise_for_status()
                    body = await response.json()
                path = f"/widget/conversations/{body['id']}/messages/stream"
                made.append(Conversation(body["id"], path, body["token"]))
        return made


@contextmanager
def serving(name: str, model_url: str, folder: Path) -> Generator[Target]:
    """Start a server with its database in `folder`; it is ready inside the block."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    env = {"ANTHROPIC_API_KEY": "test", "ANTHROPIC_BASE_URL": model_url}
    env |= {f"FRONTDESK_LIMITS__{limit}": "0" for limit in LIMITS}
    env |= {"FRONTDESK_DATABASE__URL": f"sqlite:///{folder / 'bench.db'}"}
    with running(_command(name, port, folder), env, folder / "server.log") as process:
        target = Target(name, process, port, folder)
        target.ready_seconds = wait_ready(process, port)
        yield target


def _command(name: str, port: int, folder: Path) -> list[str]:
    if name == OURS:
        return ["frontdesk_server", "serve", "--demo", "--host", "127.0.0.1", "--port", str(port)]
    return [f"tests.bench.{name}", str(port), str(folder / "bench.db")]
