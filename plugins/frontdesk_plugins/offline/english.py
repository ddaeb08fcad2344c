"""How people say it: `english.toml`. Another language is another file like that."""

import re
import tomllib
from functools import cache
from importlib.resources import files


def features(plain: str) -> frozenset[str]:
    """The turns of phrase that occur in a text in lower case, by their names."""
    return frozenset(name for name, pattern in _features().items() if pattern.search(plain))


def wording(name: str) -> str:
    """A regular expression for any of the wordings of this name."""
    return _any_of(_data()["wordings"][name])


@cache
def _features() -> dict[str, re.Pattern[str]]:
    parts = {f"<{name}>": _any_of(of) for name, of in reversed(_data()["parts"].items())}
    found: dict[str, re.Pattern[str]] = {}
    for name, of in _data()["features"].items():
        source = _any_of(of)
        for part, meaning in parts.items():
            source = source.replace(part, meaning)
        found[name] = re.compile(source)
    return found


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    text = (files("frontdesk_plugins.offline") / "english.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _any_of(sources: list[str]) -> str:
    return f"(?:{'|'.join(sources)})"
