"""The section [settings.booking]: what is understood, and what is refused with the key named."""

from typing import Any

import msgspec
import pytest

from frontdesk.catalogue import read_business
from frontdesk.errors import ConfigError
from frontdesk_plugins.booking.rules import NAMELESS, BookingRules, rules_of
from frontdesk_plugins.booking.visits import largest_party, options_for, visit_of

SALON: dict[str, Any] = {
    "step": 15,
    "lead": 60,
    "services": [
        {"id": "cut", "name": "Haircut", "duration": 30, "price": 4000, "skills": ["cut"],
         "variants": [{"id": "long", "duration": 45, "price": 5500}, {"id": "short"}]},
        {"id": "colour", "duration": 90, "resources": ["ana"], "buffer_after": 15, "lead": 1440,
         "policy": {"cancel_until": 1440, "fee": 2000}},
        {"id": "massage", "duration": 60, "kinds": ["staff", "room"], "skills": []},
        {"id": "yoga", "duration": 60, "capacity": 12, "times": {"mon": ["18:00"]}},
    ],
    "resources": [
        {"id": "ben", "kind": "staff", "skills": ["cut"]},
        {"id": "ana", "kind": "staff", "skills": ["cut", "colour"]},
        {"id": "r1", "kind": "room"},
        {"id": "old", "kind": "staff", "skills": ["cut"], "active": False},
    ],
}  # fmt: skip


def converted(section: dict[str, Any]) -> BookingRules:
    return msgspec.convert(section, BookingRules)


def test_a_service_says_what_differs_from_the_section() -> None:
    rules = converted(SALON)
    cut, colour, massage, yoga = rules.services
    plain = visit_of(rules, cut, variant=cut.variants[1])
    assert (plain.minutes, plain.price, plain.lead, plain.after) == (30, 4000, 60, 0)
    long = visit_of(rules, cut, variant=cut.variants[0])
    assert (long.minutes, long.price, long.variant) == (45, 5500, "long")
    dyed = visit_of(rules, colour)
    assert (dyed.after, dyed.lead, dyed.policy.fee) == (15, 1440, 2000)
    assert [o.resources for o in dyed.options] == [("ana",)]
    assert [o.resources for o in long.options] == [("ana",), ("ben",)]  # not the one who left
    assert [o.resources for o in visit_of(rules, massage).options] == [("ana", "r1"), ("ben", "r1")]
    assert visit_of(rules, yoga, 3).options == ()
    assert [o.resources for o in visit_of(rules, cut, resource="ben").options] == [("ben",)]
    assert visit_of(rules, cut, 2).options == ()  # one chair, one person
    assert largest_party(rules, yoga) == 12


def test_the_short_form_of_a_restaurant() -> None:
    rules = converted({"resources": [{"id": "t", "max": 4}], "buffer": 10, "max_online_party": 3})
    assert rules.offered == (NAMELESS,)
    visit = visit_of(rules, NAMELESS, 2)
    assert (visit.minutes, visit.after, visit.before, visit.step) == (90, 10, 0, 15)
    assert largest_party(rules, NAMELESS) == 3


def test_combinations_are_those_that_are_listed_and_active() -> None:
    rules = converted(
        {
            "resources": [
                {"id": "a", "min": 1, "max": 4}, {"id": "b", "min": 1, "max": 4},
                {"id": "c", "min": 1, "max": 4, "active": False},
            ],
            "combinations": [
                {"resources": ["a", "b"], "min": 5, "max": 8},
                {"resources": ["b", "c"], "min": 5, "max": 9},
            ],
        }
    )  # fmt: skip
    assert [o.resources for o in options_for(rules, NAMELESS, 6)] == [("a", "b")]
    assert largest_party(rules, NAMELESS) == 8


def test_turn_times_by_party() -> None:
    rules = converted({"durations": {"2": 90, "4": 105, "6": 120}, "duration": 150,
                       "resources": [{"id": "t", "max": 20}]})  # fmt: skip
    by_party = {n: visit_of(rules, NAMELESS, n).minutes for n in (1, 2, 3, 4, 5, 6, 7, 8, 20)}
    assert by_party == {1: 90, 2: 90, 3: 105, 4: 105, 5: 120, 6: 120, 7: 150, 8: 150, 20: 150}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"resources": [{"id": "a"}, {"id": "a"}]}, "two have the same id"),
        ({"resources": [{"id": "a", "min": 3, "max": 2}]}, "min is more than max"),
        ({"resources": [{"id": "a", "kind": "dog"}]}, "Invalid enum value"),
        ({"resources": [{"id": "a", "hours": {"mon": ["9-17"]}}]}, "hours.mon: '9-17'"),
        ({"resources": [{"id": "a", "exceptions": [{"date": "2026-01-02", "hours": ["x"]}]}]},
         "exceptions.0.hours"),
        ({"combinations": [{"resources": ["x", "y"]}]}, "no resource 'x'"),
        ({"resources": [{"id": "a"}], "combinations": [{"resources": ["a", "a"]}]}, "twice"),
        ({"durations": {"four": 60}}, "party sizes"),
        ({"durations": {"4": 0}}, ">= 1"),
        ({"duration": 0}, ">= 1"),
        ({"step": 0}, ">= 1"),
        ({"stepp": 15}, "unknown field"),
        ({"grid": "hour"}, "Invalid enum value"),
        ({"buffer_mode": "both"}, "Invalid enum value"),
        ({"pacing": {"parties": -1}}, ">= 0"),
        ({"max_online_party": 0}, ">= 1"),
        ({"services": [{"id": "s"}]}, "no resource can serve 's'"),
        ({"services": [{"id": "s", "skills": ["x"]}], "resources": [{"id": "a"}]},
         "no resource can serve 's'"),
        ({"services": [{"id": "s", "kinds": ["room"]}], "resources": [{"id": "a"}]},
         "no room can serve 's'"),
        ({"services": [{"id": "s", "resources": ["z"]}]}, "services: no resource 'z'"),
        ({"services": [{"id": "s", "capacity": 3}, {"id": "s", "capacity": 3}]}, "the same id"),
        ({"services": [{"id": "s", "capacity": 3, "times": {}}]}, "timetable of 's' is empty"),
        ({"services": [{"id": "s", "capacity": 3, "times": {"mon": ["25:00"]}}]}, "regex"),
        ({"services": [{"id": "s", "capacity": 3, "variants": [{"id": "v"}, {"id": "v"}]}]},
         "two variants of 's'"),
        ({"services": [{"id": "s", "capacity": 3, "price": -1}]}, ">= 0"),
        ({"blocks": [{"start": "2026-01-02T10:00:00", "end": "2026-01-02T10:00:00"}]},
         "the end is not after the start"),
        ({"blocks": [{"start": "2026-01-02T10:00:00Z", "end": "2026-01-02T11:00:00Z"}]},
         "no timezone component"),
        ({"blocks": [{"start": "2026-01-02T10:00:00", "end": "2026-01-02T11:00:00",
                      "resources": ["q"]}]}, "blocks: no resource 'q'"),
        ({"closures": [{"hours": {"mon": ["x"]}}]}, "hours.mon"),
        ({"policy": {"cancel_until": -5}}, ">= 0"),
        ({"policy": {"cancel": 5}}, "unknown field"),
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(section: Any, message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        converted(section)


def test_a_business_file_names_the_key_and_the_line() -> None:
    text = """id = "b"
name = "B"
[settings.booking]
step = 15
[[settings.booking.resources]]
id = "ana"
hours = { mon = ["9-17"] }
[[settings.booking.blocks]]
start = 2026-12-24T18:00:00
end = 2026-12-24T17:00:00
[settings.booking.policy]
fee = -1
"""
    with pytest.raises(ConfigError) as caught:
        read_business(text, "b.toml", {"booking": BookingRules})
    said = str(caught.value)
    assert "settings.booking.resources.0: hours.mon: '9-17'" in said
    assert "settings.booking.blocks.0: the end is not after the start" in said
    assert "b.toml:12: settings.booking.policy.fee" in said
    right = (
        text.replace("9-17", "09:00-17:00").replace("T17:", "T19:").replace("fee = -1", "fee = 5")
    )
    business = read_business(right, "b.toml", {"booking": BookingRules})
    again = msgspec.json.decode(msgspec.json.encode(business), type=type(business))
    assert rules_of(again) == rules_of(business)  # as it comes back from the database
    assert rules_of(business).blocks[0].start.hour == 18
