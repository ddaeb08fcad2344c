"""What people say, and what the offline model understands: right, or asked again, never wrong."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from frontdesk.business import Business, Hours
from frontdesk.model import Message, ModelReply, ModelRequest, Opaque, Situation, Text
from frontdesk.tools import Tool
from frontdesk_plugins.offline import Offline

ASKS = "asks"

BOOK = Tool(
    name="create_booking",
    description="Book a table.",
    action="create_booking",
    confirm=True,
    examples=("I'd like to book a table",),
    input_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["party_size", "date", "time", "name", "phone"],
        "properties": {
            "party_size": {"type": "integer", "minimum": 1, "maximum": 20},
            "date": {"type": "string", "format": "date"},
            "time": {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"},
            "name": {"type": "string", "minLength": 1},
            "phone": {"type": "string", "minLength": 6},
        },
    },
)
DINNER = ("12:00-15:00", "18:00-23:00")
ALL_DAY = ("07:00-22:00",)
LONDON = Business(
    id="london", name="The Fig", timezone="Europe/London", locale="en-GB", country="GB",
    hours=Hours(*[DINNER] * 7),
)  # fmt: skip
BOSTON = Business(
    id="boston", name="The Diner", timezone="America/New_York", locale="en-US", country="US",
    hours=Hours(*[ALL_DAY] * 7),
)  # fmt: skip
TORONTO = Business(
    id="toronto", name="The Maple", timezone="America/Toronto", locale="en-CA", country="CA",
    hours=Hours(*[DINNER] * 7),
)  # fmt: skip
SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/London"))
WEDNESDAY = datetime(2026, 11, 25, 9, 30, tzinfo=ZoneInfo("America/New_York"))
WEDNESDAY_CA = datetime(2026, 11, 25, 9, 30, tzinfo=ZoneInfo("America/Toronto"))


async def understood(
    text: str,
    field: str,
    *,
    asked: str = "",
    business: Business = LONDON,
    now: datetime = SUNDAY_NOON,
    filled: dict[str, Any] | None = None,
) -> Any:
    """The value of the field after one message, or ASKS when the field is still open."""
    state = {"tool": "create_booking", "stage": "ask", "asked": asked, "filled": filled or {}}
    before = Message("assistant", (Opaque("offline", state), Text("What would you like?")))
    request = ModelRequest(
        tools=(BOOK,), system=(), max_tokens=500, business=business, now=now, conversation="c1",
        messages=(
            Message("user", (Text("hello"),)), before,
            Message("user", (Situation("Sunday"), Text(text))),
        ),
    )  # fmt: skip
    reply = [part async for part in Offline().stream(request)][-1]
    assert isinstance(reply, ModelReply)
    assert reply.opaque is not None
    return reply.opaque.data.get("filled", {}).get(field, ASKS)


DATES = [
    ("today", "2026-11-22"),
    ("today please", "2026-11-22"),
    ("tonight", "2026-11-22"),
    ("2nite", "2026-11-22"),
    ("this evening", "2026-11-22"),
    ("tomorrow", "2026-11-23"),
    ("Tomorrow!", "2026-11-23"),
    ("tmrw", "2026-11-23"),
    ("tommorow pls", "2026-11-23"),
    ("2moro", "2026-11-23"),
    ("tomorrow, Monday", "2026-11-23"),
    ("tomorrow (Mon 23rd)", "2026-11-23"),
    ("tomorrow tuesday", ASKS),
    ("the day after tomorrow", "2026-11-24"),
    ("day after tmrw", "2026-11-24"),
    ("in 3 days", "2026-11-25"),
    ("in three days' time", "2026-11-25"),
    ("3 days from now", "2026-11-25"),
    ("in a week", "2026-11-29"),
    ("a week from today", "2026-11-29"),
    ("in two weeks", "2026-12-06"),
    ("in a fortnight", "2026-12-06"),
    ("a week tomorrow", "2026-11-30"),
    ("tomorrow week", "2026-11-30"),
    ("in a month", "2026-12-22"),
    ("in 99999 days", ASKS),
    ("friday", "2026-11-27"),
    ("Fri", "2026-11-27"),
    ("on Fri pls", "2026-11-27"),
    ("this friday", "2026-11-27"),
    ("this coming sat", "2026-11-28"),
    ("coming saturday", "2026-11-28"),
    ("satuday", "2026-11-28"),
    ("wensday", "2026-11-25"),
    ("weds works", "2026-11-25"),
    ("thurs?", "2026-11-26"),
    ("tues", "2026-11-24"),
    ("sunday", ASKS),
    ("this sunday", ASKS),
    ("next sunday", "2026-11-29"),
    ("next friday", ASKS),
    ("next Tuesday", ASKS),
    ("friday next week", ASKS),
    ("friday week", "2026-12-04"),
    ("a week on friday", "2026-12-04"),
    ("two weeks from friday", "2026-12-11"),
    ("the friday after next", ASKS),
    ("next week", ASKS),
    ("next week some time", ASKS),
    ("this weekend", ASKS),
    ("at the weekend", ASKS),
    ("next weekend", ASKS),
    ("friday or saturday", ASKS),
    ("Friday, no sorry, Saturday", "2026-11-28"),
    ("not friday, saturday", "2026-11-28"),
    ("I can't do friday but saturday is good", "2026-11-28"),
    ("after friday", ASKS),
    ("by friday", ASKS),
    ("last friday", ASKS),
    ("yesterday", ASKS),
    ("5 December", "2026-12-05"),
    ("5th december", "2026-12-05"),
    ("the 5th of December", "2026-12-05"),
    ("dec 5", "2026-12-05"),
    ("Dec. 5th", "2026-12-05"),
    ("december the fifth", "2026-12-05"),
    ("5dec", "2026-12-05"),
    ("sat 5 dec", "2026-12-05"),
    ("Saturday, December 5th, 2026", "2026-12-05"),
    ("saturday the 5th", "2026-12-05"),
    ("sat 5th", "2026-12-05"),
    ("friday 5 december", ASKS),
    ("friday the 5th", ASKS),
    ("the 5th", "2026-12-05"),
    ("on the 5th", "2026-12-05"),
    ("on the 27th pls", "2026-11-27"),
    ("the 22nd", "2026-11-22"),
    ("the 31st", "2026-12-31"),
    ("on the twenty-fourth", "2026-11-24"),
    ("the 32nd", ASKS),
    ("31 february", ASKS),
    ("30 feb", ASKS),
    ("31 November", ASKS),
    ("november 20", ASKS),
    ("5 january", "2027-01-05"),
    ("5 jan 2027", "2027-01-05"),
    ("5 dec 2025", ASKS),
    ("2026-12-05", "2026-12-05"),
    ("2026/12/05", "2026-12-05"),
    ("05.12.2026", "2026-12-05"),
    ("5/12/26", "2026-12-05"),
    ("5/12", "2026-12-05"),
    ("05/12", "2026-12-05"),
    ("5.12.", "2026-12-05"),
    ("12/25", "2026-12-25"),
    ("2026-13-05", ASKS),
    ("31/02/2027", ASKS),
    ("christmas eve", "2026-12-24"),
    ("New Year's Eve", "2026-12-31"),
    ("xmas day", "2026-12-25"),
    ("decmber 12", "2026-12-12"),
    ("whenever", ASKS),
    ("asap", ASKS),
    ("dunno", ASKS),
    ("in the sun", ASKS),
    ("wed like a quiet corner", ASKS),
    ("may i have the terrace", ASKS),
    ("you are open 24/7 right", ASKS),
    ("the first of december", "2026-12-01"),
    ("1st dec", "2026-12-01"),
    ("how about monday?", "2026-11-23"),
    ("monday evening would be great", "2026-11-23"),
    ("Mon, the 30th", "2026-11-30"),
    ("for 2 dec 5", ASKS),
]

TIMES = [
    ("7", "19:00"),
    ("7pm", "19:00"),
    ("7 pm", "19:00"),
    ("7 p.m.", "19:00"),
    ("7PM please", "19:00"),
    ("7p", "19:00"),
    ("at 7", "19:00"),
    ("around 8", "20:00"),
    ("about 8ish", "20:00"),
    ("7ish", "19:00"),
    ("sevenish", "19:00"),
    ("seven", "19:00"),
    ("8 then", "20:00"),
    ("seven thirty", "19:30"),
    ("seven-thirty pm", "19:30"),
    ("eight forty five", "20:45"),
    ("half past 6", "18:30"),
    ("half past six in the evening", "18:30"),
    ("half 7", "19:30"),
    ("quarter to 8", "19:45"),
    ("a quarter past seven", "19:15"),
    ("quarter to one", "12:45"),
    ("ten to nine", "20:50"),
    ("twenty past 8", "20:20"),
    ("7:30", "19:30"),
    ("7.30", "19:30"),
    ("7.30pm", "19:30"),
    ("730", "19:30"),
    ("7:30pm", "19:30"),
    ("7.30 p.m", "19:30"),
    ("19:00", "19:00"),
    ("19.00", "19:00"),
    ("1900", "19:00"),
    ("19h", "19:00"),
    ("19h30", "19:30"),
    ("1930h", "19:30"),
    ("1930 hours", "19:30"),
    ("at 19", "19:00"),
    ("noon", "12:00"),
    ("12 noon", "12:00"),
    ("midday", "12:00"),
    ("12", "12:00"),
    ("12:30", "12:30"),
    ("1", "13:00"),
    ("one thirty", "13:30"),
    ("2 in the afternoon", "14:00"),
    ("6 o'clock in the evening", "18:00"),
    ("six oclock", "18:00"),
    ("8 in the evening", "20:00"),
    ("8 tonight", "20:00"),
    ("10 at night", "22:00"),
    ("13:15", "13:15"),
    ("12pm", "12:00"),
    ("7-8pm", ASKS),
    ("between 7 and 8", ASKS),
    ("7 or 8", ASKS),
    ("7:15 or 7:30", ASKS),
    ("after 7", ASKS),
    ("before 8pm", ASKS),
    ("any time after 6", ASKS),
    ("by 9", ASKS),
    ("in the evening", ASKS),
    ("lunchtime", ASKS),
    ("25:00", ASKS),
    ("19:75", ASKS),
    ("13 pm or so", "13:00"),
    ("4", ASKS),
    ("10 to 8", ASKS),
    ("not 7, 8", "20:00"),
    ("7, sorry, 8", "20:00"),
    ("whenever you have space", ASKS),
    ("8pm would be perfect thanks", "20:00"),
    ("could we do 8:15?", "20:15"),
    ("let's say 9", "21:00"),
    ("at half seven", "19:30"),
    ("five past eight", "20:05"),
    ("eight pm", "20:00"),
    ("20 00", "20:00"),
]

TIMES_BOSTON = [
    ("8", ASKS),
    ("8pm", "20:00"),
    ("8am", "08:00"),
    ("8 in the morning", "08:00"),
    ("breakfast at 8", "08:00"),
    ("dinner at 8", "20:00"),
    ("6", "18:00"),
    ("11", "11:00"),
    ("07:30", "07:30"),
    ("12:30 in the afternoon", "12:30"),
    ("noon-ish", "12:00"),
    ("3", "15:00"),
]

DATES_BOSTON = [
    ("12/5", "2026-12-05"),
    ("12/5/2026", "2026-12-05"),
    ("12-5-2026", "2026-12-05"),
    ("13/12", "2026-12-13"),
    ("11/26", "2026-11-26"),
    ("11/24", ASKS),
    ("next monday", "2026-11-30"),
    ("next friday", ASKS),
    ("friday next week", "2026-12-04"),
    ("next week tuesday", "2026-12-01"),
    ("this friday", "2026-11-27"),
    ("wednesday", ASKS),
    ("tomorrow", "2026-11-26"),
    ("tonight", "2026-11-25"),
    ("Dec 5th", "2026-12-05"),
    ("in 2 weeks", "2026-12-09"),
]

DATES_TORONTO = [("12/5", ASKS), ("13/12", "2026-12-13"), ("12/12", "2026-12-12")]

NUMBERS_ASKED = [
    ("4", 4),
    ("four", 4),
    ("Four please", 4),
    ("4 people", 4),
    ("4ppl", 4),
    ("there will be five of us", 5),
    ("there's 5 of us", 5),
    ("we are 6", 6),
    ("we'll be 6", 6),
    ("a couple", 2),
    ("a dozen", 12),
    ("half a dozen", 6),
    ("just me", 1),
    ("only me", 1),
    ("me and my wife", 2),
    ("my wife and I", 2),
    ("me, my wife and two kids", 4),
    ("me and 3 friends", 4),
    ("2 adults and 2 kids", 4),
    ("2 adults, 1 child", 3),
    ("two adults + a baby", 3),
    ("my parents and me", 3),
    ("me and my kids", ASKS),
    ("just the two of us", 2),
    ("both of us", 2),
    ("party of 6", 6),
    ("a group of ten", 10),
    ("about 10", 10),
    ("4 or 5", ASKS),
    ("4-5 people", ASKS),
    ("a few", ASKS),
    ("at least 4", ASKS),
    ("0", ASKS),
    ("21", ASKS),
    ("100 people", ASKS),
    ("twelve", 12),
    ("twenty", 20),
    ("lots", ASKS),
    ("too", 2),
    ("two, sorry three", 3),
]

NUMBERS_SAID = [
    ("a table for four", 4),
    ("a table for 4 tomorrow at 7", 4),
    ("can I book for 2 tomorrow at 8pm", 2),
    ("dinner for two on 4 December", 2),
    ("table for 4 on 4 december at 4pm", 4),
    ("on the 4th at 8", ASKS),
    ("on 4 december", ASKS),
    ("at 4", ASKS),
    ("tomorrow for 7", ASKS),
    ("a table tomorrow for 7pm", ASKS),
    ("for 3 nights", ASKS),
    ("it's for 5 people", 5),
    ("reservation for 8 people at 8", 8),
    ("table for 2 for 7pm", 2),
    ("seats for 3 please, friday", 3),
    ("can you tell me, i am not sure", ASKS),
    ("a table for me and my husband", 2),
    ("2 of us are vegetarian", ASKS),
    ("tomorrow 7pm 4 people", 4),
    ("4 ppl tmrw 7pm", 4),
    ("we need a table for six, around 8", 6),
    ("party of six please", 6),
    ("room for twelve guests", 12),
    ("my number is 020 7946 0123", ASKS),
]

NAMES_ASKED = [
    ("Zoe", "Zoe"),
    ("zoe smith", "Zoe Smith"),
    ("Zoe Smith", "Zoe Smith"),
    ("my name is Zoe", "Zoe"),
    ("My name's zoe smith", "Zoe Smith"),
    ("it's Zoe", "Zoe"),
    ("I'm Zoe Smith", "Zoe Smith"),
    ("This is Zoe, thanks", "Zoe"),
    ("under Smith please", "Smith"),
    ("Smith, for 4", "Smith"),
    ("José García", "José García"),
    ("o'brien", "O'Brien"),
    ("Anne-Marie", "Anne-Marie"),
    ("Dr. Ruth Weiss", "Dr. Ruth Weiss"),
    ("李雷", "李雷"),
    ("name: zoe", "Zoe"),
    ("Will", "Will"),
    ("April May", "April May"),
    ("yes", ASKS),
    ("no", ASKS),
    ("ok", ASKS),
    ("tomorrow", ASKS),
    ("what for?", ASKS),
    ("why do you need that", ASKS),
    ("12345", ASKS),
    ("sure, it's Zoe Smith", "Zoe Smith"),
    ("Zoe Smith 020 7946 0123", "Zoe Smith"),
    ("Zoe Smith, 020 7946 0123", "Zoe Smith"),
    ("Zoe and my number is 020 7946 0123", "Zoe"),
    ("put it under Zoe", "Zoe"),
]

NAMES_SAID = [
    ("table for 2, name Zoe", "Zoe"),
    ("Book it under the name of Zoe Smith for 4 people", "Zoe Smith"),
    ("I'm looking for a table", ASKS),
    ("I'm allergic to nuts", ASKS),
    ("this is urgent", ASKS),
    ("Hi, I'm Zoe and I'd like a table for 4", "Zoe"),
    ("a table for four tomorrow at 7pm, name is Zoe, 020 7946 0123", "Zoe"),
]

PHONES = [
    ("020 7946 0123", "+442079460123"),
    ("(020) 7946 0123", "+442079460123"),
    ("+44 20 7946 0123", "+442079460123"),
    ("0044 20 7946 0123", "+442079460123"),
    ("my number is 02079460123 thanks", "+442079460123"),
    ("07700 900123", "07700900123"),
    ("call me on 020-7946-0123", "+442079460123"),
    ("+1 212 555 0123", "+12125550123"),
    ("it's +1 (212) 555-0123.", "+12125550123"),
    ("1234", ASKS),
    ("020", ASKS),
    ("no", ASKS),
    ("what do you need it for", ASKS),
    ("Zoe, 020.7946.0123", "+442079460123"),
]
PHONES_BOSTON = [
    ("212 555 0123", "+12125550123"),
    ("212-555-0123", "+12125550123"),
    ("(212) 555-0123", "+12125550123"),
    ("212.555.0123", "+12125550123"),
    ("2125550123", "+12125550123"),
    ("1 212 555 0123", "+12125550123"),
    ("555 123 4567", "5551234567"),
    ("4 people, 212 555 0123", "+12125550123"),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
async def test_dates(text: str, expected: str) -> None:
    assert await understood(text, "date", asked="date") == expected


@pytest.mark.parametrize(("text", "expected"), DATES_BOSTON)
async def test_dates_in_the_united_states(text: str, expected: str) -> None:
    assert await understood(text, "date", asked="date", business=BOSTON, now=WEDNESDAY) == expected


@pytest.mark.parametrize(("text", "expected"), DATES_TORONTO)
async def test_dates_where_both_orders_are_written(text: str, expected: str) -> None:
    value = await understood(text, "date", asked="date", business=TORONTO, now=WEDNESDAY_CA)
    assert value == expected


@pytest.mark.parametrize(("text", "expected"), TIMES)
async def test_times(text: str, expected: str) -> None:
    filled = {"party_size": 2, "date": "2026-11-27"}
    assert await understood(text, "time", asked="time", filled=filled) == expected


@pytest.mark.parametrize(("text", "expected"), TIMES_BOSTON)
async def test_times_where_both_halves_of_the_day_are_open(text: str, expected: str) -> None:
    filled = {"party_size": 2, "date": "2026-11-27"}
    value = await understood(
        text, "time", asked="time", filled=filled, business=BOSTON, now=WEDNESDAY
    )
    assert value == expected


@pytest.mark.parametrize(("text", "expected"), NUMBERS_ASKED)
async def test_numbers(text: str, expected: int | str) -> None:
    assert await understood(text, "party_size", asked="party_size") == expected


@pytest.mark.parametrize(("text", "expected"), NUMBERS_SAID)
async def test_numbers_said_in_passing(text: str, expected: int | str) -> None:
    assert await understood(text, "party_size") == expected


@pytest.mark.parametrize(("text", "expected"), NAMES_ASKED)
async def test_names(text: str, expected: str) -> None:
    filled = {"party_size": 2, "date": "2026-11-27", "time": "19:00"}
    assert await understood(text, "name", asked="name", filled=filled) == expected


@pytest.mark.parametrize(("text", "expected"), NAMES_SAID)
async def test_names_said_in_passing(text: str, expected: str) -> None:
    assert await understood(text, "name") == expected


@pytest.mark.parametrize(("text", "expected"), PHONES)
async def test_phones(text: str, expected: str) -> None:
    filled = {"party_size": 2, "date": "2026-11-27", "time": "19:00"}
    assert await understood(text, "phone", asked="phone", filled=filled) == expected


@pytest.mark.parametrize(("text", "expected"), PHONES_BOSTON)
async def test_phones_in_the_united_states(text: str, expected: str) -> None:
    value = await understood(text, "phone", asked="phone", business=BOSTON, now=WEDNESDAY)
    assert value == expected
