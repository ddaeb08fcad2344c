"""What people say, and what the offline model understands: right, or asked about, never wrong.

The phrases are data: see `offline_phrases/said`, and `offline_phrases/score.py` for a new set.
"""

import time
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from offline_phrases.score import (
    FIELDS,
    SLOTS,
    Phrase,
    Result,
    answer_all,
    phrases,
    read_all,
    readings,
    shares,
    show,
    table,
    understood,
)

from frontdesk.tools import Checker, Tool
from frontdesk_plugins.offline import phones, reader, reading
from frontdesk_plugins.offline.slots import slots_of

TODAY = date(2027, 3, 11)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COUNTS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
]  # fmt: skip
TEENS = {"twenty-one": 21, "thirty two": 32, "forty": 40}


def fits(results: list[Result]) -> None:
    """At least 95 of 100 right in every kind, and nothing taken for something else in silence."""
    print(table(results))
    assert not [show(one) for one in results if one.verdict == "wrong"]
    for kind, count in shares(results).items():
        assert count["right"] >= 0.95 * count.total(), kind


def test_the_reader_understands_what_customers_say() -> None:
    fits(read_all(phrases()))


async def test_the_model_understands_what_customers_say() -> None:
    fits(await answer_all(phrases()))


def test_no_phrase_stands_there_twice_with_two_meanings() -> None:
    seen: dict[tuple[str, str, str], object] = {}
    for phrase in phrases():
        key = (phrase.text, phrase.at, phrase.asked)
        assert seen.setdefault(key, phrase.want) == phrase.want, key


def values(field: str, text: str, *, asked: bool = True, at: str = "london") -> list[object]:
    """What the field may be. One that only an answer gives is asked for."""
    return readings(Phrase(text=text, at=at, asked=field if asked else "")).get(field, [])


def test_what_is_one_of_two_is_offered() -> None:
    """The customer gets both to choose from, not the question again."""
    assert values("date", "friday or saturday") == ["2027-03-12", "2027-03-13"]
    assert values("date", "next friday") == ["2027-03-12", "2027-03-19"]
    assert values("date", "12/5", at="toronto") == ["2026-12-05", "2027-05-12"]
    assert values("date", "tomorrow", at="night") == ["2027-03-13", "2027-03-14"]
    assert values("time", "8pm or 8:30pm") == ["20:00", "20:30"]
    assert values("time", "half seven pm", at="berlin") == ["18:30", "19:30"]
    assert values("party_size", "six or seven") == [6, 7]
    assert values("phone", "07911 123456 or 020 7946 0018") == ["+447911123456", "+442079460018"]


STAY = Tool(
    name="book_room", description="Book a room.", action="book_room",
    input_schema={
        "type": "object", "required": ["check_in", "check_out"],
        "properties": {
            name: {"type": "string", "format": "date"}
            for name in ("check_in", "check_out", "date_of_birth")
        },
    },
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "from friday to sunday",
        "from 12/3 until 14/3",
        "12/3-14/3",
        "the 12th till the 14th",
        "12/3 to 14/3",
    ],
)
def test_where_two_days_are_wanted_a_span_names_both(text: str) -> None:
    found = reader.read(text, slots_of(STAY), Phrase(text=text).context)
    assert [found[name].values for name in ("check_in", "check_out")] == [
        ("2027-03-12",),
        ("2027-03-14",),
    ]
    assert "date" not in understood(Phrase(text=text, asked="date"))


def test_two_digits_of_a_date_gone_by_may_be_of_the_last_century() -> None:
    context = Phrase(text="").context
    for text, day in (("4/7/80", "1980-07-04"), ("4/7/05", "2005-07-04")):
        found = reader.read(text, slots_of(STAY), context, "date_of_birth")
        assert found["date_of_birth"].values == (day,)


DATES = (
    "{iso}", "{day} {month} {year}", "{month} {day}, {year}", "{weekday} {day} {month} {year}",
    "{day}/{n}/{year}", "{day}.{n}.{year}", "the {nth} of {month} {year}", "{short} {nth} {year}",
    "{weekday} the {nth} of {month} {year}", "{day}-{n}-{year}", "on {nth} {month}, {year} please",
)  # fmt: skip


def nth(day: int) -> str:
    ending = "th" if 10 <= day <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


@settings(deadline=None, max_examples=200)
@given(day=st.dates(TODAY, TODAY + timedelta(days=600)), form=st.sampled_from(DATES))
def test_every_date_is_read_as_itself(day: date, form: str) -> None:
    text = form.format(
        iso=day.isoformat(), day=day.day, n=day.month, year=day.year, month=f"{day:%B}",
        short=f"{day:%b}", weekday=f"{day:%A}", nth=nth(day.day),
    )  # fmt: skip
    assert values("date", text) == [day.isoformat()], text
    assert values("date", f"a table on {text}", asked=False) == [day.isoformat()], text


@settings(deadline=None, max_examples=200)
@given(days=st.integers(1, 60), weeks=st.integers(1, 8), form=st.integers(0, 7))
def test_every_date_that_is_counted_is_read_as_itself(days: int, weeks: int, form: int) -> None:
    day = TODAY + timedelta(days=days)
    weekday = WEEKDAYS[day.weekday()]
    upcoming = TODAY + timedelta(days=(day.weekday() - TODAY.weekday() - 1) % 7 + 1)
    ahead = upcoming + timedelta(days=7 * weeks)
    text, meant = (
        (f"in {days} days", day), (f"{days} days from now", day), (f"{days} days from today", day),
        (f"in {weeks} weeks", TODAY + timedelta(days=7 * weeks)), (weekday, upcoming),
        (f"{weeks} weeks on {weekday}", ahead), (f"{weeks} weeks from {weekday}", ahead),
        (f"{weekday} week", upcoming + timedelta(days=7)),
    )[form]  # fmt: skip
    found = values("date", text)
    assert meant.isoformat() in found, text
    assert len(found) == 1 or day.weekday() == TODAY.weekday(), text


@settings(deadline=None, max_examples=300)
@given(hour=st.integers(0, 23), minute=st.integers(0, 59), form=st.integers(0, 9))
def test_every_time_is_read_as_itself(hour: int, minute: int, form: int) -> None:
    twelve, half = hour % 12 or 12, "am" if hour < 12 else "pm"
    following = (hour + 1) % 12 or 12
    dial = f"{twelve}:{minute:02}"
    to, past = 60 - minute, minute
    text = (
        f"{dial} {half}", f"at {twelve}.{minute:02}{half}", f"{dial}{half[0]}", f"{hour:02}:{minute:02}",
        dial, f"{hour:02}h{minute:02}", f"{past} minutes past {twelve}", f"{to} minutes to {following}",
        f"{dial} {half.upper()} / {hour:02}:{minute:02}", f"{hour:02}{minute:02} hours",
    )[form]  # fmt: skip
    meant = f"{hour:02}:{minute:02}"
    found = values("time", text)
    assert meant in found, (text, found)
    if half in text.lower():
        assert found == [meant], text


@settings(deadline=None, max_examples=200)
@given(size=st.sampled_from([*range(1, 21), *TEENS.values()]), form=st.integers(0, 9))
def test_every_number_of_people_is_read_as_itself(size: int, form: int) -> None:
    words = {value: word for word, value in TEENS.items()}
    word = words.get(size) or COUNTS[size]
    adults, kids = size - size // 3, size // 3
    text = (
        f"{size}", word, f"{size} people", f"{word} of us", f"party of {word}", f"we are {size}",
        f"a table for {word} please",
        f"me and {size - 1} friends" if size > 2 else "just me and a friend",
        f"{adults} adults and {kids} children" if kids > 1 else f"{size} guests",
        f"there will be {size} of us",
    )[form]  # fmt: skip
    meant = size if size > 2 or "just me" not in text else 2
    assert values("party_size", text) == [meant], text
    if form in {2, 3, 4, 5, 6, 9}:
        assert values("party_size", f"hello, {text}", asked=False) == [meant], text


@settings(deadline=None, max_examples=200)
@given(
    digits=st.from_regex(
        r"20 ?7946 ?0[0-9]{3}|161 ?496 ?0[0-9]{3}|7911 ?1[0-9]{5}", fullmatch=True
    ),
    lead=st.sampled_from(["0", "+44 ", "0044 ", "+44 (0)", "my number is 0", "mob: 0"]),
    sign=st.sampled_from([" ", "", "-", "."]),
    extension=st.sampled_from(["", "ext 5", "x501", "extension 12", "#7"]),
)
def test_every_telephone_number_is_read_as_itself(
    digits: str, lead: str, sign: str, extension: str
) -> None:
    text = f"{lead}{digits.replace(' ', sign)} {extension}".strip()
    number = "+44" + digits.replace(" ", "")
    tail = "".join(filter(str.isdigit, extension))
    assert values("phone", text) == [f"{number} ext. {tail}" if tail else number], text


@settings(deadline=None, max_examples=200)
@given(digits=st.from_regex(r"07911[0-9]{6}", fullmatch=True))
def test_a_number_may_be_dictated_digit_by_digit(digits: str) -> None:
    spoken = " ".join(COUNTS[int(digit)] if digit != "0" else "oh" for digit in digits)
    assert values("phone", spoken) == values("phone", digits), spoken


MIXED = [
    "table", "for", "two", "four", "4", "12/5", "next", "friday", "tomorrow", "at", "7", "pm",
    "or", "not", "no", "yes", "december", "the", "5th", "in", "a", "week", "on", "fortnight",
    "me", "and", "my", "wife", "kids", "name", "is", "zoe", "020", "7946", "0123", "half", "past",
    "quarter", "to", "noon", "midnight", "between", "-", ",", ".", "?", ":", "/", "+", "(", ")",
    "99999", "31", "february", "2026", "24:00", "cancel", "hi", "1e9", "\u0663", "\xb2", "\xbd",
    "\u0130", "\x00", "\u202e", "day", "after", "before", "easter", "last", "of", "month",
    "double", "oh", "ext", "x", "smith", "mr", "under", "i'm", "people", "adults",
]  # fmt: skip
WORDS = st.sampled_from(MIXED)


@settings(deadline=None, max_examples=400)
@given(
    text=st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=14).map(" ".join)),
    asked=st.sampled_from(("", *FIELDS)),
    at=st.sampled_from(("london", "boston", "toronto", "berlin", "night")),
)
@example(text="", asked="", at="london")
@example(text="\x00" * 50, asked="time", at="london")
@example(text="9" * 3000, asked="party_size", at="london")
@example(text="in 999 weeks", asked="date", at="london")
@example(text="999 weeks from friday week", asked="date", at="london")
@example(text="İ ẞ ﷽ my name is İzmir", asked="name", at="london")
@example(text="99th of the month", asked="date", at="london")
def test_any_text_is_read_and_what_is_read_fits(text: str, asked: str, at: str) -> None:
    """Never an exception, and never a day gone by."""
    phrase = Phrase(text=text, asked=asked, at=at)
    filled = understood(phrase)
    for slot in SLOTS:
        if slot.name in filled:
            assert not Checker(slot.schema).problems(filled[slot.name])
    assert filled.get("date", "9999") >= phrase.context.today.isoformat()


LONG = (
    "1 ", "12:30 ", "9", "1.2.", "two ", "half past ", "a week on ", "friday or ", "me and my wife and ",
    "2 plus ", " ", "a", "7 or ", "my name is ", "one, ", "1-", "1/", "quarter to ", "o'", "Zoe ",
    "the first friday of ", "(0", "+1 ", "oh double ", "zero ", "change it from 7 ", "under x, ",
)  # fmt: skip


@pytest.mark.parametrize("piece", LONG)
def test_no_text_takes_long_to_read(piece: str) -> None:
    """About 10 ms of work for the longest text; an expression that tracks back takes minutes."""
    text = piece * (4000 // len(piece))
    context = Phrase(text=text).context
    for asked in ("", *FIELDS):
        reader.read("warm", SLOTS, context, asked)
        before = time.thread_time()
        reader.read(text, SLOTS, context, asked)
        assert time.thread_time() - before < 0.25


def test_a_number_with_an_extension_is_shown_with_it() -> None:
    assert phones.shown("+442079460123 ext. 5", "GB") == "+44 20 7946 0123 x5"
    assert phones.shown("+12125550123 ext. 5", "US") == "+1 212-555-0123 ext. 5"


def test_slips_of_the_keyboard_are_put_right_and_other_words_are_not() -> None:
    said = "satuday or tomorow's fine, wendesday not so much, 4 poeple"
    assert reading.tidy(said) == "saturday or tomorrow's fine, wednesday not so much, 4 people"
    for text in (
        "sundae",
        "Mondal",
        "Sunay",
        "Frida",
        "monkey",
        "there",
        "right",
        "match",
        "o'Friday",
    ):
        assert reading.tidy(text) == text
    assert reading.verbatim("satuday") == "satuday"
