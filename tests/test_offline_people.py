"""The offline model and people, several wishes at once, and what the profile and searches know."""

import msgspec
import pytest
from support_offline import BOOK, FIG, RESTAURANT, Guest, tool
from test_offline_wishes import TEXT, booked, guest_of

ESCALATE = tool(
    "escalate", "Gets help.", "I want to talk to a human", "get me the manager", "a real person please",
    reason={"type": "string", "enum": ["asked", "complaint"], "default": "asked"},
    summary_={"type": "string"},
)  # fmt: skip
MESSAGE = tool(
    "take_message", "Takes a message for the team.", "can I leave a message?",
    text={"type": "string", "maxLength": 200}, name={"type": "string"},
)  # fmt: skip


def guest_with_people() -> Guest:
    guest = guest_of(BOOK, ESCALATE, MESSAGE)
    guest.answers["escalate"] = lambda _: {"message": "Nobody is here. May I take a message?"}
    guest.answers["take_message"] = lambda _: {"message": "I pass it on."}
    return guest


@pytest.mark.parametrize(
    "text",
    ["can I speak to a person?", "human", "I'd like to talk to somebody", "no more bots please",
     "connect me with your manager"],
)  # fmt: skip
async def test_a_person_is_fetched_by_the_tool_that_says_so(text: str) -> None:
    guest = guest_with_people()
    await guest.say(text)
    assert guest.made("escalate") == [{"reason": "asked", "summary": text}]


async def test_a_complaint_is_told_as_such() -> None:
    guest = guest_with_people()
    await guest.say("I have a complaint, get me the manager")
    assert guest.made("escalate")[0]["reason"] == "complaint"


async def test_when_nobody_comes_a_yes_leaves_a_message() -> None:
    guest = guest_with_people()
    assert "May I take a message?" in await guest.say("I want to talk to a human")
    assert await guest.say("yes please") == "What is your message?"
    assert "your name" in await guest.say("Please ring me, it is about a wedding.")
    assert await guest.say("Ann Lee") == "I pass it on."
    assert guest.made("take_message") == [
        {"text": "Please ring me, it is about a wedding.", "name": "Ann Lee"}
    ]  # fmt: skip


async def test_a_message_in_one_go() -> None:
    guest = guest_with_people()
    text = "tell the chef that the soup was great"
    assert "your name" in await guest.say(text)
    await guest.say("Bob")
    assert guest.made("take_message") == [{"text": text, "name": "Bob"}]


async def test_a_person_in_the_middle_of_a_booking() -> None:
    guest = guest_with_people()
    await guest.say("table for four tomorrow at 7pm")
    await guest.say("let me talk to a human")
    assert guest.made("escalate")
    assert not guest.booked


async def test_without_such_a_tool_there_is_the_telephone() -> None:
    said = await guest_of(BOOK).say("I want to talk to a human")
    assert "+44 20 7946 0000" in said
    assert "cannot pass you" in said


async def test_three_misses_in_a_task_offer_a_person_and_keep_the_task() -> None:
    guest = guest_with_people()
    await guest.say("table for four tomorrow at 7pm, name is Zoe Smith")
    for _ in range(2):
        assert "telephone number with its area code" in await guest.say("bla bla bla bla")
    assert "Shall I get a person" in await guest.say("bla bla bla bla")
    assert "phone number" in await guest.say("no")
    assert "Shall I book" in await guest.say("020 7946 0123")


# ---- several wishes at once ------------------------------------------------------------------


async def test_a_question_and_a_wish_in_one_message() -> None:
    guest = guest_of(*RESTAURANT)
    said = await guest.say("book a table for 4 tomorrow at 7pm, and do you have parking?")
    assert said.startswith("There is free parking behind the house.")
    assert said.endswith("What name shall I put it under?")


async def test_two_wishes_one_after_the_other() -> None:
    guest = await booked(*RESTAURANT)
    guest.answers["cancel_booking"] = lambda arguments: {"message": "It is cancelled."}
    guest.answers["get_hours"] = lambda arguments: {"message": "12 to 23."}
    said = await guest.say("cancel my booking and when are you open on friday?")
    assert said.startswith("12 to 23.")
    assert "Shall I cancel the booking" in said
    assert await guest.say("yes") == "It is cancelled."


async def test_after_the_first_task_comes_the_second() -> None:
    guest = await booked()
    said = await guest.say("cancel my booking and book a table for 2 on friday at 8pm")
    assert "Shall I cancel the booking" in said
    said = await guest.say("yes")
    assert said.startswith("It is cancelled.")
    assert "Shall I book: 2 people, Friday 27 November 2026, 20:00, Zoe Smith" in said


@pytest.mark.parametrize(
    "text",
    ["a table for me and my wife tomorrow at 7", "a table for 4, tomorrow, and at 7 if possible",
     "Hi! I'd like a table for 4. Tomorrow at 7pm."],
)  # fmt: skip
async def test_one_wish_stays_one(text: str) -> None:
    guest = guest_of(BOOK)
    assert "What name" in await guest.say(text)


# ---- what the profile and the searches know --------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [("corkage", "USD 25"), ("vegan", "third of our menu"), ("parking?", "free parking"),
     ("are there vegan dishes", "third of our menu"), ("dogs", "Dogs are welcome")],
)  # fmt: skip
async def test_a_word_is_enough_for_a_fact(text: str, words: str) -> None:
    facts = FIG.facts | {"corkage": "USD 25 a bottle"}
    guest = guest_of(BOOK, business=msgspec.structs.replace(FIG, facts=facts))
    assert words in await guest.say(text)


FAQ = tool("search_faq", "Searches the answers.", "do you take cards?", query=TEXT)
MENU = tool("search_menu", "Searches the dishes.", "do you have soup?", query=TEXT)


async def test_one_search_after_the_other_until_one_knows() -> None:
    guest = guest_of(BOOK, FAQ, MENU)
    guest.answers["search_menu"] = lambda _: {"items": [], "message": "No such dish."}
    guest.answers["search_faq"] = lambda _: {"found": True, "message": "Yes, wifi is free."}
    assert await guest.say("do you have wifi?") == "Yes, wifi is free."
    guest.answers["search_faq"] = lambda _: {"found": False, "results": [], "message": "Unknown."}
    assert await guest.say("do you have a piano?") in {"No such dish.", "Unknown."}
    assert await guest.say("blorp") == (
        "Sorry, I did not understand that. Could you put it in other words?"
    )
    assert guest.made("search_menu")[-1] == {"query": "blorp"}


async def test_and_on_another_day() -> None:
    guest = guest_of(*RESTAURANT)
    guest.answers["get_hours"] = lambda arguments: {"message": f"On {arguments['date']}."}
    await guest.say("are you open on friday?")
    assert await guest.say("and on saturday?") == "On 2026-11-28."
