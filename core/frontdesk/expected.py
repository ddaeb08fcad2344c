"""What a value must be, in the words of somebody who writes TOML or JSON and no Python."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_KINDS = {
    "int": "a whole number, without quotes",
    "float": "a number, without quotes",
    "bool": "true or false, without quotes",
    "str": "text in quotes",
    "array": "a list, in [ ]",
    "object": "a table of keys and values, in { }",
    "date": "a date such as 2026-11-24",
    "time": "a time such as 19:30:00",
    "datetime": "a moment with its offset, such as 2026-11-24T12:00:00-05:00",
}
_BY_LANGUAGE = {
    "patterns": 'by language: { en = ["..."] }',
    "unless": 'by language: { en = ["..."] }',
    "reply": 'by language: { en = "..." }',
    "instead": 'by language: { en = "..." }',
    "disclosures": 'by language: { en = "..." }',
}
"""What keys of these names hold, as it is written in TOML."""
_GOT = {
    "int": "a number", "float": "a number", "bool": "true or false", "str": "text",
    "array": "a list", "object": "a table", "null": "null", "date": "a date",
    "time": "a time", "datetime": "a moment",
}  # fmt: skip
_PATTERNS = {
    "^[A-Z]{3}$": 'three capital letters, such as "USD"',
    "^[A-Z]{2}$": 'two capital letters, such as "US"',
    "^#[0-9a-fA-F]{6}$": 'a colour such as "#0f766e"',
    "^[a-z]{2,3}$": 'a language such as "en"',
    r"^([01]\d|2[0-3]):[0-5]\d$": 'a time such as "09:30"',
    r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$": 'a range of times such as "21:00-08:00"',
    r"^\d+\.\d+(\.\d+)?$": 'a version such as "0.1.0"',
    r"^[a-z][a-z0-9_]*$": 'lower case letters, digits and _, such as "eve"',
    r"^[a-z][a-z0-9_]{0,62}$": 'lower case letters, digits and _, such as "cut_and_dry"',
    r"^[a-z0-9][a-z0-9_-]{0,39}$": 'lower case letters, digits, _ and -, such as "cut-1"',
    r"^[a-z0-9][a-z0-9_-]{0,62}$": 'lower case letters, digits, _ and -, such as "cut-1"',
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$": 'letters, digits, _ . and -, such as "A-100"',
}
_LIMITS = {">=": "{0} or more", ">": "more than {0}", "<=": "{0} at most", "<": "less than {0}"}
_PARTS = {"str": "characters", "array": "entries", "object": "keys"}


def in_words(message: str, key: str, kind: Any) -> str:
    """A message of msgspec's about the value of a key, whose type is `kind` (`msgspec.inspect`).
    Others are returned as they are."""
    if found := re.fullmatch(r"Expected `(.+?)` matching regex '(.*)'", message):
        example = _PATTERNS.get(found[2].replace("\\\\", "\\"))
        return f"it must be {example}" if example else message
    if found := re.fullmatch(r"Expected `(\w+)` of length (>=|<=|) ?(\d+).*", message):
        return _length(*found.groups())
    if found := re.fullmatch(r"Expected `(int|float)` (>=|<=|>|<) (\S+)", message):
        limit = found[3].removesuffix(".0")
        return f"it must be {_without_quotes(found[1])}, {_LIMITS[found[2]].format(limit)}"
    if found := re.fullmatch(r"Expected `(.+)`, got `(\w+)`", message):
        return _other_kind(found[1].split(" | "), found[2], key)
    if found := re.fullmatch(r"Invalid RFC3339 encoded (\w+)", message):
        return f"it must be {_KINDS.get(found[1], found[1])}, without quotes"
    if found := re.fullmatch(r"Invalid enum value '?(.*?)'?", message):
        return _one_of(found[1], kind) or message
    return message


def _without_quotes(kind: str) -> str:
    return _KINDS[kind].partition(",")[0]


def _length(kind: str, relation: str, count: str) -> str:
    if (relation, count) == (">=", "1"):
        return "it must not be empty"
    amount = {">=": f"{count} {{}} or more", "<=": f"{count} {{}} at most"}
    words = amount.get(relation, f"exactly {count} {{}}")
    return f"it must have {words.format(_PARTS.get(kind, 'parts'))}"


def _other_kind(kinds: list[str], got: str, key: str) -> str:
    wanted = [_KINDS.get(kind, kind) for kind in kinds if kind != "null"]
    if kinds[0] == "object" and key in _BY_LANGUAGE:
        wanted = [_BY_LANGUAGE[key]]
    return f"it must be {', or '.join(wanted)}; this is {_GOT.get(got, got)}"


def _one_of(value: str, kind: Any) -> str:
    values = next(
        (one.values for one in (kind, *getattr(kind, "types", ())) if hasattr(one, "values")), ()
    )
    known = [str(one) for one in values if one != ""]
    if not known:
        return ""
    return f"{value!r} is none of {', '.join(known)}{hint(value, known)}"


def near(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant; empty when none is like it."""
    folded = {one.casefold(): one for one in known}
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def hint(word: str, known: Iterable[str]) -> str:
    """What to put behind a message about a word that is not known."""
    meant = near(word, known)
    return f"; did you mean `{meant}`?" if meant else ""


def unknown_key(key: str, known: Iterable[str]) -> str:
    known = list(known)
    others = f"expected one of {', '.join(known)}" if known else ""
    meant = near(key, known)
    if meant:
        return f"unknown key; did you mean `{meant}`? {others}"
    return f"unknown key; {others}" if others else "unknown key"
