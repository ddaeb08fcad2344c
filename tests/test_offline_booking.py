"""Bookings with the offline model: what it asks, reads back, corrects and offers instead."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support_offline import BOOK, BOOKED, DINER, NOON, ZOE, Answer, Guest, refuse


async def test_a_booking_in_four_messages() -> None:
    guest = Guest()
    assert "name" in await guest.say("Hi, can I book a table for four tomorrow at 7pm?")
    assert "phone" in await guest.say("Zoe Smith")
    read_back = await guest.say("020 7946 0123")
    assert "4 people, Monday 23 November 2026, 19:00, Zoe Smith, +44 20 7946 0123" in read_back
    assert not guest.booked
    assert await guest.say("yes") == "You are booked."
    assert guest.booked == [ZOE]


async def test_name_and_phone_in_one_message() -> None:
    guest = Guest()
    await guest.say("can i book a table for 4 tmrw at 7")
    assert "Shall I book" in await guest.say("Zoe Smith, 020 7946 0123")
    await guest.say("yes please!")
    assert guest.booked == [ZOE]


async def test_everything_in_one_message() -> None:
    guest = Guest()
    said = await guest.say(
        "I'd like a table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123"
    )
    assert "Shall I book" in said
    await guest.say("Yes, that's right, thanks")
    assert guest.booked == [ZOE]


async def test_one_question_at_a_time_in_the_order_of_required() -> None:
    guest = Guest()
    assert "How many people" in await guest.say("I want to book a table")
    assert "date" in await guest.say("four")
    assert "time" in await guest.say("tomorrow")
    assert "name" in await guest.say("7")
    assert "phone" in await guest.say("it's Zoe Smith")
    await guest.say("020 7946 0123")
    await guest.say("ok")
    assert guest.booked == [ZOE]


async def test_an_answer_that_fits_another_field_fills_that_one() -> None:
    guest = Guest()
    await guest.say("book a table please")
    assert "How many people" in await guest.say("tomorrow at 7pm")
    assert "name" in await guest.say("4")


async def test_several_short_messages_are_read_together() -> None:
    guest = Guest()
    assert "name" in await guest.say("hi", "a table for 4 please", "tomorrow at 7pm")


@pytest.mark.parametrize("doubt", ["yes?", "I guess", "not sure", "yes no", "ok but wait", "hm"])
async def test_only_a_clear_yes_books(doubt: str) -> None:
    guest = Guest()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    await guest.say(doubt)
    assert not guest.booked


@pytest.mark.parametrize(
    ("correction", "field", "value"),
    [
        ("make it 5", "party_size", 5),
        ("no, at 8", "time", "20:00"),
        ("yes but at 8pm please", "time", "20:00"),
        ("actually there will be six of us", "party_size", 6),
        ("Tuesday instead", "date", "2026-11-24"),
        ("the name is Ann Lee", "name", "Ann Lee"),
        ("wrong number, it's 020 7946 0999", "phone", "+442079460999"),
        ("8:30 would be better", "time", "20:30"),
        ("can we do 8 instead of 7?", "time", "20:00"),
    ],
)
async def test_a_correction_is_read_back_again(correction: str, field: str, value: Any) -> None:
    guest = Guest()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    assert "Shall I book" in await guest.say(correction)
    assert not guest.booked
    await guest.say("yes")
    assert guest.booked == [ZOE | {field: value}]


async def test_no_asks_what_to_change() -> None:
    guest = Guest()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    assert "change" in await guest.say("no")
    assert "time" in await guest.say("the time")
    assert "20:00" in await guest.say("8")
    await guest.say("yes")
    assert guest.booked == [ZOE | {"time": "20:00"}]


@pytest.mark.parametrize("word", ["never mind", "stop", "cancel", "Forget it.", "no thanks"])
async def test_dropping_it(word: str) -> None:
    guest = Guest()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    await guest.say(word)
    await guest.say("yes")
    assert not guest.booked


async def test_yes_and_no_are_no_names() -> None:
    guest = Guest()
    await guest.say("a table for 4 tomorrow at 7pm")
    for word in ("yes", "no", "sure"):
        assert "name" in await guest.say(word)


async def test_a_limit_is_explained() -> None:
    guest = Guest()
    said = await guest.say("a table for 40 tomorrow at 7pm")
    assert "from 1 to 20" in said
    assert "How many people" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("book a table for 2 on 31 february", "There is no 31 February"),
        ("book a table for 2 yesterday", "already over"),
        ("book a table for 2 today at 10am", "already over"),
        ("book a table for 2 on 28 march 2027 at 1:30am", "clocks change"),
        ("book a table for 2 next friday", "27 November 2026 or Friday 4 December 2026"),
        ("book a table for 2 on friday 5 december", "not a Friday"),
        ("book a table for 2 tomorrow at 4", "04:00 or 16:00"),
    ],
)
async def test_what_cannot_be_or_is_unclear_is_asked(text: str, words: str) -> None:
    assert words in await Guest().say(text)


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("the first", "2026-11-27"), ("the second one", "2026-12-04"), ("4 December", "2026-12-04"),
        ("the 27th", "2026-11-27"), ("the later one", "2026-12-04"), ("2", "2026-12-04"),
        ("this friday", "2026-11-27"), ("dec 4th please", "2026-12-04"),
    ],
)  # fmt: skip
async def test_choosing_between_two_dates(answer: str, day: str) -> None:
    guest = Guest(BOOK)
    await guest.say("table for 4 next friday at 7pm, name is Zoe Smith, 020 7946 0123")
    assert "Shall I book" in await guest.say(answer)
    await guest.say("yes")
    assert guest.booked == [ZOE | {"date": day}]


async def test_am_or_pm_is_asked_where_both_are_open() -> None:
    guest = Guest(BOOK, business=DINER, now=NOON.astimezone(ZoneInfo("America/New_York")))
    said = await guest.say("table for 4 tomorrow at 8, name is Zoe Smith, 212 555 0123")
    assert "8:00 AM or 8:00 PM" in said
    assert "8:00 PM, Zoe Smith, +1 212-555-0123" in await guest.say("in the evening")


async def test_the_availability_is_checked_before_the_name_is_asked() -> None:
    guest = Guest()
    await guest.say("a table for 4 tomorrow at 7pm")
    assert guest.made("check_availability") == [
        {"party_size": 4, "date": "2026-11-23", "time": "19:00"}
    ]


def only_at(*walls: str) -> Answer:
    def answer(arguments: dict[str, Any]) -> dict[str, Any]:
        labels = [{"date": "2026-11-23", "time": wall, "slot_id": wall, "label": f"Monday, {wall}"}
                  for wall in walls]  # fmt: skip
        free = arguments["time"] in walls
        return {"available": free, "alternatives": [] if free else labels}

    return answer


@pytest.mark.parametrize(
    ("answer", "wall"),
    [
        ("the second one", "20:30"), ("2", "20:30"), ("18:30", "18:30"), ("the first", "18:30"),
        ("8.30 then", "20:30"), ("9 then", "21:00"), ("half six", "18:30"), ("the last", "21:00"),
        ("the latest", "21:00"), ("option 1 please", "18:30"), ("yes, 9pm", "21:00"),
    ],
)  # fmt: skip
async def test_picking_an_alternative(answer: str, wall: str) -> None:
    guest = Guest(answers={"check_availability": only_at("18:30", "20:30", "21:00")})
    said = await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    assert "1. Monday, 18:30" in said
    await guest.say(answer)
    await guest.say("yes")
    assert guest.booked == [ZOE | {"time": wall}]


async def test_another_time_than_the_alternatives() -> None:
    guest = Guest(answers={"check_availability": only_at("18:30", "20:30")})
    await guest.say("table for 4 tomorrow at 7pm")
    assert "1. Monday, 18:30" in await guest.say("what about 8?")
    assert "Which other date or time" in await guest.say("none of these")
    assert "name" in await guest.say("18:30")


async def test_a_booking_that_fails_offers_alternatives() -> None:
    failure = {"message": "That table has just gone.", "alternatives": [
        {"date": "2026-11-23", "time": "20:30", "label": "20:30"}]}  # fmt: skip
    guest = Guest(answers={"create_booking": refuse(failure)})
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    said = await guest.say("yes")
    assert "That table has just gone." in said
    assert "1. 20:30" in said
    guest.answers["create_booking"] = lambda arguments: BOOKED
    assert "Shall I book" in await guest.say("yes")
    assert await guest.say("yes") == "You are booked."


async def test_a_problem_with_a_field_opens_it_again() -> None:
    guest = Guest(answers={"create_booking": refuse("/phone: is not a number that exists")})
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    said = await guest.say("yes")
    assert "Is not a number that exists." in said
    assert "phone number" in said
    guest.answers["create_booking"] = lambda arguments: BOOKED
    await guest.say("020 7946 0999")
    await guest.say("yes")
    assert guest.booked[-1]["phone"] == "+442079460999"


async def test_a_failure_without_reason_claims_nothing() -> None:
    guest = Guest(answers={"create_booking": refuse("")})
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    said = await guest.say("yes")
    assert "did not work" in said
    assert "booked" not in said
