"""Words that tell a customer that a person was fetched or a message taken: claims.toml has them."""

import re
import tomllib
from importlib.resources import files

from frontdesk import Claim


def read_claims() -> dict[str, Claim]:
    """By kind: "handed_off", "message_taken"."""
    text = files("frontdesk_plugins.handoff").joinpath("claims.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    fragments: dict[str, dict[str, str]] = tables.pop("fragments")
    return {
        kind: Claim(
            kind=kind,
            patterns={
                language: tuple(_whole(pattern, fragments[language]) for pattern in patterns)
                for language, patterns in languages.items()
            },
        )
        for kind, languages in tables.items()
    }


def _whole(pattern: str, fragments: dict[str, str]) -> str:
    filled = re.sub(r"<(\w+)>", lambda name: fragments[name[1]], pattern)
    return filled.replace("'", "['\u2019]")
