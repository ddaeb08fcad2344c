"""What customers read about orders: one file a language, English where there is none."""

import tomllib
from functools import lru_cache
from importlib.resources import files

from frontdesk import Business

LANGUAGES = ("en", "es", "de", "fr", "it")


def say(business: Business, key: str, **values: object) -> str:
    return phrases(business.language)[key].format_map(values)


@lru_cache(maxsize=len(LANGUAGES) + 1)
def phrases(language: str) -> dict[str, str]:
    name = language if language in LANGUAGES else "en"
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def join(business: Business, names: list[str], word: str = "and") -> str:
    """ "a, b and c", or with "or"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {say(business, word)} {names[-1]}"
