"""Visitors of a real server process while its plugins come and go, and what became of their requests.

By hand, for longer than the sample in the suite:

    python tests/toggling_load.py --toggles 200 [--url postgresql://...]
"""

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import msgspec
from support import Visitor, migrated
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from frontdesk import Business, businesses, config
from frontdesk.business import BusinessPlugins
from frontdesk.database import Database

SCRIPT = Path(sys.executable).with_name("frontdesk")
LINES = (
    "hello",
    "When are you open?",
    "Do you have tiramisu?",
    "A table for four on Friday at 7pm",
)
OFF = (("orders",), ("orders", "info"), ("booking",), ("info", "handoff"), ())
NO_LIMITS = """
[limits]
conversations_per_hour = 0
requests_per_minute = 0
messages_per_minute = 0
messages_per_day = 0
conversation_per_minute = 0
business_per_minute = 0
sockets_per_address = 0
"""
PATIENCE = 60.0


class Tally:
    """What was counted. `failed` must stay empty."""

    def __init__(self) -> None:
        self.good: Counter[str] = Counter()
        self.polite: Counter[str] = Counter()
        """Refusals of the business whose chat itself is switched off."""
        self.failed: Counter[str] = Counter()
        self.seconds: dict[str, list[float]] = {"installation": [], "business": []}
        """From a change to its effect."""

    def shown(self) -> str:
        took = {
            kind: f"{len(found)}, median {median(found):.2f} s, longest {max(found):.2f} s"
            for kind, found in self.seconds.items()
            if found
        }
        return (
            f"answered {dict(self.good)}\npolitely refused {dict(self.polite)}\n"
            f"failed {dict(self.failed)}\ntoggles {took}"
        )


class Server:
    def __init__(self, url: str, file: Path, database: Database) -> None:
        self.url, self.file, self.database = url, file, database


def write(file: Path, *off: str) -> None:
    new = file.with_suffix(".new")
    new.write_text(f"[plugins]\ndisabled = {json.dumps(off)}\n{NO_LIMITS}")
    new.replace(file)


@asynccontextmanager
async def started(folder: Path, url: str) -> AsyncGenerator[Server]:
    """`frontdesk serve --demo` as a process, on a database of its own."""
    file = folder / "frontdesk.toml"
    write(file)
    if url.startswith("postgres"):
        await migrated(url)
    env = os.environ | {
        "PYTHONUNBUFFERED": "1", "FRONTDESK_DATABASE__URL": url, "FRONTDESK_MODEL__USE": '["offline"]',
        "FRONTDESK_SERVER__SECRET_KEY": "a key for tests, thirty-two characters",
    }  # fmt: skip
    database = Database(config.settings_of({"database": {"url": url}}).database)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            str(SCRIPT), "serve", "--demo", "--port", "0", "--config", str(file),
            stdout=asyncio.subprocess.PIPE, stderr=log, env=env, cwd=folder,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            address = ""
            while not address:
                line = (await process.stdout.readline()).decode()
                assert line, (folder / "log").read_text()[-2000:]
                found = re.search(r"http://127\.0\.0\.1:\d+", line)
                address = found[0] if found else ""
            await database.start()
            yield Server(address, file, database)
        finally:
            await database.stop()
            process.terminate()
            await process.communicate()


# ---- visitors --------------------------------------------------------------------------------


async def by_json(who: Visitor, tally: Tally, text: str) -> None:
    answer = await who.http.post(
        f"{who.path}/messages", json={"content": text}, headers=who.headers
    )
    is_good = answer.status_code == 200 and "messageId" in answer.json()
    (tally.good if is_good else tally.failed)[f"json {answer.status_code}"] += 1


async def by_stream(who: Visitor, tally: Tally, text: str) -> None:
    last = ""
    async with who.http.stream(
        "POST", f"{who.path}/messages/stream", json={"content": text}, headers=who.headers
    ) as answer:
        async for line in answer.aiter_lines():
            last = line if line.startswith("data: ") else last
    is_good = answer.status_code == 200 and json.loads(last[6:])["type"] == "done"
    (tally.good if is_good else tally.failed)[f"stream {answer.status_code}"] += 1


async def visitor(server: Server, tally: Tally, n: int, until: asyncio.Event) -> None:
    """By JSON, by stream, or by one socket that has to stay open all the time."""
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as http:
        who = await Visitor.arrive(http, "restaurant")
        try:
            if n % 3 == 2:
                await by_socket(server, who, tally, until)
            while not until.is_set() and n % 3 < 2:
                await (by_json, by_stream)[n % 3](who, tally, LINES[tally.good.total() % 4])
                await asyncio.sleep(0.2)
        except (httpx.HTTPError, ConnectionClosed, TimeoutError) as error:
            tally.failed[f"{('json', 'stream', 'socket')[n % 3]} {error!r}"] += 1


def dial(server: Server, who: Visitor) -> Any:
    protocols: Any = ["frontdesk.v1", who.token]
    return connect(
        f"ws{server.url[4:]}{who.path}/ws", subprotocols=protocols, ping_timeout=PATIENCE
    )


async def by_socket(server: Server, who: Visitor, tally: Tally, until: asyncio.Event) -> None:
    async with dial(server, who) as socket:
        n = 0
        while not until.is_set():
            n += 1
            data = {"content": LINES[n % 4], "clientId": f"c{n}"}
            await socket.send(json.dumps({"event": "send_message", "data": data}))
            async with asyncio.timeout(PATIENCE):
                while True:
                    frame = json.loads(await socket.recv())
                    if frame["event"] == "error":
                        tally.failed[f"socket {frame['data']['code']}"] += 1
                        break
                    if frame["event"] == "response_complete":
                        tally.good["socket"] += 1
                        break
            await asyncio.sleep(0.2)


async def neighbour(server: Server, tally: Tally, until: asyncio.Event) -> None:
    """Of the business whose chat comes and goes: it is answered, or told politely."""
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as http:
        who = None
        while not until.is_set():
            await asyncio.sleep(0.1)
            with suppress(AssertionError):
                who = who or await Visitor.arrive(http, "door")
            if who is None:
                continue
            try:
                async with dial(server, who) as socket:
                    with suppress(ConnectionClosed):
                        async for raw in socket:
                            if json.loads(raw)["event"] == "error":
                                tally.polite["socket told"] += 1
                code = f"socket closed {socket.close_code}"
                (tally.polite if socket.close_code == 1013 else tally.failed)[code] += 1
            except InvalidStatus:
                tally.polite["socket refused"] += 1
            answer = await http.post(f"{who.path}/messages", json={"content": "hello"},
                                     headers=who.headers)  # fmt: skip
            kind = {200: tally.good, 503: tally.polite}.get(answer.status_code, tally.failed)
            kind[f"door {answer.status_code}"] += 1


# ---- the operator ----------------------------------------------------------------------------


async def save(server: Server, identifier: str, *off: str) -> None:
    """What `frontdesk business apply` does, from another process than the server's."""
    row = await server.database.one("SELECT profile FROM business WHERE id = {}", identifier)
    assert row is not None
    business = msgspec.json.decode(row["profile"], type=Business)
    plugins = BusinessPlugins(disabled=off)
    await businesses.save(server.database, msgspec.structs.replace(business, plugins=plugins))


async def operator(server: Server, tally: Tally, toggles: int) -> None:
    door = Business(id="door", name="Door")
    await businesses.save(server.database, door)
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as http:
        for n in range(toggles):
            off = OFF[n // 2 % len(OFF)]
            if n % 2:
                write(server.file, *off)
                took = await _until(http, "/health/ready", lambda a, off=off: is_off(a, off))
                tally.seconds["installation"].append(took)
            else:
                await save(server, "restaurant", *off)
                is_closed = n % 4 == 0
                await save(server, "door", *(("web",) if is_closed else ()))
                code = 503 if is_closed else 200
                path = "/widget/config?business=door"
                took = await _until(http, path, lambda a, code=code: a.status_code == code)
                tally.seconds["business"].append(took)


def is_off(answer: httpx.Response, off: tuple[str, ...]) -> bool:
    return bool(answer.json()["disabled"] == sorted(off))


async def _until(http: httpx.AsyncClient, path: str, is_so: Any) -> float:
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE):
        while not is_so(await http.get(path)):
            await asyncio.sleep(0.02)
    return time.monotonic() - began


async def run(folder: Path, url: str, *, visitors: int, toggles: int) -> Tally:
    tally, ended = Tally(), asyncio.Event()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(started(folder, url))
        await businesses.save(server.database, Business(id="door", name="Door"))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        for n in range(visitors):
            group.create_task(visitor(server, tally, n, ended))
        for _ in range(3):
            group.create_task(neighbour(server, tally, ended))
        await operator(server, tally, toggles)
        ended.set()
        await save(server, "door", "web")  # those who listen to it hear of the end
    return tally


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--toggles", type=int, default=200)
    parser.add_argument("--visitors", type=int, default=36)
    parser.add_argument("--url", default="")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = args.url or f"sqlite:///{folder}/load.db"
        work = run(Path(folder), url, visitors=args.visitors, toggles=args.toggles)
        print(asyncio.run(work).shown())
        logged = (Path(folder) / "log").read_text()
        print("errors in the log:", len(re.findall(r"\[error|Traceback", logged)))


if __name__ == "__main__":
    main()
