"""Processes of the benchmark: started, watched from outside through /proc, and always ended."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
_CLEAR = ("FRONTDESK_", "ANTHROPIC_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Process:
    """A child that runs a Python module."""

    def __init__(self, arguments: list[str], env: Mapping[str, str], log: Path) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.upper().startswith(_CLEAR)}
        self._log = log
        self.began = time.perf_counter()
        with log.open("ab") as out:
            self._child = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=log.parent,  # no frontdesk.toml there
                env=kept | dict(env) | {"PYTHONPATH": str(ROOT)},
                stdout=out,
                stderr=out,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  there are no threads yet
            )
        self.pid = self._child.pid

    def check(self) -> None:
        """Raises RuntimeError when it has ended."""
        if self._child.poll() is not None:
            raise RuntimeError(f"the process ended:\n{self.log()[-3000:]}")

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def cpu(self) -> float:
        """Processor seconds so far, user and system, all threads, to the nanosecond.

        The clock id is what clock_getcpuclockid(3) makes of a process id.
        """
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory(self) -> int:
        """Resident bytes."""
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        self._child.terminate()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def _die_with_parent() -> None:
    with suppress(OSError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


@contextmanager
def running(arguments: list[str], env: Mapping[str, str], log: Path) -> Generator[Process]:
    process = Process(arguments, env, log)
    try:
        yield process
    finally:
        process.stop()


@contextmanager
def fake_claude(folder: Path) -> Generator[str]:
    """The model's side; yields its address."""
    with running(["tests.bench.fake"], {}, folder / "fake.log") as process:
        end = time.monotonic() + START_SECONDS
        while "\n" not in process.log():
            process.check()
            if time.monotonic() > end:
                raise RuntimeError("the fake Messages API did not start")
            time.sleep(0.02)
        yield process.log().split()[0]


def wait_ready(process: Process, port: int) -> float:
    """Seconds from its start to its first healthy answer."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        process.check()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as link:
            link.sendall(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if link.recv(100).startswith(b"HTTP/1.1 200"):
                return time.perf_counter() - process.began
        time.sleep(0.01)
    raise RuntimeError(f"the server is not ready:\n{process.log()[-3000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
