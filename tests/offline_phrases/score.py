"""How many phrases are read right, asked about, and, worst, read wrongly without a question.

    python -m tests.offline_phrases.score [FOLDER ...] [--show] [--dialogue]

The folders hold TOML files like those in `said`, which is taken without one. `--show` prints what
was not right; `--dialogue` goes through the whole model instead of its reader.
"""

import asyncio
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from frontdesk.model import Message, ModelReply, ModelRequest, Opaque, Situation, Text
from frontdesk.tools import Tool
from frontdesk_plugins.offline import Offline, reader, times
from frontdesk_plugins.offline.reading import Context
from frontdesk_plugins.offline.slots import slots_of

from .places import PLACES

SAID = Path(__file__).parent / "said"
BOOK = Tool(
    name="create_booking", description="Book a table.", action="create_booking", confirm=True,
    examples=("I'd like to book a table",),
    input_schema={
        "type": "object", "additionalProperties": False,
        "required": ["party_size", "date", "time", "name", "phone"],
        "properties": {
            "party_size": {"type": "integer", "minimum": 1, "maximum": 40},
            "date": {"type": "string", "format": "date"},
            "time": {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"},
            "name": {"type": "string", "minLength": 1},
            "phone": {"type": "string", "minLength": 6},
        },
    },
)  # fmt: skip
SLOTS = slots_of(BOOK)
FIELDS = tuple(slot.name for slot in SLOTS)

Verdict = Literal["right", "asks", "wrong"]


class Phrase(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    kind: str = ""
    """The file that it stands in."""
    at: str = "london"
    asked: str = ""
    filled: dict[str, Any] = {}
    want: Any = None
    """A value of the field that was asked for; a list when one of several is meant, or "asks", when
    it must stay open; or a table of fields, where {or_ask = value} may be read or asked about.
    Fields that are not named must stay open."""

    @property
    def fields(self) -> dict[str, Any]:
        return self.want if isinstance(self.want, dict) else {self.asked: self.want}

    @property
    def context(self) -> Context:
        return Context(PLACES[self.at].business, PLACES[self.at].now)


class Result(msgspec.Struct, frozen=True):
    phrase: Phrase
    got: dict[str, Any]

    @property
    def verdict(self) -> Verdict:
        wanted = self.phrase.fields
        marks = {_mark(name, wanted.get(name, "asks"), self.got.get(name)) for name in FIELDS}
        return "wrong" if "wrong" in marks else "asks" if "asks" in marks else "right"


def phrases(*folders: Path) -> Iterator[Phrase]:
    for folder in folders or (SAID,):
        for path in sorted(folder.glob("*.toml")):
            for group in tomllib.loads(path.read_text("utf-8"))["group"]:
                rest = {key: group[key] for key in ("at", "asked", "filled") if key in group}
                for text, want in group["say"].items():
                    yield Phrase(text=text, kind=path.stem, want=want, **rest)


def readings(phrase: Phrase) -> dict[str, list[Any]]:
    """What the message may mean, by field, as far as the schema allows it."""
    found = reader.read(phrase.text, SLOTS, phrase.context, phrase.asked)
    return {
        slot.name: [value for value in found[slot.name].values if not slot.problems(value)]
        for slot in SLOTS
        if slot.name in found
    }


def understood(phrase: Phrase) -> dict[str, Any]:
    """The fields that have one value after the message. What the day and the opening hours rule out
    of a time, the dialogue drops as soon as it knows the day."""
    values = readings(phrase)
    single = {name: those[0] for name, those in values.items() if len(those) == 1}
    day = single.get("date") or (None if values.get("date") else phrase.filled.get("date"))
    if len(values.get("time", ())) > 1:
        left = times.narrow(values["time"], day, phrase.context)
        single |= {"time": left[0]} if len(left) == 1 else {}
    return single


async def answered(phrase: Phrase) -> dict[str, Any]:
    """The same from the model itself."""
    place, state = PLACES[phrase.at], {
        "tool": BOOK.name, "stage": "ask", "asked": phrase.asked, "filled": phrase.filled,
    }  # fmt: skip
    before = Message("assistant", (Opaque("offline", state), Text("What would you like?")))
    request = ModelRequest(
        tools=(BOOK,), system=(), max_tokens=500, business=place.business, now=place.now,
        conversation="c1",
        messages=(
            Message("user", (Text("hello"),)), before,
            Message("user", (Situation("now"), Text(phrase.text))),
        ),
    )  # fmt: skip
    reply = [part async for part in Offline().stream(request)][-1]
    assert isinstance(reply, ModelReply)
    assert reply.opaque is not None
    filled, maybe = (reply.opaque.data.get(key, {}) for key in ("filled", "maybe"))
    # A bare hour waits for its day.
    left = times.narrow(maybe.get("time", ()), filled.get("date"), phrase.context)
    filled |= {"time": left[0]} if len(left) == 1 else {}
    return {key: value for key, value in filled.items() if phrase.filled.get(key) != value}


def _mark(field: str, want: Any, got: Any) -> Verdict:
    if isinstance(want, dict):
        return "right" if got is None or _same(field, got, want["or_ask"]) else "wrong"
    if want == "asks" or isinstance(want, list):
        return "right" if got is None else "wrong"
    if got is None:
        return "asks"
    return "right" if _same(field, got, want) else "wrong"


def _same(field: str, got: Any, want: Any) -> bool:
    """Whether a title has its full stop is no matter."""
    return got == want or (field == "name" and got.replace(".", "") == want.replace(".", ""))


def read_all(some: Iterator[Phrase]) -> list[Result]:
    return [Result(phrase, understood(phrase)) for phrase in some]


async def answer_all(some: Iterator[Phrase]) -> list[Result]:
    return [Result(phrase, await answered(phrase)) for phrase in some]


def shares(results: list[Result]) -> dict[str, Counter[str]]:
    """How many of each verdict, by kind and in all."""
    counts = {kind: Counter[str]() for kind in sorted({one.phrase.kind for one in results})}
    for one in results:
        counts[one.phrase.kind][one.verdict] += 1
    return counts | {"all": sum(counts.values(), Counter[str]())}


def table(results: list[Result]) -> str:
    lines = [f"{'':12}{'phrases':>9}{'right':>9}{'asks':>9}{'wrong':>9}"]
    for kind, count in shares(results).items():
        parts = "".join(
            f"{count[mark] / count.total():9.1%}" for mark in ("right", "asks", "wrong")
        )
        lines.append(f"{kind:12}{count.total():9}{parts}")
    return "\n".join(lines)


def show(one: Result) -> str:
    phrase = one.phrase
    where = f"{one.verdict:6} {phrase.at:8} {phrase.asked:10} {phrase.text!r}"
    return f"{where}\n{'':26}want {phrase.want}  got {one.got}"


def main() -> None:
    options = [word for word in sys.argv[1:] if word.startswith("--")]
    some = phrases(*(Path(word) for word in sys.argv[1:] if word not in options))
    dialogue = "--dialogue" in options
    results = asyncio.run(answer_all(some)) if dialogue else read_all(some)
    if "--show" in options:
        print(*(show(one) for one in results if one.verdict != "right"), sep="\n")
    print(table(results))


if __name__ == "__main__":
    main()
