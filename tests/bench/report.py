"""The table: medians, ratios to the references, and the targets beside them."""

import math
import os
import platform
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from .measure import Result
from .process import ROOT
from .targets import NAMES, OURS
from .traffic import BOOKING, KINDS, PLAIN, TOOL

DOCS = ROOT / "docs" / "performance.md"
_BLOCK = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)

HEAD = ("", "relay", "lean", "plain", "Frontdesk", "/ lean", "/ plain", "target", "")


class Row(msgspec.Struct):
    """One line of the table. `met` is None where there is no target."""

    label: str
    values: Mapping[str, float]
    digits: int = 1
    target: str = ""
    met: bool | None = None
    relative: bool = True

    def cells(self) -> tuple[str, ...]:
        shown = [self._number(name) for name in NAMES]
        ratios = [self._ratio(name) for name in ("lean", "plain")]
        met = "" if self.met is None else "met" if self.met else "**missed**"
        return (self.label, *shown, *ratios, self.target, met)

    def _number(self, name: str) -> str:
        return f"{self.values[name]:.{self.digits}f}" if name in self.values else ""

    def _ratio(self, name: str) -> str:
        if not self.relative or not self.values.get(name):
            return ""
        return f"{self.values[OURS] / self.values[name]:.2f}"


def rows(result: Result) -> list[Row]:
    return [*_processor(result), *_first(result), *_start(result), *_rest(result)]


def _processor(result: Result) -> list[Row]:
    paced, burst = _means(result.paced_ms), _means(result.burst_ms)
    times = paced[OURS] / paced["lean"]
    return [
        Row(
            "paced, ms of processor a turn, mean of the kinds",
            paced,
            1,
            "≤ 1.5x lean",
            times <= 1.5,
        ),
        *_by_kind("paced", result.paced_ms),
        Row(
            "burst, ms of processor a turn, mean of the kinds",
            burst,
            1,
            "≤ 3x lean, < plain",
            burst[OURS] <= 3 * burst["lean"] and burst[OURS] < burst["plain"],
        ),
        *_by_kind("burst", result.burst_ms),
    ]


def _by_kind(mode: str, times: dict[str, dict[str, list[float]]]) -> list[Row]:
    return [
        Row(
            f"{mode}: {kind.name}",
            {name: statistics.median(of[kind.name]) for name, of in times.items()},
        )
        for kind in KINDS
    ]


def _means(times: dict[str, dict[str, list[float]]]) -> dict[str, float]:
    return {
        name: statistics.mean(statistics.median(rounds) for rounds in by_kind.values())
        for name, by_kind in times.items()
    }


def _first(result: Result) -> list[Row]:
    half = {name: percentile(times, 50) for name, times in result.first_ms.items()}
    most = {name: percentile(times, 99) for name, times in result.first_ms.items()}
    return [
        Row("added time to first words, ms, p50", half),
        Row("added time to first words, ms, p99", most, 1, "≤ 25", most[OURS] <= 25),
    ]


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _start(result: Result) -> list[Row]:
    first = _medians(result.ready_seconds)
    again = statistics.median(result.ready_again_seconds)
    idle = _medians(result.idle_bytes, 2**20)
    busy = {name: count / 2**20 for name, count in result.busy_bytes.items()}
    return [
        Row("start to first healthy answer, s, new database", first, 2, "< 2", first[OURS] < 2),
        _alone("the same, database there", again, "< 2", 2, 2),
        Row("memory before the first turn, MiB", idle, 0, "≤ 80", idle[OURS] <= 80),
        Row("memory after all turns, MiB", busy, 0),
    ]


def _medians(values: Mapping[str, Sequence[float]], unit: float = 1) -> dict[str, float]:
    return {name: statistics.median(found) / unit for name, found in values.items()}


def _rest(result: Result) -> list[Row]:
    socket = result.socket_bytes / 1000
    age = statistics.median(result.long_ms) / statistics.median(result.short_ms)
    plan = result.plan
    writes = result.writes
    return [
        _alone(f"memory of an idle WebSocket, kB ({plan.sockets} open)", socket, "≤ 40", 40),
        _alone(f"burst turn after {plan.long_messages} messages / after 10", age, "≤ 1.2", 1.2, 2),
        _alone("write transactions, plain turn", writes[PLAIN.name], "≤ 2", 2),
        _alone("write transactions, one tool", writes[TOOL.name], "≤ 4", 4),
        _alone("write transactions, booking", writes[BOOKING.name], "≤ 4", 4),
    ]


def _alone(label: str, value: float, target: str, most: float, digits: int = 1) -> Row:
    return Row(label, {OURS: value}, digits, target, value <= most, relative=False)


# ---- as text ---------------------------------------------------------------------------------


def plain_table(found: list[Row]) -> str:
    table = [HEAD, *(row.cells() for row in found)]
    widths = [max(len(line[n]) for line in table) for n in range(len(HEAD))]
    align: list[Callable[[str, int], str]] = [str.ljust, *[str.rjust] * 6, str.ljust, str.ljust]
    return "\n".join(
        "  ".join(
            put(cell, width) for put, cell, width in zip(align, line, widths, strict=True)
        ).rstrip()
        for line in table
    )


def markdown(result: Result, found: list[Row]) -> str:
    lines = [HEAD, ("---", *["---:"] * 6, "---", "---"), *(row.cells() for row in found)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{conditions(result)}\n\n{table}\n"


def conditions(result: Result) -> str:
    plan = result.plan
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores ({_processor_name()}), {plan.rounds} rounds, "
        f"{plan.conversations} conversations at once, {len(result.first_ms[OURS])} paced plain "
        f"turns a server, {1000 // plan.pace_ms} deltas/s."
    )


def _processor_name() -> str:
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.machine()


def write_docs(text: str) -> None:
    """Put the table between the marks in docs/performance.md."""
    page = DOCS.read_text(encoding="utf-8")
    DOCS.write_text(_BLOCK.sub(lambda m: f"{m[1]}{text}{m[2]}", page), encoding="utf-8")
