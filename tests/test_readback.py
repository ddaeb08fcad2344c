"""What a customer is asked to agree to where the action has no words of its own."""

from typing import Any

import pytest

from frontdesk.business import Business
from frontdesk.readback import read_back
from frontdesk.tools import Tool

FIELDS: dict[str, Any] = {
    "day": {"type": "string", "format": "date", "title": "First day"},
    "what": {"type": "array", "items": {"enum": ["x_rays", "whole_record"]}, "title": "Records"},
    "urgent": {"type": "boolean", "title": "Urgent"},
    "phone": {"type": "string", "title": "Telephone"},
    "rooms": {"type": "integer", "title": "Rooms"},
    "note": {"type": "string", "title": "Note"},
}


def _tool(title: str = "") -> Tool:
    return Tool(
        name="request", description="Passes it on. No more.", action="take_record",
        input_schema={"properties": FIELDS}, bind={"title": title} if title else {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-US", "First day: Tue, Nov 24, Records: x rays, whole record, Urgent: yes, Rooms: 2"),
        ("de-DE", "First day: Di., 24. Nov., Records: x rays, whole record, Urgent: ja, Rooms: 2"),
    ],
)
def test_values_are_shown_as_people_write_them(locale: str, expected: str) -> None:
    business = Business(id="b", name="B", locale=locale)
    given = {"day": "2026-11-24", "what": ["x_rays", "whole_record"], "urgent": True, "rooms": 2}
    assert read_back(business, _tool(), given) == expected


def test_the_packs_title_comes_first_and_own_words_stay_as_they_are() -> None:
    business = Business(id="b", name="B", country="US")
    told = read_back(business, _tool("stay request"), {"phone": "+12125550123", "note": "my_own"})
    assert told == "Stay request. Telephone: +1 212-555-0123, Note: my_own"


def test_without_arguments_the_tool_says_what_it_does() -> None:
    assert read_back(Business(id="b", name="B"), _tool(), {}) == "Passes it on"


@pytest.mark.parametrize("number", ["+00000", "+²²²²²", "+1", "+" + "9" * 40])
def test_what_only_looks_like_a_number_stays_as_it_is(number: str) -> None:
    business = Business(id="b", name="B", country="US")
    assert read_back(business, _tool(), {"phone": number}) == f"Telephone: {number}"
