"""Lines that messages name, and everything that is wrong in a tree at once."""

from typing import Annotated, Any, Literal

import msgspec
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from frontdesk.locate import toml_line
from frontdesk.misfits import convert_all

TOML = '''
name = "a" # services = [
[settings.booking]
note = """
services = [
"""
services = [  # ]
  { id = "cut", times = { mon = [
    "09:00", "10:00" ] } },
  { id = "dry",
    price = 3 },
]
after = 1
[[settings.booking.areas]]
id = "x"
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("settings.booking.services", 7),
        ("settings.booking.services.0", 8),
        ("settings.booking.services.0.times.mon.1", 9),
        ("settings.booking.services.1", 10),
        ("settings.booking.services.1.price", 11),
        ("settings.booking.services.1.ghost", 10),
        ("settings.booking.services.7", 7),
        ("settings.booking.after", 13),
        ("settings.booking.areas", 14),
        ("settings.booking.areas.0.id", 15),
    ],
)
def test_the_line_of_an_entry_is_its_own(key: str, line: int) -> None:
    assert toml_line(TOML, key) == line


_leaves: st.SearchStrategy[Any] = st.one_of(
    st.integers(), st.booleans(), st.text(), st.floats(allow_nan=False), st.dates(), st.times()
)
_trees = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.from_regex(r"k[a-z_-]{0,5}", fullmatch=True), inner, max_size=3),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.from_regex(r"k[a-z_-]{0,5}", fullmatch=True), _trees, max_size=4),
       st.booleans())  # fmt: skip
def test_every_key_is_found_on_its_line(tree: dict[str, Any], multiline: bool) -> None:
    text = tomli_w.dumps(tree, multiline_strings=multiline)

    for key, last in _keys(tree, ""):
        line = toml_line(text, key)
        assert last in text.split("\n")[line - 1], (key, line, text)


def _keys(node: Any, at: str) -> list[tuple[str, str]]:
    """(dotted key, its last name) of all that is in tables."""
    found: list[tuple[str, str]] = []
    if isinstance(node, dict):
        for name, value in node.items():
            found += [(f"{at}{name}", name), *_keys(value, f"{at}{name}.")]
    elif isinstance(node, list):
        for n, value in enumerate(node):
            found += _keys(value, f"{at}{n}.")
    return found


class Part(msgspec.Struct, forbid_unknown_fields=True):
    id: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    size: Annotated[int, Meta(ge=1)] = 1
    kind: Literal["a", "bee"] = "a"

    def __post_init__(self) -> None:
        if self.size == 13:
            raise ValueError(f"{self.id!r} has an unlucky size")


class Whole(msgspec.Struct, forbid_unknown_fields=True):
    parts: Annotated[tuple[Part, ...], Meta(min_length=1)]
    by: dict[str, tuple[Part, ...]] = {}
    wanted: str = ""

    def __post_init__(self) -> None:
        if self.wanted and self.wanted not in {part.id for part in self.parts}:
            raise ValueError(f"wanted: no part {self.wanted!r}")


def test_every_entry_is_told_with_the_number_that_it_has() -> None:
    tree = {
        "parts": [
            {"size": 2},
            {"id": "abc"},
            {"id": "ABC", "size": 0, "knid": "a"},
            {"id": "ABC", "size": 13},
            5,
            {"id": "ABC", "kind": "be"},
        ],
        "wanted": "GON",
    }
    value, wrong = convert_all(tree, Whole)
    assert value is None
    assert wrong == [
        ("parts.0.id", "it is missing"),
        ("parts.1.id", 'it must be three capital letters, such as "USD"'),
        ("parts.2.size", "it must be a whole number, 1 or more"),
        ("parts.2.knid", "unknown key; did you mean `kind`? expected one of id, size, kind"),
        ("parts.3", "'ABC' has an unlucky size"),
        ("parts.4", "it must be a table of keys and values, in { }; this is a number"),
        ("parts.5.kind", "'be' is none of a, bee; did you mean `bee`?"),
    ]  # what the whole says of parts that are gone would mislead


def test_what_stands_there_misspelt_is_not_missing() -> None:
    tree = {"part": [{"idd": "ABC"}]}
    said = "unknown key; did you mean `parts`? expected one of parts, by, wanted"
    assert convert_all(tree, Whole)[1] == [("part", said)]
