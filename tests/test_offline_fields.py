"""What the offline model reads for the fields of tools that are not a restaurant's."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from support_offline import Guest, refuse, tool

from frontdesk import ActionError
from frontdesk.business import Business
from frontdesk.tools import Tool
from frontdesk_plugins.booking.asked import find_visit
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.offline import manners, options, reader, slots
from frontdesk_plugins.offline.reading import Context

TEAM = [
    {"name": "Dr. Amara Osei", "kind": "staff"},
    {"name": "Inés", "kind": "staff"},
    {"name": "Tom Reyes", "kind": "staff"},
    {"name": "Room 1", "kind": "room"},
]
SALON = Business(
    id="salon", name="Salon", currency="USD", locale="en-US",
    settings={"booking": {"resources": TEAM}},
)  # fmt: skip
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
INTEGER, TEXT = {"type": "integer", "minimum": 0}, {"type": "string"}


def read(text: str, asked: str = "", **properties: Any) -> dict[str, Any]:
    """What was understood, as far as it is one value."""
    schema = {"type": "object", "properties": properties}
    tool = Tool(name="t", description="", action="", input_schema=schema)
    found = reader.read(text, slots.slots_of(tool), Context(SALON, NOON), asked)
    return {name: one.values[0] for name, one in found.items() if len(one.values) == 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("houses under $300,000 with at least 3 bedrooms", {"max_price": 300000, "min_beds": 3}),
        ("homes under 500000", {"max_price": 500000}),
        ("up to 1.2 million", {"max_price": 1200000}),
        ("between 300,000 and 400,000", {"min_price": 300000, "max_price": 400000}),
        ("below 2k a month, 2 bedrooms or more", {"max_price": 2000, "min_beds": 2}),
        ("a budget of 600,000", {"max_price": 600000}),
        ("at most 2 bedrooms", {}),  # there is no such field
        ("from 1 December", {}),
        ("under 10 minutes away", {}),
        ("not under 500", {"min_price": 500}),
    ],
)
def test_limits(text: str, found: dict[str, Any]) -> None:
    assert read(text, max_price=INTEGER, min_price=INTEGER, min_beds=INTEGER) == found


def test_a_price_in_cents_where_its_description_says_so() -> None:
    in_cents = INTEGER | {"description": "The most it may cost, in cents"}
    assert read("anything under 50 dollars", max_price=in_cents) == {"max_price": 5000}
    assert read("boots for less than 99.50", max_price=in_cents) == {"max_price": 9950}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a cut with ines on friday at 10", "Inés"),
        ("is Tom free on Friday?", "Tom Reyes"),
        ("a check-up with Dr. Osei", "Dr. Amara Osei"),
        ("I'd like doctor Osei please", "Dr. Amara Osei"),
        ("tom reyes, tomorrow", "Tom Reyes"),
        ("a cut with Maria on Friday", "Maria"),  # the tool says that there is none
        ("my name is Tom", ""),
        ("a cut with my sister on Friday", ""),
        ("a cut with Highlights and my Husband", "Highlights"),
        ("see you Friday", ""),
        ("with Friday in mind", ""),
        ("a cut for Tom", ""),
    ],
)
def test_whom_of_the_team(text: str, name: str) -> None:
    found = read(text, resource=TEXT | {"title": "Stylist"}, name=TEXT, notes=TEXT)
    assert found.get("resource", "") == name


def test_a_name_that_was_asked_for_is_no_wish() -> None:
    fields: dict[str, Any] = {"resource": TEXT, "name": TEXT}
    assert read("Tom Reyes", "name", **fields) == {"name": "Tom Reyes"}


@pytest.mark.parametrize(
    ("choices", "text", "value"),
    [
        (["low", "normal", "urgent"], "my sink leaks, it's not urgent", None),
        (["low", "normal", "urgent"], "it is urgent", "urgent"),
        (["insurance", "self_pay"], "i have no insurance", None),
        (["insurance", "self_pay"], "i do not have insurance", None),
        (["insurance", "self_pay"], "i come without insurance", None),
        (["morning", "evening", "no_preference"], "no preference", "no_preference"),
        (["pickup", "delivery"], "no, pickup", "pickup"),
        (["pickup", "delivery"], "not pickup, delivery", "delivery"),
    ],
)
def test_what_is_ruled_out_is_not_chosen(choices: list[str], text: str, value: str | None) -> None:
    schema = {"type": "object", "properties": {"choice": {"type": "string", "enum": choices}}}
    tool = Tool(name="t", description="", action="", input_schema=schema)
    found = options.chosen(slots.slots_of(tool)[0], text, asked=True)
    assert (found.values[0] if found else None) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("is FF-2050 in stock?", "FF-2050"),
        ("FF-2050", "FF-2050"),
        ("number FF-2050 in size 9", "FF-2050"),
        ("it is ff 2050", "FF2050"),
    ],
)
def test_words_beside_a_number_are_no_part_of_it(text: str, code: str) -> None:
    pattern = {"type": "string", "pattern": r"^[A-Z]{2,4}-?\d{4}[A-Z]{0,2}$"}
    assert read(text, article_id=pattern) == {"article_id": code}


@pytest.mark.parametrize(
    ("text", "stay"),
    [
        ("December 10 to 12, 2 adults", ["2026-12-10", "2026-12-12"]),
        ("10-12 December", ["2026-12-10", "2026-12-12"]),
        ("from the 3rd to the 5th of January", ["2027-01-03", "2027-01-05"]),
        ("from December 1 to December 3", ["2026-12-01", "2026-12-03"]),
        ("two nights from December 30", ["2026-12-30", "2027-01-01"]),
        ("on December 4 for 3 nights", ["2026-12-04", "2026-12-07"]),
        ("one night, December 4", ["2026-12-04", "2026-12-05"]),
        ("December 4, and the night life?", ["2026-12-04"]),
    ],
)
def test_the_days_of_a_stay(text: str, stay: list[str]) -> None:
    day = {"type": "string", "format": "date"}
    assert list(read(text, check_in=day, check_out=day).values()) == stay


@pytest.mark.parametrize("text", ["Ed Nye", "Wednesday Addams"])
def test_a_name_with_a_day_in_it(text: str) -> None:
    day = {"type": "string", "format": "date"}
    assert read(text, "name", name=TEXT, date=day) == {"name": text}


@pytest.mark.parametrize("text", ["NYE", "On NYE", "for nye please"])
def test_a_day_is_no_name(text: str) -> None:
    day = {"type": "string", "format": "date"}
    assert read(text, "date", name=TEXT, date=day) == {"date": "2026-12-31"}


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what did you say?", True),
        ("Sorry, what was that?", True),
        ("can you repeat that please", True),
        ("say that again", True),
        ("come again?", True),
        ("what did you say about parking?", False),
        ("I want to book again", False),
        ("please", False),
        ("sorry", False),
    ],
)
def test_who_did_not_hear(text: str, asks: bool) -> None:
    assert manners.asks_again(text) is asks


# ---- what a tool asks for beside what its schema requires ------------------------------------

SERVICE = {"type": "string", "title": "service"}
LENGTH = {"type": "string", "enum": ["short", "long"], "title": "Hair length"}
DAY = {"type": "string", "format": "date"}
BOOK_CUT = tool(
    "create_booking", "Books an appointment.", "I'd like to book a haircut", confirm=True,
    service=SERVICE, date=DAY, name={"type": "string"}, variant_=LENGTH,
)  # fmt: skip
CHECK_CUT = tool(
    "check_availability", "Whether an appointment is free.", "is a haircut free on Friday?",
    service=SERVICE, date=DAY, variant_=LENGTH, time_={"type": "string", "title": "time"},
)  # fmt: skip
ASKED = {"message": "Which kind of Haircut: Short hair, Long hair?", "needs": "variant",
         "options": [{"id": "short", "name": "Short hair"}, {"id": "long", "name": "Long hair"}]}  # fmt: skip


def checked(arguments: dict[str, Any]) -> dict[str, Any]:
    if "variant" not in arguments:
        refuse(ASKED)(arguments)
    return {"available": True, "alternatives": []}


async def test_what_a_check_needs_is_asked_for_and_checked_again() -> None:
    answers = {"check_availability": checked, "create_booking": lambda _: {"message": "Booked."}}
    guest = Guest(BOOK_CUT, CHECK_CUT, answers=answers)
    reply = await guest.say("I'd like to book a haircut on 24 December")
    assert "Which kind of Haircut" in reply
    assert "That is available" in await guest.say("long hair")
    assert guest.calls[-1].arguments["variant"] == "long"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("square 7", 7),
        ("Square -3 please", -3),
        ("square 1200000", 1200000),
        ("square 7 and 8", None),
    ],
)
async def test_the_only_number_is_the_one_that_is_needed(text: str, number: int | None) -> None:
    square = tool("square", "Squares a number.", "square a number", number={"type": "integer"})
    guest = Guest(square, answers={"square": lambda given: {"message": str(given["number"] ** 2)}})
    reply = await guest.say(text)
    assert guest.made("square") == ([{"number": number}] if number is not None else [])
    assert number is None or str(number**2) in reply


async def test_the_words_of_a_tool_are_its_own() -> None:
    """What is given as an example of one tool is no wish about a booking that exists."""
    cancel = tool(
        "cancel_booking", "Cancels a booking.", "cancel my booking", confirm=True,
        reference={"type": "string", "title": "Reference", "minLength": 8},
    )  # fmt: skip
    leave = tool(
        "end_membership", "Ends a membership.", "I can't come any more", confirm=True,
        member={"type": "string", "title": "Member number"},
    )  # fmt: skip
    assert "member number" in (await Guest(cancel, leave).say("I can't come any more")).lower()
    assert "reference" in (await Guest(cancel, leave).say("I have to cancel my booking")).lower()


def test_a_choice_that_is_open_names_its_field_and_what_there_is() -> None:
    """Staff are named of those who can do the service, and only where it takes any."""
    rules = msgspec.convert(
        {
            "resources": [
                {"id": "maya", "name": "Maya", "kind": "staff", "skills": ["cut"]},
                {"id": "leo", "name": "Leo", "kind": "staff", "skills": ["beard"]},
            ],
            "services": [
                {"id": "cut", "name": "Haircut", "duration": 30, "skills": ["cut"],
                 "variants": [{"id": "short", "name": "Short hair"}, {"id": "long"}]},
                {"id": "tour", "name": "Tour", "duration": 30,
                 "capacity": 5},
            ],
        },
        BookingRules,
    )  # fmt: skip

    def needs(*wish: str) -> tuple[str, list[str]]:
        with pytest.raises(ActionError) as caught:
            find_visit(SALON, rules, 1, *wish)
        return caught.value.data["needs"], [one["name"] for one in caught.value.data["options"]]

    assert needs() == ("service", ["Haircut", "Tour"])
    assert needs("Perm") == ("service", ["Haircut", "Tour"])
    assert needs("haircut") == ("variant", ["Short hair", "long"])
    assert needs("haircut", "tiny") == ("variant", ["Short hair", "long"])
    assert needs("haircut", "long", "Maria") == ("resource", ["Maya"])
    assert needs("haircut", "long", "Leo") == ("resource", ["Maya"])
    assert find_visit(SALON, rules, 1, "Tour", "", "Maria").service.id == "tour"
