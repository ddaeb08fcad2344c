"""Scenarios: conversations that a pack must get right, as TOML files beside it.

A turn that has `model` is answered by that script; a scenario without any is answered by the offline
model. With another model (`packs test --live`) scripts and wordings are left out, and what counts is
what was done.
"""

import tomllib
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from frontdesk.locate import error_line, toml_line
from frontdesk.misfits import convert_all

Names = tuple[str, ...]


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reply of the scripted model: words, a call, or both."""

    say: str = ""
    call: str = ""
    arguments: dict[str, Any] = {}


class Expect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must have happened in a turn. What is not given may be anything; `[]` means nothing."""

    done: Names | None = None
    """The tools that were carried out, in their order."""
    proposed: Names | None = None
    """The tools that wait for the customer's yes."""
    failed: Names | None = None
    refused: Names | None = None
    """Calls that the schema or the gate did not let through; customers do not see them."""
    never: Names = ()
    """Tools that must be neither done nor proposed."""
    data: dict[str, dict[str, Any]] = {}
    """By tool: parts of what its last outcome told, for example {create_booking = {party_size = 4}}."""
    says: Names = ()
    """Each must be in the reply, whatever the case of its letters."""
    says_not: Names = ()
    outcome: Literal["", "answered", "apology", "refusal", "corrected", "trigger"] = ""
    trigger: str = ""
    """The rule that answered."""
    status: Literal["", "bot", "queued", "human", "snoozed", "resolved"] = ""
    """Whose the conversation is afterwards."""


class Turn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    customer: Annotated[str, Meta(min_length=1, max_length=4000)]
    who: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")] = "customer"
    """Each name has a conversation of its own."""
    press: bool = False
    """With the button of what was proposed last."""
    later: Annotated[float, Meta(ge=0, le=10_000)] = 0
    """Hours that passed before."""
    model: tuple[Step, ...] = ()
    expect: Expect = Expect()


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    now: datetime
    """Aware: when the conversation begins."""
    channel: str = "web"
    business: dict[str, Any] = {}
    """Laid over the pack's example business."""
    live: bool = True
    """False: it tests what a good model would not do, so `--live` leaves it out."""
    turn: Annotated[tuple[Turn, ...], Meta(min_length=1)]
    rows: dict[str, int] = {}
    """By table: how many rows there are in the end."""

    @property
    def is_scripted(self) -> bool:
        return any(turn.model for turn in self.turn)


def read(text: str, shown: str) -> tuple[Scenario | None, list[str]]:
    """A scenario, and what is wrong with its file, each with file and line."""
    try:
        found, wrong = convert_all(tomllib.loads(text), Scenario)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [f"{shown}:{error_line(error, text)}: not valid TOML: {error}"]
    if found is not None:
        wrong = [*wrong, *_problems(found)]
    return found, [f"{shown}:{toml_line(text, key)}: {key}: {said}" for key, said in wrong]


def _problems(scenario: Scenario) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if scenario.now.tzinfo is None:
        found.append(("now", "it needs an offset, for example 2026-11-24T12:00:00-05:00"))
    for n, turn in enumerate(scenario.turn):
        for m, step in enumerate(turn.model):
            if not (step.say or step.call):
                found.append((f"turn.{n}.model.{m}", "it needs `say` or `call`"))
            if step.arguments and not step.call:
                found.append((f"turn.{n}.model.{m}.arguments", "there is no `call` for them"))
    return found
