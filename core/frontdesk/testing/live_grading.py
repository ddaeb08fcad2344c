"""What counts when a scenario is run with a model of its own will: what it did, not how it got there.

Such a model asks its questions in another order and looks up what it likes. So look-ups are left
alone, and what a turn expects to be done may be done in a later one, but not left undone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from frontdesk.events import CallSettled
from frontdesk.scenarios import Expect

OPEN = ("done", "needs_confirmation")


class Grade(msgspec.Struct, kw_only=True):
    """One conversation so far."""

    changing: frozenset[str]
    """The tools that change something."""
    expected: Counter[str] = msgspec.field(default_factory=Counter[str])
    done: Counter[str] = msgspec.field(default_factory=Counter[str])
    data: dict[str, dict[str, Any]] = {}
    """By tool: what its last outcome has to tell."""
    last: dict[str, dict[str, Any]] = {}


def of_turn(grade: Grade, expect: Expect, settled: Sequence[CallSettled]) -> Iterator[str]:
    """What was wrong with a turn at once."""
    grade.expected.update(tool for tool in expect.done or () if tool in grade.changing)
    done = Counter(e.tool for e in settled if e.status == "done" and e.tool in grade.changing)
    if expect.done is not None:
        for tool in done - (grade.expected - grade.done):
            yield f"done: {tool} was carried out, and nothing asked for it"
    grade.done.update(done)
    if expect.proposed == ():
        for event in settled:
            if event.status == "needs_confirmation":
                yield f"proposed: expected nothing, got {event.tool}"
    for event in settled:
        if event.tool in expect.never and event.status in OPEN:
            yield f"never: {event.tool} must not be carried out or proposed, but was"
        if event.status in OPEN:
            grade.last[event.tool] = event.data
    for tool, parts in expect.data.items():
        grade.data[tool] = grade.data.get(tool, {}) | parts


def of_end(grade: Grade) -> Iterator[str]:
    """What was still missing when the customer had said everything."""
    for tool in grade.expected - grade.done:
        yield f"done: {tool} was expected, and not carried out"
    for tool, parts in grade.data.items():
        if tool not in grade.last:
            yield f"data: {tool} was not called"
            continue
        for key, value in parts.items():
            if (got := grade.last[tool].get(key)) != value:
                yield f"data: {tool}.{key}: expected {value!r}, got {got!r}"
