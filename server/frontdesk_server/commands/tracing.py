"""How replies came about: events, model calls and prompts of a conversation, put together."""

from typing import Any

import msgspec

from frontdesk.database import Database
from frontdesk.events import (
    CallSettled,
    ClaimDoubted,
    CustomerSaid,
    ModelSaid,
    ProposalVoided,
    Replied,
    Stored,
    TurnStarted,
)
from frontdesk.instants import rfc3339
from frontdesk.model import ToolCall
from frontdesk_server.commands.reading import events


class Prompt(msgspec.Struct, frozen=True):
    """What does not change between turns."""

    system: list[str]
    tools: list[dict[str, Any]]


class Asked(msgspec.Struct, frozen=True):
    """One call of a model, also one that failed."""

    provider: str
    model: str
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_share: float | None
    """Of the prompt's tokens, how many came from the cache; None when there were none."""
    cost: int | None
    """Millionths of a US dollar; None when it is not known."""
    estimated: bool
    latency_ms: int
    first_ms: int | None
    """To the first text; None when there was none."""
    stop: str
    error: str
    request_id: str
    prompt: str


class Called(msgspec.Struct):
    """A tool call from the model's arguments to its outcome."""

    id: str
    tool: str
    arguments: dict[str, Any]
    problem: str = ""
    """Why the arguments could not even be read."""
    status: str = "open"
    """`done`, `failed`, `refused`, `needs_confirmation`; `open` when there is no outcome yet."""
    problems: tuple[str, ...] = ()
    """Why it was refused."""
    data: dict[str, Any] = {}
    patch: dict[str, Any] = {}


class Round(msgspec.Struct):
    """Models are asked, and the calls of the one that answered are carried out."""

    number: int
    asked: list[Asked] = []
    text: str = ""
    """Said before the calls."""
    calls: list[Called] = []
    doubt: str = ""
    """What the model was told when its words claimed what nothing backs."""


class Reply(msgspec.Struct, frozen=True):
    id: str
    at: str
    content: str
    outcome: str
    trigger: str
    """The rule that answered instead of a model."""
    attempt: int
    handed_off: bool


class Turn(msgspec.Struct):
    number: int
    id: str
    started: str
    messages: list[str]
    situation: str
    voided: list[str] = []
    """Proposals that the customer declined."""
    rounds: list[Round] = []
    reply: Reply | None = None
    """None while it runs, or when its process died."""


class Trace(msgspec.Struct, frozen=True):
    turns: list[Turn]
    unanswered: list[str]
    """Messages that no turn has taken up yet."""
    prompts: dict[str, Prompt]


async def read_trace(database: Database, conversation: str) -> Trace:
    turns, unanswered = fold(await events(database, conversation))
    by_id = {turn.id: turn for turn in turns}
    rows = await database.fetch(
        "SELECT * FROM ai_usage WHERE conversation = {} ORDER BY created, id", conversation
    )
    for row in rows:
        if row["turn"] in by_id:
            _round(by_id[row["turn"]], row["round"]).asked.append(_asked(row))
    for turn in turns:
        turn.rounds.sort(key=lambda round_: round_.number)
    prompts = await _prompts(database, sorted({row["prompt"] for row in rows if row["prompt"]}))
    return Trace(turns, unanswered, prompts)


def fold(stored: list[Stored]) -> tuple[list[Turn], list[str]]:
    """The turns with what their events tell, and the messages that none has taken up."""
    turns: dict[str, Turn] = {}
    waiting: list[tuple[int, str]] = []
    for item in stored:
        event = item.event
        turn = turns.get(item.turn)
        if isinstance(event, CustomerSaid):
            waiting.append((item.seq, event.text))
        elif isinstance(event, TurnStarted):
            messages = [text for seq, text in waiting if seq <= event.upto]
            waiting = [(seq, text) for seq, text in waiting if seq > event.upto]
            number = len(turns) + 1
            at = rfc3339(item.at)
            turns[item.turn] = Turn(number, item.turn, at, messages, event.situation)
        elif turn is not None:
            _take(turn, item)
    return list(turns.values()), [text for _, text in waiting]


def _take(turn: Turn, stored: Stored) -> None:
    event = stored.event
    if isinstance(event, ModelSaid):
        round_ = Round(len(turn.rounds) + 1, text=event.text)
        round_.calls = [_called(call) for call in event.calls]
        turn.rounds.append(round_)
    elif isinstance(event, CallSettled):
        for call in (call for round_ in turn.rounds for call in round_.calls):
            if call.id == event.call_id:
                call.status, call.problems = event.status, event.problems
                call.data, call.patch = event.data, event.patch
    elif isinstance(event, ClaimDoubted) and turn.rounds:
        turn.rounds[-1].doubt = event.note
    elif isinstance(event, ProposalVoided):
        turn.voided.append(event.proposal)
    elif isinstance(event, Replied):
        turn.reply = Reply(
            id=event.id,
            at=rfc3339(stored.at),
            content=event.content,
            outcome=event.outcome,
            trigger=event.trigger,
            attempt=event.attempt,
            handed_off=event.handed_off,
        )


def _called(call: ToolCall) -> Called:
    return Called(id=call.id, tool=call.name, arguments=call.arguments, problem=call.problem)


def _round(turn: Turn, number: int) -> Round:
    """The last round has no calls, so its events do not tell of it."""
    for round_ in turn.rounds:
        if round_.number == number:
            return round_
    turn.rounds.append(Round(number))
    return turn.rounds[-1]


def _asked(row: dict[str, Any]) -> Asked:
    prompt = row["input_tokens"] + row["cache_read_tokens"] + row["cache_write_tokens"]
    share = round(row["cache_read_tokens"] / prompt, 4) if prompt else None
    fields = {field: row[field] for field in Asked.__struct_fields__ if field in row}
    fields |= {"cache_share": share, "estimated": bool(row["estimated"])}
    return msgspec.convert(fields, Asked)


async def _prompts(database: Database, identifiers: list[str]) -> dict[str, Prompt]:
    if not identifiers:
        return {}
    places = ", ".join(["{}"] * len(identifiers))
    rows = await database.fetch(
        f"SELECT id, body FROM prompt WHERE id IN ({places})",  # noqa: S608  only placeholders
        *identifiers,
    )
    return {row["id"]: msgspec.json.decode(row["body"], type=Prompt) for row in rows}
