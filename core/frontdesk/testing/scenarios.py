"""Running scenarios against a fresh desk, and saying plainly where one went another way."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from frontdesk.business import Business
from frontdesk.events import CallSettled, ModelSaid, Replied
from frontdesk.model import Model
from frontdesk.packs import Pack
from frontdesk.scenario_checks import business_for
from frontdesk.scenarios import Expect, Scenario, Turn
from frontdesk.testing.desk import Conversation, TestDesk, open_desk
from frontdesk.testing.live_grading import Grade, of_end, of_turn
from frontdesk.testing.scripted import Call, ScriptedModel, Step

LONGEST = 160
"""Characters of a value in a report."""
_OUTCOMES = {
    "done": "done", "proposed": "needs_confirmation", "failed": "failed", "refused": "refused"
}  # fmt: skip


class Run(msgspec.Struct, kw_only=True):
    """One scenario, run once."""

    pack: str
    scenario: str
    failures: list[str] = []
    """What was expected and what was found, the first difference first; empty when all is well."""
    trace: list[str] = []
    """Everything that happened, for people."""
    seconds: float = 0


async def run(
    pack: Pack, scenario: Scenario, *, model: Model | None = None, packs: Sequence[str] = ()
) -> Run:
    """Run a scenario; with `model` instead of its script. `packs` are folders to load beside."""
    result = Run(pack=pack.name, scenario=scenario.name)
    began = time.perf_counter()
    script = ScriptedModel()
    models: list[Model] = [model] if model else [script] if scenario.is_scripted else []
    use = {"model": {"use": [m.name for m in models]}} if models else {}
    settings = use | {
        "limits": {"business_per_minute": 0, "conversation_per_minute": 0},
        # A model that comes from a plugin of its name was set up there already.
        "plugins": {"disabled": [model.name] if model else []},
    }
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(
            Path(folder), models=models, pack_folders=packs, settings=settings
        ) as desk:
            desk.set_time(scenario.now)
            business = business_for(pack, scenario, desk.desk.plugins)
            await desk.add_business(business)
            talks: dict[str, Conversation] = {}
            grades: dict[str, Grade] = {}
            now = scenario.now
            for n, turn in enumerate(scenario.turn):
                now += timedelta(hours=turn.later)
                desk.set_time(now)
                if turn.who not in talks:
                    talks[turn.who] = await desk.conversation(pack.name, channel=scenario.channel)
                    if model:
                        grades[turn.who] = Grade(changing=_changing(desk, business))
                script.then(*map(_step, turn.model))
                await _turn(result, n, turn, talks[turn.who], grades.get(turn.who))
                if script.steps:
                    result.failures.append(
                        f"turn {n + 1}: {len(script.steps)} steps of the model were not asked for"
                    )
                    script.steps.clear()
            for grade in grades.values():
                result.failures += [f"in the end: {missing}" for missing in of_end(grade)]
            await _rows(result, desk, scenario)
    result.seconds = time.perf_counter() - began
    return result


def _step(step: Any) -> Step:
    if not step.call:
        return str(step.say)
    call = Call(step.call, **step.arguments)
    return [step.say, call] if step.say else call


def _changing(desk: TestDesk, business: Business) -> frozenset[str]:
    tools = desk.desk.tools(business).items()
    return frozenset(name for name, bound in tools if bound.action.changes)


async def _turn(result: Run, n: int, turn: Turn, talk: Conversation, grade: Grade | None) -> None:
    """With a grade the model is one of its own will."""
    before = len(await talk.events())
    confirm = await _proposal(talk) if turn.press else None
    reply = await _say(result, turn, talk, confirm)
    if grade and turn.press and confirm is None and (late := await _proposal(talk)):
        reply = await _say(result, turn, talk, late)  # it had asked in words first
    happened = [stored.event for stored in (await talk.events())[before:]]
    calls: dict[str, dict[str, Any]] = {}
    for event in happened:
        if isinstance(event, ModelSaid):
            calls |= {call.id: call.arguments for call in event.calls}
        elif isinstance(event, CallSettled):
            result.trace.append(_shown(event, calls.get(event.call_id, {})))
    result.trace.append(f"assistant: {reply.content}" if reply else "(no reply: a person has it)")
    settled = [event for event in happened if isinstance(event, CallSettled)]
    status = await _status(talk)
    of_calls = of_turn(grade, turn.expect, settled) if grade else _of_calls(turn.expect, settled)
    of_words = _of_words(turn.expect, reply, is_live=grade is not None)
    for difference in (*of_calls, *of_words, *_of_ends(turn.expect, reply, status)):
        result.failures.append(f"turn {n + 1}: {difference}")
    if turn.press and confirm is None and grade is None:
        result.failures.append(f"turn {n + 1}: nothing is proposed, so there is no button to press")


async def _say(result: Run, turn: Turn, talk: Conversation, confirm: str | None) -> Replied | None:
    pressed = " [presses the button]" if confirm else ""
    result.trace.append(f"{turn.who}: {turn.customer}{pressed}")
    return await talk.say(turn.customer, confirm=confirm)


async def _proposal(talk: Conversation) -> str | None:
    """The newest one that has no outcome yet."""
    found: list[str] = []
    for stored in await talk.events():
        event = stored.event
        if isinstance(event, CallSettled):
            found = [one for one in found if one != event.proposal]
            if event.status == "needs_confirmation":
                found.append(event.call_id)
    return found[-1] if found else None


async def _status(talk: Conversation) -> str:
    row = await talk.desk.database.one("SELECT status FROM conversation WHERE id = {}", talk.id)
    assert row is not None
    return str(row["status"])


def _of_ends(expect: Expect, reply: Replied | None, status: str) -> Iterator[str]:
    outcome, trigger = (reply.outcome, reply.trigger) if reply else ("no reply", "")
    for field, got in (("outcome", outcome), ("trigger", trigger), ("status", status)):
        wanted = getattr(expect, field)
        if wanted and wanted != got:
            yield f"{field}: expected {wanted}, got {got or 'none'}"


def _of_calls(expect: Expect, settled: list[CallSettled]) -> Iterator[str]:
    for field, outcome in _OUTCOMES.items():
        wanted = getattr(expect, field)
        got = tuple(event.tool for event in settled if event.status == outcome)
        if wanted is not None and wanted != got:
            yield f"{field}: expected {_list(wanted)}, got {_list(got)}"
    for event in settled:
        if event.tool in expect.never and event.status in ("done", "needs_confirmation"):
            yield f"never: {event.tool} must not be carried out or proposed, but was"
    for tool, parts in expect.data.items():
        data = next((event.data for event in reversed(settled) if event.tool == tool), None)
        if data is None:
            yield f"data: {tool} was not called"
            continue
        for key, value in parts.items():
            if data.get(key) != value:
                yield f"data: {tool}.{key}: expected {value!r}, got {data.get(key)!r}"


def _of_words(expect: Expect, reply: Replied | None, *, is_live: bool) -> Iterator[str]:
    """A real model chooses its own words, but what must not be said must not be said by it either."""
    content = reply.content.casefold() if reply else ""
    for text in () if is_live else expect.says:
        if text.casefold() not in content:
            yield f"says: {text!r} is not in the reply"
    for text in expect.says_not:
        if text.casefold() in content:
            yield f"says_not: {text!r} is in the reply"


async def _rows(result: Run, desk: TestDesk, scenario: Scenario) -> None:
    tables = {
        table._meta.tablename  # pyright: ignore[reportPrivateUsage]
        for app in desk.desk.apps for table in app.tables
    }  # fmt: skip
    for table, wanted in scenario.rows.items():
        if table not in tables:
            known = ", ".join(sorted(tables))
            result.failures.append(f"rows: there is no table {table!r}; known: {known}")
            continue
        row = await desk.desk.database.one(f"SELECT COUNT(*) AS n FROM {table}")
        if row and row["n"] != wanted:
            result.failures.append(f"rows: expected {wanted} in {table}, got {row['n']}")


def _shown(event: CallSettled, arguments: dict[str, Any]) -> str:
    what = event.problems if event.status == "refused" else event.data
    return f"  {event.tool}({_short(arguments)}) -> {event.status} {_short(what)}"


def _short(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "nothing"
