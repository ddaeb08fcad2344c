"""Limits: never more than allowed, in bursts or spread, and never more memory than bounded."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from frontdesk import limits
from frontdesk.errors import LimitError
from frontdesk.limits import Occupancy, RateLimit


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def takes(limit: RateLimit, key: str = "k") -> bool:
    try:
        limit.take(key)
    except LimitError:
        return False
    return True


def wait_of(limit: RateLimit) -> float:
    """How long it tells to wait; 0 when it was taken."""
    try:
        limit.take("k")
    except LimitError as error:
        return error.retry_after
    return 0


def test_a_burst_and_then_one_at_a_time() -> None:
    clock = Clock()
    limit = RateLimit("messages", 3, 60, clock)
    assert [takes(limit) for _ in range(4)] == [True, True, True, False]
    with pytest.raises(LimitError) as caught:
        limit.take("k")
    assert caught.value.message == "messages"
    assert caught.value.retry_after == pytest.approx(20)
    assert takes(limit, "another")
    clock.now += 19.9
    assert not takes(limit)
    clock.now += 0.2
    assert [takes(limit), takes(limit)] == [True, False]


def test_being_refused_costs_nothing() -> None:
    clock = Clock()
    limit = RateLimit("x", 1, 10, clock)
    limit.take("k")
    for _ in range(100):
        clock.now += 0.099
        assert not takes(limit)
    clock.now += 0.2
    assert takes(limit)


def test_zero_is_no_limit() -> None:
    limit, occupancy = RateLimit("x", 0, 60), Occupancy("x", 0)
    for _ in range(1000):
        limit.take("k")
        occupancy.enter("k")
    for _ in range(1000):
        occupancy.leave("k")


def test_memory_is_bounded_and_the_longest_unused_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "LARGEST", 10)
    clock = Clock()
    limit = RateLimit("x", 1, 1000, clock)
    for n in range(100):
        limit.take(f"k{n}")
        assert not takes(limit, "k0")  # in use all the time, so never forgotten
    assert len(limit._buckets) == 10
    assert takes(limit, "k50")  # forgotten, so it begins anew


@given(
    count=st.integers(1, 20), seconds=st.floats(0.5, 3600),
    waits=st.lists(st.floats(0, 100), max_size=60),
)  # fmt: skip
def test_no_window_has_more_than_is_allowed(count: int, seconds: float, waits: list[float]) -> None:
    clock = Clock()
    limit = RateLimit("x", count, seconds, clock)
    passed: list[float] = []
    for wait in waits:
        clock.now += wait
        told = wait_of(limit)
        if told:
            assert told <= seconds / count + 1e-6
            clock.now += told + 1e-6
            limit.take("k")  # who waits as long as told is let in
        passed.append(clock.now)
    for n, first in enumerate(passed):
        for m in range(n, len(passed)):
            allowed = count + (passed[m] - first) * count / seconds
            assert m - n + 1 <= math.floor(allowed + 1e-3)


class Rooms(RuleBasedStateMachine):
    """Occupancy against a plain count."""

    def __init__(self) -> None:
        super().__init__()
        self.rooms = Occupancy("sockets", 3)
        self.inside: dict[str, int] = {}

    @rule(key=st.sampled_from("abc"))
    def enter(self, key: str) -> None:
        if self.inside.get(key, 0) == 3:
            with pytest.raises(LimitError) as caught:
                self.rooms.enter(key)
            assert caught.value.retry_after > 0
        else:
            self.rooms.enter(key)
            self.inside[key] = self.inside.get(key, 0) + 1

    @precondition(lambda self: any(self.inside.values()))
    @rule(data=st.data())
    def leave(self, data: Any) -> None:
        key = data.draw(st.sampled_from(sorted(k for k, n in self.inside.items() if n)))
        self.rooms.leave(key)
        self.inside[key] -= 1

    @invariant()
    def nothing_is_kept_of_who_left(self) -> None:
        assert self.rooms._taken == {key: n for key, n in self.inside.items() if n}


TestRooms = Rooms.TestCase
