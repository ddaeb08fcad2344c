"""Formats that tools may ask for beyond those of JSON Schema."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.formats import is_vin
from frontdesk.postcodes import covers
from frontdesk.tools import Checker

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1M8GDM9AXKP042788", True),  # the example of 49 CFR 565.15, with the check digit X
        ("1HGCM82633A004352", True),
        ("1hgcm82633a004352", True),
        ("11111111111111111", True),
        ("1HGCM82633A004353", False),
        ("1M8GDM9A0KP042788", False),
        ("7SAYGDEE1NF300000", False),
        ("WVWZZZ1JZXW000001", True),  # European: Z in the ninth place
        ("JH4TB2H26CC000000", True),
        ("1HGCM82633A00435", False),
        ("1HGCM82633A0043522", False),
        ("1HGCM82633AOO4352", False),
        ("IHGCM82633A004352", False),
        ("1HGCM82633A004352\n", False),
        ("\u017f" * 17, False),  # a long s is no S
        ("", False),
    ],
)
def test_vehicle_identification_numbers(text: str, is_one: bool) -> None:
    assert is_vin(text) is is_one


@given(st.text(LETTERS, min_size=16, max_size=16), st.sampled_from("12345"), st.data())
def test_one_wrong_character_of_a_north_american_one_is_seen(
    rest: str, first: str, data: st.DataObject
) -> None:
    start, tail = first + rest[:7], rest[8:]
    fitting = [digit for digit in "0123456789X" if is_vin(f"{start}{digit}{tail}")]
    assert len(fitting) == 1
    vin = f"{start}{fitting[0]}{tail}"
    place = data.draw(st.sampled_from([n for n in range(1, 17) if n != 8]))
    other = data.draw(st.sampled_from(LETTERS))
    changed = vin[:place] + other + vin[place + 1 :]
    assert is_vin(changed) is (_value(other) == _value(vin[place]))


def _value(character: str) -> int:
    """49 CFR 565.15, table III."""
    table = {1: "AJ", 2: "BKS", 3: "CLT", 4: "DMU", 5: "ENV", 6: "FW", 7: "GPX", 8: "HY", 9: "RZ"}
    known = {letter: value for value, letters in table.items() for letter in letters}
    return known[character] if character.isalpha() else int(character)


def test_a_tool_may_ask_for_one() -> None:
    checker = Checker({"properties": {"vin": {"type": "string", "format": "vin"}}})
    assert checker.problems({"vin": "1HGCM82633A004352"}) == []
    (problem,) = checker.problems({"vin": "1HGCM82633A004353"})
    assert problem.startswith("/vin: not a vehicle identification number (17 letters and digits")


@pytest.mark.parametrize(
    ("known", "postcode", "is_there"),
    [
        (["55401"], "55401", True),
        (["55401"], " 554 01 ", True),
        (["55401"], "5540", False),
        (["5540*"], "55409", True),
        (["5540*"], "55419", False),
        (["SW1A*"], "sw1a 1aa", True),
        (["1000-AB"], "1000 ab", True),
        (["*"], "anywhere", True),
        (["*"], " ", False),
        ([], "55401", False),
    ],
)
def test_postcodes(known: list[str], postcode: str, is_there: bool) -> None:
    assert covers(known, postcode) is is_there
