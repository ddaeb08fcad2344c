"""What a call cost, from a table of dated prices."""

import math
import re
import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from frontdesk import ConfigError, Usage

_SNAPSHOT = re.compile(r"-\d{8}$")
"""Ends the name of a frozen version of a model, which costs what the model costs."""


class _Rates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """US dollars per million tokens, which is millionths of a dollar per token."""

    input: Decimal
    output: Decimal
    cache_write: Decimal
    cache_read: Decimal

    def __post_init__(self) -> None:
        if min(self.input, self.output, self.cache_write, self.cache_read) < 0:
            raise ValueError("a price is below 0")

    def of(self, usage: Usage) -> int:
        """Rounded up, so that no call is free."""
        return math.ceil(
            self.input * usage.input
            + self.output * usage.output
            + self.cache_write * usage.cache_write
            + self.cache_read * usage.cache_read
        )


class _Long(_Rates, frozen=True, kw_only=True):
    over: Annotated[int, Meta(ge=0)]
    """Prompts with more tokens than this cost these rates, as a whole."""


class _Price(_Rates, frozen=True, kw_only=True):
    model: str
    effective_from: date = date.min
    long: _Long | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    price: tuple[_Price, ...]


class Prices:
    """The rows of all models. The newest row that is in force counts."""

    def __init__(self, rows: tuple[_Price, ...]) -> None:
        self._rows: dict[str, list[_Price]] = {}
        for row in sorted(rows, key=lambda row: row.effective_from, reverse=True):
            self._rows.setdefault(row.model, []).append(row)

    def cost(self, model: str, usage: Usage, on: date) -> int | None:
        """Millionths of a US dollar; None when no price of the model is known for that day."""
        rows = self._rows.get(model) or self._rows.get(_SNAPSHOT.sub("", model), [])
        row = next((row for row in rows if row.effective_from <= on), None)
        if row is None:
            return None
        prompt = usage.input + usage.cache_read + usage.cache_write
        if row.long and prompt > row.long.over:
            return row.long.of(usage)
        return row.of(usage)


def load(override: str = "") -> Prices:
    """The table that comes with the plugin; the file `override` replaces the models it names."""
    own = files("frontdesk_plugins.claude").joinpath("prices.toml").read_text(encoding="utf-8")
    rows = _parse(own)
    if override:
        theirs = _read(Path(override))
        named = {row.model for row in theirs}
        rows = (*theirs, *(row for row in rows if row.model not in named))
    return Prices(rows)


def _read(file: Path) -> tuple[_Price, ...]:
    try:
        return _parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(
            f"plugins.claude.prices: {file} is not a table of prices: {error}. "
            "Write it like the prices.toml of the plugin, or leave the setting out."
        ) from error


def _parse(text: str) -> tuple[_Price, ...]:
    return msgspec.convert(tomllib.loads(text, parse_float=Decimal), _File).price
