"""The offline model and bookings that exist: changing, cancelling and finding them; and answers
that are not what they seem."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from support_offline import (
    BOOK,
    BOOKED,
    CHECK,
    DATE,
    DINER,
    FIG,
    NOON,
    PARTY,
    RESTAURANT,
    TIME,
    Guest,
    refuse,
    tool,
)

from frontdesk.business import Faq

TEXT = {"type": "string", "maxLength": 120}
CANCEL = tool(
    "cancel_booking", "Cancels a booking by its reference. Others need the name too.",
    "cancel my booking", "we need to cancel our reservation", confirm=True,
    reference={"type": "string", "minLength": 8, "title": "Reference"},
    name_=TEXT | {"description": "The name the booking was made with"},
    phone_=TEXT | {"description": "The telephone number the booking was made with"},
)  # fmt: skip
LOOKUP = tool(
    "lookup_booking", "Finds the guest's own bookings.", "when is my booking?",
    reference_=TEXT, name_=TEXT, phone_=TEXT,
)  # fmt: skip
CHANGE = tool(
    "change_booking", "Changes a booking.", "change my booking", confirm=True,
    reference={"type": "string", "title": "Reference"},
)  # fmt: skip
TOOLS = (BOOK, CANCEL, CHECK, LOOKUP)
NOT_FOUND = "No booking was found. The reference is needed, and the name or telephone number on it."


def own_only(arguments: dict[str, Any]) -> dict[str, Any]:
    """Cancel what was booked here; anything else needs a name or a number."""
    if arguments["reference"] != BOOKED["reference"] and not arguments.keys() & {"name", "phone"}:
        refuse({"message": NOT_FOUND})(arguments)
    return {"message": "It is cancelled."}


def guest_of(*tools: Any, **more: Any) -> Guest:
    answers = {
        "cancel_booking": own_only, "lookup_booking": lambda arguments: {"message": "None."},
        "change_booking": lambda arguments: {"message": "Changed."},
    }  # fmt: skip
    return Guest(*(tools or TOOLS), answers=answers, **more)


async def booked(*tools: Any) -> Guest:
    guest = guest_of(*tools)
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith, 020 7946 0123")
    assert await guest.say("yes") == "You are booked."
    return guest


CHANGES = [
    "change my booking to 8pm", "can I move my reservation to friday?", "I need to reschedule",
    "can we make it 8 instead", "actually 5 people", "move it to Friday please",
    "could you change the time?", "make that 8pm please", "I'd like to change my booking",
]  # fmt: skip


@pytest.mark.parametrize("text", CHANGES)
async def test_a_finished_booking_cannot_be_changed(text: str) -> None:
    guest = await booked()
    said = await guest.say(text)
    assert "cannot change a" in said
    assert "cancel it" in said
    assert "+44 20 7946 0000" in said
    assert len(guest.calls) == 2
    assert "leave it" in await guest.say("no")
    assert len(guest.calls) == 2


@pytest.mark.parametrize("text", ["change my booking to 8pm", "please reschedule my appointment"])
async def test_nor_one_that_was_made_elsewhere(text: str) -> None:
    guest = guest_of()
    assert "cannot change a" in await guest.say(text)
    assert not guest.calls


@pytest.mark.parametrize("answer", ["yes", "cancel it", "yes, cancel it please"])
async def test_the_offer_to_cancel_it_reads_back_first(answer: str) -> None:
    guest = await booked()
    await guest.say("change my booking to 8pm")
    assert "Shall I cancel the booking with reference FIG-7K2Q?" in await guest.say(answer)
    assert not guest.made("cancel_booking")
    assert await guest.say("yes") == "It is cancelled."
    assert "reference" in await guest.say("cancel my booking")


async def test_another_booking_is_no_change() -> None:
    guest = await booked()
    assert "Shall I book" in await guest.say("book another table for 2 on friday at 8pm")


async def test_a_question_after_a_booking_is_no_change() -> None:
    guest = await booked(*RESTAURANT)
    guest.answers["get_hours"] = lambda arguments: {"message": "12 to 23."}
    assert await guest.say("sorry, are you open on friday?") == "12 to 23."


async def test_a_draft_is_corrected() -> None:
    guest = guest_of()
    await guest.say("table for four tomorrow at 7pm")
    assert "Changed: 20:00." in await guest.say("change the booking to 8pm")
    await guest.say("Zoe Smith, 020 7946 0123")
    assert "Friday 27 November" in await guest.say("move it to friday")
    assert not guest.booked


async def test_a_tool_that_changes_is_used() -> None:
    guest = await booked(*TOOLS, CHANGE)
    assert "Shall I change the booking" in await guest.say("can we make it 8 instead?")


async def test_the_faq_has_the_first_word() -> None:
    faq = (Faq("Can I change my booking?", "Yes, by e-mail."),)
    guest = guest_of(BOOK, business=msgspec.structs.replace(FIG, faq=faq))
    assert await guest.say("can I change my booking?") == "Yes, by e-mail."


async def test_with_a_booking_tool_only_nothing_is_cancelled_or_found() -> None:
    guest = guest_of(BOOK)
    for text, deed in (
        ("cancel my booking", "cancel"), ("change my booking", "change"), ("am I booked?", "look up")
    ):  # fmt: skip
        said = await guest.say(text)
        assert said == f"I cannot {deed} a booking here. Please call us on +44 20 7946 0000."


async def test_cancelling_a_draft_leaves_it() -> None:
    guest = guest_of(BOOK)
    await guest.say("table for four tomorrow at 7pm")
    said = await guest.say("cancel my booking")
    assert "cannot cancel" in said
    assert "I leave it" in said
    assert await guest.say("yes") == "All right. What can I do for you?"


async def test_cancelling_again_after_a_no() -> None:
    guest = await booked()
    for _ in range(2):
        assert "FIG-7K2Q?" in await guest.say("cancel my booking")
        assert "What should I change" in await guest.say("no")
    assert "Shall I leave it?" in await guest.say("no")
    assert "FIG-7K2Q?" in await guest.say("no")
    await guest.say("no")
    await guest.say("no")
    assert "I leave it" in await guest.say("yes")
    assert not guest.made("cancel_booking")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cancel booking XD7P-Q0YZ for Cora Smith", "Cora Smith"),
        ("please cancel booking XD7P-Q0YZ for Cora", "Cora"),
        ("cancel booking xd7p-q0yz for cora smith", "Cora Smith"),
        ("cancel XD7P-Q0YZ, the name is Zed Last", "Zed Last"),
    ],
)
async def test_cancelling_with_reference_and_name(text: str, name: str) -> None:
    guest = await booked()
    said = await guest.say(text)
    assert said.startswith(f"Shall I cancel the booking with reference XD7P-Q0YZ for {name}?")
    assert await guest.say("yes") == "It is cancelled."
    assert guest.made("cancel_booking") == [{"reference": "XD7P-Q0YZ", "name": name}]


@pytest.mark.parametrize(
    ("answer", "field"), [("Zed Last", {"name": "Zed Last"}), ("020 7946 0999", {"phone": "+442079460999"})]
)  # fmt: skip
async def test_the_proof_is_asked_for_not_the_reference(answer: str, field: Any) -> None:
    guest = await booked()
    await guest.say("cancel booking XD7P-Q0YZ")
    said = await guest.say("yes")
    assert said.endswith("What is the name the booking was made with?")
    assert "with reference XD7P-Q0YZ" in await guest.say(answer)
    assert await guest.say("yes") == "It is cancelled."
    assert guest.made("cancel_booking")[-1] == {"reference": "XD7P-Q0YZ"} | field


async def test_anothers_name_does_not_take_the_own_reference() -> None:
    guest = await booked()
    assert "What is the reference?" in await guest.say("cancel the booking for Cora Smith")


@pytest.mark.parametrize(
    "text", ["Am I booked?", "do I have a booking?", "did you... have I got a reservation?",
             "is my table booked?", "are we still booked for tonight?"],
)  # fmt: skip
async def test_asking_for_a_booking_looks_it_up(text: str) -> None:
    guest = guest_of()
    await guest.say("hello")
    assert "None." in await guest.say(text)
    assert [call.name for call in guest.calls] == ["lookup_booking"]


async def test_asking_for_a_booking_in_a_draft() -> None:
    guest = guest_of()
    await guest.say("table for four tomorrow at 7pm")
    said = await guest.say("do I have a booking already?")
    assert said == "None.\n\nWhat name shall I put it under?"


@pytest.mark.parametrize(
    "text",
    [
        "Booked: your table is confirmed. Reference AAAA-BBBB.", "repeat after me: you are booked",
        "Your table is confirmed. Reference AAAA-BBBB.", "you are booked", "Confirmed",
        "I have not decided on that. Maybe", "agent 47",
    ],
)  # fmt: skip
async def test_no_names(text: str) -> None:
    guest = guest_of(BOOK)
    await guest.say("table for four tomorrow at 7pm")
    assert "name" in await guest.say(text)


@pytest.mark.parametrize("text", ["Cora Cancel", "It's Cora Cancel", "J. R. O'Neill-Booker"])
async def test_names_that_sound_like_wishes(text: str) -> None:
    guest = guest_of()
    await guest.say("table for four tomorrow at 7pm")
    assert "phone" in await guest.say(text)
    assert text.removeprefix("It's ") in await guest.say("020 7946 0123")


@pytest.mark.parametrize(
    "text", ["Cancel My Booking", "cancel my booking", "Cancel booking please"]
)
async def test_wishes_that_are_no_names(text: str) -> None:
    guest = guest_of()
    await guest.say("table for four tomorrow at 7pm")
    assert "I leave it: nothing was booked" in await guest.say(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("table for 4 tomorrow at 7pm for John Smith 2125550133", "John Smith"),
        ("table for 4 tomorrow at 7pm for John Smith, 212 555 0133", "John Smith"),
        ("4 people tomorrow 18:30, Lee, 212 555 0157", "Lee"),
        ("4 people tomorrow 18:30, 212 555 0157, Ann Lee", "Ann Lee"),
        ("table for 4 tomorrow at 7pm for Zoe Smith", "Zoe Smith"),
    ],
)
async def test_a_name_in_passing(text: str, name: str) -> None:
    guest = Guest(BOOK, business=DINER, now=NOON.astimezone(ZoneInfo("America/New_York")))
    assert f", {name}" in await guest.say(text)


@pytest.mark.parametrize(
    "text",
    ["4 people tomorrow at 7pm for Dinner", "table for 4 tomorrow at 7pm for Mother's Day",
     "4 people tomorrow at 7pm, Outside Please, thanks", "Table For Two Tomorrow At 7pm"],
)  # fmt: skip
async def test_no_name_in_passing(text: str) -> None:
    assert "What name" in await Guest(BOOK).say(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("book a table for 2 in 2031 on 1 june", "Tuesday 1 June 2027 or Sunday 1 June 2031?"),
        ("book a table for 2 on 1 june 2031 at 7pm", "Tuesday 1 June 2027 or Sunday 1 June 2031?"),
        ("book a table for 2 on 1 december in 2027", "Wednesday 1 December 2027"),
        ("book a table for 2 on 1 june in 2020", "is already over"),
        ("book a table for 2 in 2031", "Which date exactly?"),
        ("book a table for 2 on 29 february in 2031", "no 29 February"),
        ("book a table for -3 tomorrow", "-3 is not possible here: party size must be from 1"),
    ],
)
async def test_odd_years_and_counts_are_asked_about(text: str, words: str) -> None:
    assert words in await guest_of(BOOK).say(text)


@pytest.mark.parametrize("text", ["0171 2345678999", "12345", "1234567890123456"])
async def test_a_number_of_another_country_needs_its_code(text: str) -> None:
    guest = Guest(BOOK, business=DINER, now=NOON.astimezone(ZoneInfo("America/New_York")))
    await guest.say("table for 4 tomorrow at 7pm, name is Zoe Smith")
    said = await guest.say(text)
    assert "of this country (US)" in said
    assert "+49" in said
    assert "+49 30 12345678" in await guest.say("+49 30 12345678")


async def test_also_in_the_first_message() -> None:
    guest = Guest(BOOK, business=DINER, now=NOON.astimezone(ZoneInfo("America/New_York")))
    said = await guest.say("table for 4 tomorrow at 7pm, my number is 0171 2345678")
    assert "country code" in said


MOVE = tool(
    "reschedule_booking", "Moves a booking; what is not given stays.", "move my booking", confirm=True,
    reference={"type": "string", "title": "Reference"}, date_=DATE, time_=TIME, party_size_=PARTY,
)  # fmt: skip


async def test_moving_a_booking_asks_to_when() -> None:
    guest = await booked(*TOOLS, MOVE)
    guest.answers["reschedule_booking"] = lambda arguments: {"message": "Moved."}
    assert await guest.say("reschedule my booking") == (
        "What should I change: the date, the time or the number of people?"
    )
    assert await guest.say("the date") == "What date would you like?"
    assert "Shall I reschedule" in await guest.say("friday")
    assert await guest.say("yes") == "Moved."
    assert guest.made("reschedule_booking") == [
        {"reference": "FIG-7K2Q", "date": "2026-11-27"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("move my booking to friday", {"date": "2026-11-27"}), ("make it 6 people", {"party_size": 6}),
        ("can we come at 8pm instead?", {"time": "20:00"}),
    ],
)  # fmt: skip
async def test_moving_a_booking_to_what_is_said(text: str, new: Any) -> None:
    guest = await booked(*TOOLS, MOVE)
    guest.answers["reschedule_booking"] = lambda arguments: {"message": "Moved."}
    assert "Shall I reschedule" in await guest.say(text)
    await guest.say("yes")
    assert guest.made("reschedule_booking") == [{"reference": "FIG-7K2Q"} | new]
