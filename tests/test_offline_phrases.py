"""What people say, and what the offline model understands: right, or asked again, never wrong."""

import asyncio
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from frontdesk.business import Business, Hours
from frontdesk.model import Message, ModelReply, ModelRequest, Opaque, Situation, Text
from frontdesk.tools import Checker, Tool
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
    ("Could we come this Saturday evening?", "2026-11-28"),
    ("the 12th of next month", ASKS),
    ("how about the 3rd", "2026-12-03"),
    ("Sat the twenty eighth", "2026-11-28"),
    ("sat 28", "2026-11-28"),
    ("28 nov", "2026-11-28"),
    ("28.11", "2026-11-28"),
    ("28.11.26", "2026-11-28"),
    ("28-11", "2026-11-28"),
    ("28/11/2026 please", "2026-11-28"),
    ("a week on saturday", "2026-12-05"),
    ("saturday in two weeks", ASKS),
    ("two weeks on saturday", "2026-12-12"),
    ("Tuesday after next", ASKS),
    ("the first friday of december", ASKS),
    ("first week of december", ASKS),
    ("Wednesday next", ASKS),
    ("either thurs or fri", ASKS),
    ("fri 27th nov pls", "2026-11-27"),
    ("mon or tue", ASKS),
    ("tommorrow night", "2026-11-23"),
    ("tomorrow lunch", "2026-11-23"),
    ("today is fine", "2026-11-22"),
    ("later today", "2026-11-22"),
    ("right now", ASKS),
    ("any day but friday", ASKS),
    ("not tomorrow", ASKS),
    ("the day after christmas", ASKS),
    ("Dec 5 or 6", ASKS),
    ("5th or 6th of december", ASKS),
    ("this thursday coming", "2026-11-26"),
    ("thursday this week", "2026-11-26"),
    ("saturday the 28th of november at 7", "2026-11-28"),
    ("make it sunday the 29th", "2026-11-29"),
    ("one week from tomorrow", "2026-11-30"),
    ("10 days from now", "2026-12-02"),
    ("in ten days", "2026-12-02"),
    ("end of november", ASKS),
    ("mid december", ASKS),
    ("dec twelfth", "2026-12-12"),
    ("twelfth of december", "2026-12-12"),
    ("Thanksgiving", ASKS),
    ("my birthday", ASKS),
    ("same day as last time", ASKS),
    ("23rd", "2026-11-23"),
    ("monday 23 nov", "2026-11-23"),
    ("29 feb 2027", ASKS),
    ("29/2/28", "2028-02-29"),
    ("1/1", "2027-01-01"),
    ("1 jan", "2027-01-01"),
    ("new years day", "2027-01-01"),
    ("11/22/2026", "2026-11-22"),
    ("22/11", "2026-11-22"),
    ("0/12", ASKS),
    ("Friday 13th", ASKS),
    ("Sunday week", ASKS),
    ("lets do tuesday", "2026-11-24"),
    ("Wed 25", "2026-11-25"),
    ("wed the 2nd of dec", "2026-12-02"),
    ("tuesday 1/12", "2026-12-01"),
    ("1.12.2026", "2026-12-01"),
    ("Dec 1st, 2026", "2026-12-01"),
    ("the 1st", "2026-12-01"),
    ("first of the month", ASKS),
    ("saturday night", "2026-11-28"),
    ("Fri or Sat whichever", ASKS),
    ("tomorrow or the day after", ASKS),
    ("the day after", ASKS),
    ("not this friday, the next one", ASKS),
    ("two days from now", "2026-11-24"),
    ("in 10 days time", "2026-12-02"),
    ("7 days from today", "2026-11-29"),
    ("thursday next week", ASKS),
    ("this thurs", "2026-11-26"),
    ("upcoming wednesday", "2026-11-25"),
    ("sunday 29th", "2026-11-29"),
    ("29th november sunday", "2026-11-29"),
    ("today at lunch", "2026-11-22"),
    ("tmrw evening", "2026-11-23"),
    ("2mrw", "2026-11-23"),
    ("dec fifth", "2026-12-05"),
    ("25th", "2026-11-25"),
    ("the 25th of this month", "2026-11-25"),
    ("xmas", "2026-12-25"),
    ("between christmas and new year", ASKS),
    ("early december", ASKS),
    ("5th of next month", ASKS),
    ("a fortnight on saturday", "2026-12-12"),
    ("in a couple of days", "2026-11-24"),
    ("Monday is my day off so Tuesday", ASKS),
    ("any weekday", ASKS),
    ("it's for my wife's birthday on december 9", "2026-12-09"),
    ("Nov 31", ASKS),
    ("2/30", ASKS),
    ("30/2", ASKS),
    ("5-12-2026", "2026-12-05"),
    ("12.5.2027", "2027-05-12"),
    ("Dec 2026", ASKS),
    ("friday morning", "2026-11-27"),
    ("first thing monday", "2026-11-23"),
    ("end of the week", ASKS),
    ("anytime next week", ASKS),
    ("from the 5th", "2026-12-05"),
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
    ("seven o clock", "19:00"),
    ("7 oclock pls", "19:00"),
    ("at seven in the evening", "19:00"),
    ("19 uhr", "19:00"),
    ("7.15", "19:15"),
    ("7-15", ASKS),
    ("quarter past 7", "19:15"),
    ("quater past 7", ASKS),
    ("half 8 ish", "20:30"),
    ("8:30ish", "20:30"),
    ("around half eight", "20:30"),
    ("approx 8.30", "20:30"),
    ("six thirty pm", "18:30"),
    ("six-thirty", "18:30"),
    ("6:30 in the evening", "18:30"),
    ("20:30h", "20:30"),
    ("2030", "20:30"),
    ("20.30 Uhr", "20:30"),
    ("9pm latest", ASKS),
    ("no later than 8", ASKS),
    ("8 o'clock sharp", "20:00"),
    ("eight", "20:00"),
    ("eight-ish", "20:00"),
    ("8 if possible, otherwise 9", ASKS),
    ("7pm or 8pm", ASKS),
    ("either 7 or 7.30", ASKS),
    ("8 would be best", "20:00"),
    ("lunch at 1", "13:00"),
    ("1pm", "13:00"),
    ("1:15pm", "13:15"),
    ("twelve thirty", "12:30"),
    ("half twelve", "12:30"),
    ("midnight", "00:00"),
    ("same time", ASKS),
    ("early evening", ASKS),
    ("dinner time", ASKS),
    ("first thing", ASKS),
    ("not too late", ASKS),
    ("sometime around 8", "20:00"),
    ("for 8", "20:00"),
    ("could you do 7 instead?", "19:00"),
    ("i'd prefer 7", "19:00"),
    ("7 works", "19:00"),
    ("ten past 8pm", "20:10"),
    ("twenty to nine", "20:40"),
    ("five to nine", "20:55"),
    ("nine", "21:00"),
    ("ok 9", "21:00"),
    ("make it 21:15", "21:15"),
    ("9 15", "21:15"),
    ("915", "21:15"),
    ("9.15pm", "21:15"),
    ("8 pm for 3 hours", "20:00"),
    ("8pm on the dot", "20:00"),
    ("3 of us at 8", "20:00"),
    ("19:30 - 21:30", ASKS),
    ("from 7 till 9", ASKS),
    ("8,30", ASKS),
    ("around 8, maybe 8.30", ASKS),
    ("4pm", "16:00"),
    ("24:00", ASKS),
    ("12 am", "00:00"),
    ("19.30 please", "19:30"),
    ("half past seven pm", "19:30"),
    ("7 30", "19:30"),
    ("7:30 for 8", "19:30"),
    ("seven fifteen", "19:15"),
    ("a quarter to nine", "20:45"),
    ("quarter of eight", "19:45"),
    ("twenty-five past seven", "19:25"),
    ("18h", "18:00"),
    ("1800", "18:00"),
    ("6pm ish", "18:00"),
    ("6:30PM", "18:30"),
    ("6.30 PM", "18:30"),
    ("at six in the evening", "18:00"),
    ("dinner at nine", "21:00"),
    ("eight o clock in the evening", "20:00"),
    ("8ish or 9ish", ASKS),
    ("7pm sharp!", "19:00"),
    ("any time between 7 and 9", ASKS),
    ("not before 8", ASKS),
    ("8 at the latest", ASKS),
    ("as early as possible", ASKS),
    ("later", ASKS),
    ("around noon", "12:00"),
    ("just after 8", ASKS),
    ("one o'clock", "13:00"),
    ("1300", "13:00"),
    ("13h15", "13:15"),
    ("2", "14:00"),
    ("2:15", "14:15"),
    ("half one", "13:30"),
    ("the usual time", ASKS),
    ("we can do 8", "20:00"),
    ("8 sounds good", "20:00"),
    ("8 or so", "20:00"),
    ("eight fifteen pm", "20:15"),
    ("20:0", ASKS),
    ("6 to 6.30", ASKS),
    ("ten", "22:00"),
    ("10", "22:00"),
    ("at ten thirty", "22:30"),
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
    ("it'll be the 3 of us", 3),
    ("three of us", 3),
    ("5 adults 2 children", 7),
    ("me plus one", 2),
    ("me + 2", 3),
    ("myself and two colleagues", 3),
    ("my husband, our son and me", 3),
    ("me and my girlfriend", 2),
    ("we're a party of 8", 8),
    ("8 in total", 8),
    ("total 9", 9),
    ("10ish", 10),
    ("10 or so", 10),
    ("maybe 6", 6),
    ("6 I think", 6),
    ("6, possibly 7", ASKS),
    ("six to eight", ASKS),
    ("up to 10", ASKS),
    ("more than 10", ASKS),
    ("no more than 6", ASKS),
    ("five adults and a high chair", 5),
    ("2 + 2 kids", 4),
    ("2 couples", ASKS),
    ("family of four", 4),
    ("4 pax", 4),
    ("4 guests", 4),
    ("one", 1),
    ("1", 1),
    ("alone", 1),
    ("by myself", 1),
    ("us two", 2),
    ("a pair", ASKS),
    ("fifteen people", 15),
    ("twenty one", ASKS),
    ("around a dozen", 12),
    ("IV", ASKS),
    ("-3", ASKS),
    ("3.5", ASKS),
    ("for 3", 3),
    ("3 please, and a dog", 3),
    ("four adults, three kids and a baby", 8),
    ("a party of about twelve", 12),
    ("not sure yet", ASKS),
    ("8 people at 7pm", 8),
    ("it's 4 people on the 5th", 4),
    ("same as before", ASKS),
    ("6 of us", 6),
    ("just 2", 2),
    ("2 adults & 3 children", 5),
    ("me, my mum and my dad", 3),
    ("my wife, my son and I", 3),
    ("her and me", ASKS),
    ("4, maybe 5", ASKS),
    ("either 4 or 6", ASKS),
    ("5 including me", 5),
    ("there'll be 7", 7),
    ("we will be nine people", 9),
    ("ten persons", 10),
    ("a table of 8", 8),
    ("three", 3),
    ("3 pls", 3),
    ("2x", 2),
    ("couple", ASKS),
    ("me and four mates", 5),
    ("four plus a baby", 5),
    ("4 + baby", ASKS),
    ("only two of us", 2),
    ("15", 15),
    ("a party of eighteen", 18),
    ("one person", 1),
    ("all 6 of us", 6),
    ("not 4 but 5", 5),
    ("3 now, maybe 4 later", ASKS),
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
    ("we would like a table on friday for four people at eight", 4),
    ("hi, 2 for tomorrow 8pm", 2),
    ("tomorrow at 7, 4 of us", 4),
    ("is there space for 6 on saturday", 6),
    ("friday 8pm x4", ASKS),
    ("can u do 3 at 7:30", ASKS),
    ("dinner 5 december 4 people", 4),
    ("table 4 tonight", 4),
    ("7pm for 7", 7),
    ("friday for 2", ASKS),
    ("friday for 2 at 8", 2),
    ("me and 5 others saturday", 6),
    ("lunch for me and my mum on tuesday", 2),
    ("a booking for the 4th for 3 people", 3),
    ("we need 2 tables", ASKS),
    ("my 3 kids and I", 4),
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
    ("the name is Bond, James Bond", "Bond"),
    ("Bond", "Bond"),
    ("smith", "Smith"),
    ("Mrs Smith", "Mrs Smith"),
    ("Zoe (phone 020 7946 0123)", "Zoe"),
    ("zoe, 02079460123", "Zoe"),
    ("you can put it under Zoe Smith", "Zoe Smith"),
    ("ok its zoe", "Zoe"),
    ("Grace", "Grace"),
    ("Mark Day", "Mark Day"),
    ("jean-luc picard", "Jean-Luc Picard"),
    ("Zoe please", "Zoe"),
    ("not telling you", ASKS),
    ("is that necessary?", ASKS),
    ("Zoe Smith, thanks!", "Zoe Smith"),
    ("van der Berg", "van der Berg"),
    ("Søren Ångström", "Søren Ångström"),
    ("Zoe S.", "Zoe S"),
    ("my first name is Zoe", "Zoe"),
    ("name's Zoe", "Zoe"),
    ("ZOE SMITH", "ZOE SMITH"),
    ("Hello, Zoe here", "Zoe"),
    ("Zoe speaking", "Zoe"),
    ("none", ASKS),
    ("yep", ASKS),
    ("nope", ASKS),
    ("sure", ASKS),
    ("7pm", ASKS),
    ("4", ASKS),
    ("Zoe and Tom", "Zoe"),
    ("hmm", ASKS),
    ("haha", ASKS),
    ("wait", ASKS),
    ("yes, Zoe", "Zoe"),
    ("no problem, it's Zoe Smith", "Zoe Smith"),
    ("Its for Emma", "Emma"),
    ("emma w", "Emma W"),
    ("Emma Watson-Lee", "Emma Watson-Lee"),
    ("the name's O'Hara", "O'Hara"),
    ("put Emma", "Emma"),
    ("under the name Emma please", "Emma"),
    ("Emma, my number is 07911 123456", "Emma"),
    ("MARIA", "MARIA"),
    ("María José Carreño Quiñones", "María José Carreño Quiñones"),
    ("Mr. Tanaka", "Mr. Tanaka"),
    ("just Emma", "Emma"),
    ("Emma :)", "Emma"),
    ("you already have it", ASKS),
    ("do you need it?", ASKS),
    ("none of your business", ASKS),
    ("i'd rather not", ASKS),
    ("skip", ASKS),
    ("Emma and Tom Reed", "Emma"),
    ("It is Reed", "Reed"),
    ("reed, r-e-e-d", "Reed"),
    ("Emma Reed (for 4 people)", "Emma Reed"),
    ("call me Em", "Em"),
    ("emma@x.org", ASKS),
    ("Who wants to know", ASKS),
    ("thanks", ASKS),
    ("Emma.", "Emma"),
    ("Ng", "Ng"),
    ("Al", "Al"),
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


# The whole of a first message: people, day, time, name, phone; None is what has to be asked.
SENTENCES: list[tuple[str, tuple[int | None, str | None, str | None, str | None, str | None]]] = [
    (
        "Hi! Table for 6 this Friday at half seven please, name's Tom Baker",
        (6, "2026-11-27", "19:30", "Tom Baker", None),
    ),
    ("2 ppl 2moro 8pm", (2, "2026-11-23", "20:00", None, None)),
    (
        "could i get a table for me and my boyfriend on thursday around 7:30ish",
        (2, "2026-11-26", "19:30", None, None),
    ),
    (
        "Dinner for 5, 28th November, 8.30pm, 07911 123456",
        (5, "2026-11-28", "20:30", None, "+447911123456"),
    ),
    (
        "We'd like to come for lunch on Tuesday, there'll be 3 of us, about 1",
        (3, "2026-11-24", "13:00", None, None),
    ),
    ("I need a table 4 tonight, four people, 9pm", (4, "2026-11-22", "21:00", None, None)),
    ("Book for 12/12 at 12:30 for 12", (12, "2026-12-12", "12:30", None, None)),
    ("Reservation for 7 at 7 on the 7th of December", (7, "2026-12-07", "19:00", None, None)),
    (
        "my parents are visiting, need a table for 4 on sat 28 nov 19:00",
        (4, "2026-11-28", "19:00", None, None),
    ),
    (
        "Table tomorrow. 4 people. 7pm. 020 7946 0123",
        (4, "2026-11-23", "19:00", None, "+442079460123"),
    ),
    (
        "is it possible to book for christmas eve, 8 guests, 18:30",
        (8, "2026-12-24", "18:30", None, None),
    ),
    (
        "for two people, wednesday 25th, quarter past eight in the evening",
        (2, "2026-11-25", "20:15", None, None),
    ),
    ("booking for Smith, party of 3, friday 6pm", (3, "2026-11-27", "18:00", None, None)),
    (
        "we are a group of 10 and want to come on 5 December at noon",
        (10, "2026-12-05", "12:00", None, None),
    ),
    (
        "hello, i'm Maria, can you do 6 people friday lunch 12.30?",
        (6, "2026-11-27", "12:30", "Maria", None),
    ),
    ("need table 4ppl sat 8", (4, "2026-11-28", None, None, None)),
    ("19:00 on 2026-11-30 for 2 under the name Lee", (2, "2026-11-30", "19:00", "Lee", None)),
    (
        "My name is Anna Bell and I want to reserve for 3 adults and 2 kids tomorrow at six thirty",
        (5, "2026-11-23", "18:30", "Anna Bell", None),
    ),
    (
        "Tomorrow night for 2 at 9 please. Call me on 07911 123456",
        (2, "2026-11-23", "21:00", None, "+447911123456"),
    ),
    ("can i book 7:45 for 4 this thurs", (4, "2026-11-26", "19:45", None, None)),
    (
        "i want to celebrate my 40th birthday on the 5th with 15 friends at 8",
        (None, "2026-12-05", "20:00", None, None),
    ),
    ("table for 2 at 7, or 7:30, tomorrow", (2, "2026-11-23", None, None, None)),
    (
        "Could 4 of us come in on Monday at 8 instead of Tuesday?",
        (4, "2026-11-23", "20:00", None, None),
    ),
    (
        "we're staying at 12 High Street, table for 2 tomorrow at 8",
        (2, "2026-11-23", None, None, None),
    ),
    ("2 adults + 1 infant, 29/11, 12.30", (3, "2026-11-29", "12:30", None, None)),
    ("table for six next monday 7", (6, None, None, None, None)),
    ("book us in for 8 on friday", (None, "2026-11-27", None, None, None)),
    ("for 3 at 7 in 2 days", (3, "2026-11-24", "19:00", None, None)),
    (
        "a quiet table for two for our 2nd anniversary on Saturday at eight",
        (2, "2026-11-28", "20:00", None, None),
    ),
    ("4 people, 1 in a wheelchair, tomorrow 7pm", (4, "2026-11-23", "19:00", None, None)),
    ("room for 2 in an hour?", (2, "2026-11-22", "13:00", None, None)),
    ("hi its Ben, tbl 4 2 tmrw 8pm", (None, "2026-11-23", "20:00", None, None)),
    ("Tisch fuer vier", (None, None, None, None, None)),
]
FIELDS = ("party_size", "date", "time", "name", "phone")


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
async def test_sentences(text: str, expected: tuple[Any, ...]) -> None:
    values = [await understood(text, field) for field in FIELDS]
    assert values == [ASKS if value is None else value for value in expected]


WORDS = st.sampled_from(
    [
        "table",
        "for",
        "two",
        "four",
        "4",
        "12/5",
        "next",
        "friday",
        "tomorrow",
        "at",
        "7",
        "pm",
        "or",
        "not",
        "no",
        "yes",
        "december",
        "the",
        "5th",
        "in",
        "a",
        "week",
        "me",
        "and",
        "my",
        "wife",
        "kids",
        "name",
        "is",
        "zoe",
        "020",
        "7946",
        "0123",
        "half",
        "past",
        "quarter",
        "to",
        "noon",
        "-",
        ",",
        ".",
        "?",
        ":",
        "/",
        "+",
        "99999",
        "31",
        "february",
        "2026",
        "24:00",
        "cancel",
        "stop",
        "hi",
        "book",
        "1e9",
        "٣",
        "²",
        "½",
        "İ",
        "\x00",
        "\u202e",
    ]
)


@settings(deadline=None, max_examples=150)
@given(
    text=st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=14).map(" ".join)),
    asked=st.sampled_from(("", *FIELDS)),
)
@example(text="", asked="")
@example(text="\x00" * 50, asked="time")
@example(text="9" * 3000, asked="party_size")
@example(text="in 999 weeks", asked="date")
@example(text="İ ẞ ﷽ my name is İzmir", asked="name")
def test_any_text_is_answered_and_what_is_filled_fits(text: str, asked: str) -> None:
    """Never an exception; what is filled always fits the schema."""
    filled = asyncio.run(everything(text, asked))
    properties = BOOK.input_schema["properties"]
    for field, value in filled.items():
        assert not Checker(properties[field]).problems(value)
    assert filled.get("date", "2026-11-22") >= "2026-11-22"


async def everything(text: str, asked: str) -> dict[str, Any]:
    values = {field: await understood(text, field, asked=asked) for field in FIELDS}
    return {field: value for field, value in values.items() if value != ASKS}


@settings(deadline=None, max_examples=100)
@given(day=st.dates(date(2026, 11, 23), date(2027, 10, 1)), form=st.integers(0, 5))
def test_every_date_is_read_back_as_itself(day: date, form: int) -> None:
    month = f"{day:%B}"
    text = (
        day.isoformat(), f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}",
        f"{day:%A} {day.day} {month} {day.year}", f"{day.day}/{day.month}/{day.year}",
        f"the {day.day}. of {month[:3]} {day.year}".replace(". ", "th "),
    )[form]  # fmt: skip
    assert asyncio.run(understood(text, "date", asked="date")) == day.isoformat()


@settings(deadline=None, max_examples=100)
@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_every_exact_time_is_read_as_itself(hour: int, minute: int) -> None:
    twelve, half = hour % 12 or 12, "am" if hour < 12 else "pm"
    forms = [f"{twelve}:{minute:02} {half}", f"at {twelve}.{minute:02}{half}"]
    # From 10 to 12 an hour in figures may be meant on a dial.
    forms += [f"{hour:02}:{minute:02}"] if not 10 <= hour <= 12 else []
    for text in forms:
        filled = {"party_size": 2, "date": "2026-11-27"}
        value = asyncio.run(understood(text, "time", asked="time", filled=filled))
        assert value == f"{hour:02}:{minute:02}"
