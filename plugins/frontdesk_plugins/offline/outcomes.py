"""What tools answer: read, and put into words."""

import re
from typing import Any

import msgspec
from msgspec.structs import replace

from frontdesk.business import Business
from frontdesk_plugins.offline import answers, intents, tongues
from frontdesk_plugins.offline.formats import show, show_money
from frontdesk_plugins.offline.questions import sentence
from frontdesk_plugins.offline.slots import as_dict, as_list, words_of

_PROBLEM = re.compile(r"^/([^:/]+)[^:]*: (.+)$")
_HIDDEN = {"id", "ok", "success", "status", "available", "slot_id", "currency", "type", "version"}
_LISTS = ("alternatives", "slots", "times", "options", "available_times")
_BESIDE_LABEL = ("reference", "party_size", "name", "price")
_LONGEST = 30
_MINOR = ("price", "total", "amount", "subtotal", "tax", "fee", "deposit", "minor")


class Outcome(msgspec.Struct, frozen=True):
    """The result of a call."""

    data: Any
    message: str
    problems: dict[str, str]
    """By field, what is wrong with its value."""
    alternatives: list[dict[str, Any]]
    available: bool | None
    is_error: bool
    awaits_yes: bool
    refused: bool
    """The engine did not let the call through; what it says is for us, not for the customer."""

    @property
    def is_nothing(self) -> bool:
        """A search that found nothing."""
        fields = as_dict(self.data)
        sizes = [len(as_list(value)) for value in fields.values() if isinstance(value, list)]
        return self.is_error or fields.get("found") is False or (bool(sizes) and not any(sizes))


def parse(text: str, *, is_error: bool) -> Outcome:
    """JSON, or lines: problems with their pointers and words without any."""
    try:
        data: Any = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        data = {"message": _without_head(text)}
    fields = as_dict(data)
    message = fields.get("message") or fields.get("error") or ""
    lines = [str(line) for line in as_list(fields.get("problems"))] or str(message).splitlines()
    problems = {m[1]: m[2] for line in lines if (m := _PROBLEM.match(line.strip(" -")))}
    available, refused = fields.get("available"), text.startswith("Refused (")
    return Outcome(
        data=data,
        message=message if isinstance(message, str) and not problems and not refused else "",
        problems=problems,
        alternatives=_alternatives(fields),
        available=available if isinstance(available, bool) else None,
        is_error=is_error,
        awaits_yes=fields.get("status") == "needs_confirmation",
        refused=refused,
    )


def near(outcome: Outcome, topic: str) -> Outcome | None:
    """A search whose entries lack some of the words, with those that are near enough to be shown;
    None when there are none."""
    fields = as_dict(outcome.data)
    foreign = tongues.foreign(topic)
    if not fields.get("results") or (fields.get("exact") is not False and not foreign):
        return outcome
    entries = [as_dict(one) for one in as_list(fields["results"])]
    pairs = [(str(one.get("question", "")), str(one.get("answer", ""))) for one in entries]
    fitting, lines = answers.nearest(topic, pairs), outcome.message.split("\n")
    if not fitting:
        return None
    if len(lines) != len(entries) + 1:
        return outcome
    return replace(outcome, message="\n".join([lines[0], *(lines[n + 1] for n in fitting)]))


def _without_head(text: str) -> str:
    """What a refusal says, without the engine's advice to the model; nothing for no output."""
    lines = text.strip().splitlines()
    if lines and lines[0].startswith("Refused ("):
        lines = lines[1:]
    return "" if lines == ["(no output)"] else "\n".join(lines)


def _alternatives(fields: dict[str, Any]) -> list[dict[str, Any]]:
    for key in _LISTS:
        found = [as_dict(one) for one in as_list(fields.get(key)) if as_dict(one)]
        if found:
            return found[:9]
    return []


def words(outcome: Outcome, business: Business, topic: str = "") -> str:
    """The result for the customer: a fact that was asked for, its message, or all it holds."""
    asked = frozenset(intents.stems(topic))
    fields = as_dict(outcome.data)
    facts = {k: v for value in fields.values() for k, v in _matching(as_dict(value), asked).items()}
    if facts:
        return "\n".join(_lines(facts, business))
    if outcome.message:
        return sentence(outcome.message)
    if "label" in fields:
        return "\n".join(_item(fields, business, 0)).removeprefix("- ")
    data: Any = _matching(fields, asked) or outcome.data
    lines = [line for line in _lines(data, business) if line.strip()]
    if len(lines) > _LONGEST:
        lines = [*lines[:_LONGEST], f"(and {len(lines) - _LONGEST} more)"]
    return "\n".join(lines)


def _matching(data: dict[str, Any], asked: frozenset[str]) -> dict[str, Any]:
    """The plain entries whose names occur in the question."""
    return {
        key: value
        for key, value in data.items()
        if isinstance(value, str) and value and asked & set(intents.stems(" ".join(words_of(key))))
    }


def _lines(data: Any, business: Business, level: int = 0) -> list[str]:
    if level > 4:
        return []
    pad = "  " * max(0, level - 1)
    if isinstance(data, dict):
        return _entries(as_dict(data), business, level)
    if isinstance(data, list):
        lines: list[str] = []
        for one in as_list(data):
            if isinstance(one, dict):
                lines += _item(as_dict(one), business, level)
            elif one not in (None, "", []):
                lines.append(f"{pad}- {show(one, business)}")
        return lines
    return [] if data in (None, "") else [pad + show(data, business)]


def _entries(data: dict[str, Any], business: Business, level: int) -> list[str]:
    pad, lines = "  " * level, list[str]()
    business = _priced(data, business)
    for key, value in data.items():
        if value in (None, "", [], {}) or _is_hidden(key):
            continue
        title = sentence(" ".join(words_of(key))).rstrip(".")
        if isinstance(value, dict | list):
            simple = _simple(value, business)
            lines.append(f"{pad}{title}: {simple}" if simple else f"{pad}{title}:")
            lines += [] if simple else _lines(value, business, level + 1)
        else:
            lines.append(f"{pad}{title}: {_shown(key, value, business)}")
    return lines


def _priced(data: dict[str, Any], business: Business) -> Business:
    """The business with the currency that this part of a result is in."""
    currency = data.get("currency")
    return replace(business, currency=currency) if isinstance(currency, str) else business


def _simple(value: Any, business: Business) -> str:
    """A short list of plain values on one line."""
    found = as_list(value)
    if found and all(isinstance(one, str | int | float) for one in found):
        return ", ".join(show(one, business) for one in found)
    return ""


def _item(data: dict[str, Any], business: Business, level: int) -> list[str]:
    """One of a list: its label, its price, and the rest behind it."""
    business = _priced(data, business)
    head_key = next(
        (key for key in ("label", "name", "title", "question", "day", "date") if data.get(key)), ""
    )
    pad = "  " * max(0, level - 1)
    if not head_key:
        flat = "; ".join(_entries(data, business, 0))
        return [f"{pad}- {flat}"] if flat else []
    head = show(data[head_key], business)
    rest = {key: value for key, value in data.items() if key != head_key}
    if head_key == "label":
        # A label says it all, but for what a customer needs to quote.
        rest = {key: value for key, value in rest.items() if key in _BESIDE_LABEL}
    plain = {k: v for k, v in rest.items() if not isinstance(v, dict) and not _nested(v)}
    details = [_detail(key, value, business) for key, value in plain.items()
               if value not in (None, "", [], False) and not _is_hidden(key)]  # fmt: skip
    lines = [f"{pad}- {head}" + (f": {', '.join(details)}" if details else "")]
    for key, value in rest.items():
        if key not in plain:
            lines += _lines(value, business, level + 2)
    return lines


def _nested(value: Any) -> bool:
    return any(isinstance(one, dict | list) for one in as_list(value))


def _detail(key: str, value: Any, business: Business) -> str:
    """Prices and descriptions speak for themselves, other values need their name."""
    text = _simple(value, business) or _shown(key, value, business)
    plain = {"description", "answer", "hours", "text", "ranges", "opening_hours"}
    speaks = key in plain or any(part in _MINOR for part in words_of(key))
    return text if speaks else f"{' '.join(words_of(key))} {text}"


def _is_hidden(key: str) -> bool:
    return key in _HIDDEN or key.endswith(("_id", "_ids"))


def _shown(key: str, value: Any, business: Business) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and set(words_of(key)) & set(_MINOR):
        return show_money(value, business.currency)
    return show(value, business)
