"""Rules that answer before any model does: danger to life, card numbers, STOP by text message."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from frontdesk.business import Business
from frontdesk.plain import data, matcher, plain
from frontdesk.tongues import may_be

Then = Literal["reply", "handoff", "opt_out", "opt_in", "help"]
Urgency = Literal["low", "normal", "urgent"]
Patterns = dict[Annotated[str, Meta(pattern="^[a-z]{2,3}$")], tuple[str, ...]]
"""By language: regular expressions for plain text, which is in lower case, without accents and
apostrophes, with single blanks. Accents and apostrophes in a pattern do no harm."""

_SEVERITY = ("urgent", "normal", "low")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_PART = re.compile(r"\[([^\[\]]*)\]")
_KNOWN = ("emergency_number", "suicide_line", "business", "phone")
_LONGEST = 4000
"""Characters of a message that are looked at."""


class TriggerFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the `[[triggers]]` of a pack's pack.toml."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    """One of the core's names replaces the core's rule."""
    patterns: Patterns
    """Any of them, anywhere in the message. Those of the business's language and of English count,
    those of others in a message that has small words of theirs, or always in rules that do more than
    reply."""
    unless: Patterns = {}
    """What these match is not looked at: "heart attack burger"."""
    channels: tuple[str, ...] = ()
    """All of them when empty."""
    reply: dict[str, str] = {}
    """By language. {emergency_number}, {suicide_line}, {business} and {phone} are filled in; a part
    in [brackets] is left out when one of its placeholders is empty."""
    then: Then = "reply"
    urgency: Urgency = "normal"


class Trigger(TriggerFile, frozen=True, kw_only=True):
    """A rule whose patterns are known to be right."""


def find(text: str, language: str, channel: str, triggers: Sequence[Trigger]) -> Trigger | None:
    """The most severe rule that a message meets; of several such ones the first."""
    variants = list(_variants(text))
    for trigger in sorted(triggers, key=_severity):
        if trigger.channels and channel not in trigger.channels:
            continue
        of = (variants[0], language) if trigger.then == "reply" else ("", "")
        wanted = matcher(spoken_in(*of, trigger.patterns))
        unless = matcher(spoken_in(*of, trigger.unless))
        if any(wanted.search(unless.sub(" ", variant)) for variant in variants):
            return trigger
    return None


def spoken_in(plain: str, language: str, patterns: Patterns) -> tuple[str, ...]:
    """The patterns of the business's language, of English, and of what a text in plain form may be
    written in; all of them for an empty language."""
    return tuple(
        one
        for key, sources in patterns.items()
        if not language or key in ("en", language) or may_be(plain, key)
        for one in sources
    )


def reply(trigger: Trigger, business: Business) -> str:
    """The rule's words in the business's language, else in English, else in any; may be empty."""
    texts = trigger.reply
    text = texts.get(business.language) or texts.get("en") or next(iter(texts.values()), "")
    numbers = _lines()
    default = numbers["emergency_numbers"]["default"]
    values = {
        "emergency_number": numbers["emergency_numbers"].get(business.country, default),
        "suicide_line": numbers["suicide_lines"].get(business.country, ""),
        "business": business.name,
        "phone": business.phone,
    }
    return _filled(text, values)


def from_pack(
    files: Sequence[TriggerFile],
) -> tuple[tuple[Trigger, ...], list[tuple[str, str]]]:
    """The rules of a pack, and what is wrong with them as (dotted key, what and why)."""
    found: list[Trigger] = []
    problems: list[tuple[str, str]] = []
    names: set[str] = set()
    for n, file in enumerate(files):
        wrong = [(f"triggers.{n}.{key}", message) for key, message in _problems(file)]
        if file.name in names:
            wrong.append((f"triggers.{n}.name", f"there is another rule {file.name!r}"))
        names.add(file.name)
        problems += wrong
        if not wrong:
            found.append(Trigger(**msgspec.structs.asdict(file)))
    return tuple(found), problems


@cache
def core_triggers() -> tuple[Trigger, ...]:
    """The rules that every business has."""
    files = msgspec.convert(_lines()["triggers"], tuple[TriggerFile, ...])
    return from_pack(files)[0]


def with_core(pack: Sequence[Trigger]) -> tuple[Trigger, ...]:
    """A pack's rules and those of the core that they do not replace."""
    names = {trigger.name for trigger in pack}
    return (*pack, *(trigger for trigger in core_triggers() if trigger.name not in names))


@cache
def _lines() -> dict[str, dict[str, str]]:
    return data("triggers.toml")


def _severity(trigger: Trigger) -> tuple[int, bool]:
    return _SEVERITY.index(trigger.urgency), trigger.then != "handoff"


def _problems(file: TriggerFile) -> Iterator[tuple[str, str]]:
    if not any(file.patterns.values()):
        yield "patterns", "there is none"
    for field, patterns in (("patterns", file.patterns), ("unless", file.unless)):
        for language, sources in patterns.items():
            for n, source in enumerate(sources):
                try:
                    matcher((source,))
                except (re.error, OverflowError, RecursionError) as error:
                    yield f"{field}.{language}.{n}", f"not a regular expression: {error}"
                else:
                    if matcher((source,)).search(""):
                        yield f"{field}.{language}.{n}", "it matches every message"
    if file.then == "reply" and not any(text.strip() for text in file.reply.values()):
        yield "reply", 'it is needed unless `then` says more than "reply"'
    for language, text in file.reply.items():
        for name in _PLACEHOLDER.findall(text):
            if name not in _KNOWN:
                yield f"reply.{language}", f"{{{name}}} is unknown; known: {', '.join(_KNOWN)}"


def _filled(text: str, values: Mapping[str, str]) -> str:
    def part(match: re.Match[str]) -> str:
        names = _PLACEHOLDER.findall(match[1])
        return match[1] if all(values.get(name) for name in names) else ""

    kept = _PART.sub(part, text)
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), kept).strip()


# ---- what people write to hide or to stress a word -------------------------------------------

_LEET = str.maketrans("013457@$!", "oieastasi")
_WORD = re.compile(r"[a-z0-9@$!]{2,40}")
_FIGURE, _LETTER = re.compile(r"[013457@$!]"), re.compile(r"[a-z]$")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .*_\-]){3,}\w(?!\w)")
_STRETCHED = re.compile(r"(.)\1{2,}")
_LOOKS = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u043a\u043c\u0442\u043d\u0455\u0501\u0131\u03b1\u03bf\u03b9\u03bd",
    "aeopcyxikmthsdiaoiv",
)
"""Cyrillic and Greek letters that look like Latin ones."""


def _variants(text: str) -> Iterator[str]:
    """The message in plain form, and what it may have been meant to read as."""
    base = plain(text[:_LONGEST])
    yield base
    meant = base.translate(_LOOKS)
    meant = _WORD.sub(_unmixed, meant)
    meant = _SPACED.sub(lambda match: re.sub(r"\W|_", "", match[0]), meant)
    for times in (r"\1", r"\1\1"):
        variant = _STRETCHED.sub(times, meant)
        if variant != base:
            yield variant


def _unmixed(match: re.Match[str]) -> str:
    """ "su1cide" as it was meant; what has no letter at its end may be a price or a time."""
    word = match[0]
    is_mixed = _FIGURE.search(word) and _LETTER.search(word)
    return word.translate(_LEET) if is_mixed else word
