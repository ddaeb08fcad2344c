"""Words in a plain form, so that patterns match what people really type."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Any

_APOSTROPHES = dict.fromkeys(map(ord, "'`\u00b4\u2018\u2019\u201b\u02bc\u2032\uff07"))
_ALIKE = (
    _APOSTROPHES
    | dict.fromkeys(map(ord, "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033"), '"')
    | dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
    | {ord("ß"): "ss", ord("œ"): "oe", ord("æ"): "ae"}
)
"""Apostrophes go; quotes and dashes of all kinds become one."""
_DROPPED = ("Mn", "Cf", "Cc", "Sk")
"""Unicode categories: accents and variation selectors, zero-width characters, controls, skin tones."""
_SPELT = str.maketrans({"ä": "ae?", "ö": "oe?", "ü": "ue?", "Ä": "ae?", "Ö": "oe?", "Ü": "ue?"})
_CASED = re.compile(r"\\.|[A-Z]")
_NAMED = re.compile(r"\(\?P<\w+>")
_ESCAPED = re.compile(r"(?<!\\)\\[xu]([0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})")
_OPTIONAL = re.compile(r"(?:\[['\u2018\u2019\u02bc]+\]|['\u2018\u2019\u02bc])\??")
"""Where a pattern has an apostrophe, or a choice of them."""
NEVER = re.compile(r"(?!)")


def plain(text: str) -> str:
    """Lower case, without accents, apostrophes and what cannot be seen; runs of blanks as one.

    "Don't  réserve" becomes "dont reserve".
    """
    if not text.isascii():
        text = _unmarked(unicodedata.normalize("NFKC", text).casefold())
    return " ".join(text.translate(_APOSTROPHES).lower().split())


def _unmarked(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.translate(_ALIKE))
    return "".join(
        c for c in spread if c in "\n\t\r" or c < "\x80" or unicodedata.category(c) not in _DROPPED
    )


def expression(source: str) -> str:
    """A regular expression as it has to be to match `plain` text.

    Umlauts match their spelling with an e too. Groups lose their names: several patterns are made
    one, so that no pattern may refer back to its own groups either.
    """
    source = _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if int(m[1], 16) > 127 else m[0], source)
    source = _NAMED.sub("(?:", _unmarked(_OPTIONAL.sub("", source).translate(_SPELT)))
    return _CASED.sub(lambda m: m[0] if m[0][0] == "\\" else m[0].lower(), source)


@lru_cache(maxsize=512)
def matcher(sources: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for any of several, to search `plain` text with. Raises re.error."""
    if not sources:
        return NEVER
    return re.compile("|".join(f"(?:{expression(source)})" for source in sources))


def data(name: str) -> dict[str, Any]:
    """A file of this package's data."""
    return tomllib.loads((files("frontdesk") / "data" / name).read_text(encoding="utf-8"))
