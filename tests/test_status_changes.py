"""Whose conversation it is: every change of hands alone, and what time changes."""

from contextlib import suppress

import pytest
from support_hands import HOUR, B, changed, desk_on

from frontdesk import status
from frontdesk.errors import StatusError, UnknownConversationError
from frontdesk.events import CustomerSaid, StaffSaid, StatusChanged
from frontdesk.reads import read_events


async def test_a_change_tells_where_it_came_from(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        (stored,) = await status.queue(*desk.at)
        assert stored.event == StatusChanged("queued", before="bot")


async def test_asked_for_accepted_answered_and_handed_back(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await desk.write("a person, please")
        await desk.answer()
        queued = await status.queue(*desk.at, "asked for a person")
        assert changed(queued) == StatusChanged("queued", "asked for a person")
        assert not (await desk.write("anyone there?")).lease
        accepted = await status.accept(*desk.at, "ana", "Ana")
        assert changed(accepted) == StatusChanged("human", "", "ana", "Ana")
        (said,) = await status.say(*desk.at, "ana", "Ana here.")
        assert isinstance(said.event, StaffSaid)
        assert (said.event.text, said.event.agent_name) == ("Ana here.", "Ana")
        back = await status.hand_back(*desk.at, "ana", reason="all told")
        assert changed(back) == StatusChanged("bot", "all told", "ana", "Ana")
        row = await desk.row()
        assert (row["status"], row["agent"], row["owner_epoch"]) == ("bot", "", 3)
        assert await desk.begin() is None  # Ana answered it all


async def test_what_came_after_the_last_word_of_staff_is_the_assistants(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await desk.write("one")
        await status.take_over(*desk.at, "ana", "Ana")
        await status.say(*desk.at, "ana", "Yes?")
        last = await desk.write("two")
        await status.hand_back(*desk.at, "ana")
        turn = await desk.begin()
        assert turn is not None
        assert [seq for seq, _ in turn.asked()] == [last.seq]


async def test_without_a_word_of_staff_the_assistant_answers_it_all(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        first = await desk.write("one")
        await status.take_over(*desk.at, "ana")
        second = await desk.write("two")
        await status.hand_back(*desk.at, "ana")
        turn = await desk.begin()
        assert turn is not None
        assert [seq for seq, _ in turn.asked()] == [first.seq, second.seq]


async def test_who_does_not_have_it_is_told_who_does(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.queue(*desk.at)
        await status.accept(*desk.at, "ana", "Ana")
        assert await status.accept(*desk.at, "ana", "Ana") == []  # pressed twice
        before = await desk.row()
        for attempt in (
            status.accept(*desk.at, "ben", "Ben"),
            status.take_over(*desk.at, "ben", "Ben"),
            status.hand_back(*desk.at, "ben"),
            status.hand_back(*desk.at),
            status.snooze(*desk.at, "ben"),
            status.resolve(*desk.at, "ben"),
            status.say(*desk.at, "ben", "me too"),
        ):
            with pytest.raises(StatusError) as caught:
                await attempt
            assert (caught.value.status, caught.value.agent, caught.value.agent_name) == (
                "human", "ana", "Ana",
            )  # fmt: skip
        assert await desk.row() == before


async def test_a_snoozed_conversation_wakes_with_whom_it_was(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.take_over(*desk.at, "ana", "Ana")
        await status.snooze(*desk.at, "ana")
        with pytest.raises(StatusError, match="snoozed, with Ana"):
            await status.say(*desk.at, "ana", "too early")
        assert changed(await status.reopen(*desk.at)) == StatusChanged(
            "human", "the customer wrote", "ana", "Ana"
        )
        assert await status.reopen(*desk.at) == []
        await status.hand_back(*desk.at, "ana")
        await status.queue(*desk.at)
        await status.snooze(*desk.at, "ana", reason="next week")
        assert changed(await status.reopen(*desk.at)).status == "queued"
        assert (await desk.row())["agent"] == ""


async def test_a_resolved_conversation_goes_on_with_the_assistant(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await desk.write("old")
        await status.take_over(*desk.at, "ana", "Ana")
        await status.resolve(*desk.at, "ana", reason="done")
        assert await status.resolve(*desk.at) == []
        assert changed(await status.reopen(*desk.at)).status == "bot"
        assert await desk.begin() is None  # what was resolved is not answered any more
        new = await desk.write("new")
        turn = await desk.begin()
        assert turn is not None
        assert [seq for seq, _ in turn.asked()] == [new.seq]


async def test_a_message_wakes_what_it_is_written_to(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.resolve(*desk.at)
        receipt = await desk.write("still there?")
        assert receipt.lease
        assert [item.event.__class__ for item in receipt.stored] == [CustomerSaid, StatusChanged]
        await status.take_over(*desk.at, "ana", "Ana")
        await status.snooze(*desk.at, "ana")
        receipt = await desk.write("hello, Ana")
        assert not receipt.lease
        assert await desk.hands() == [
            ("resolved", "", ""), ("bot", "", ""), ("human", "ana", "Ana"),
            ("snoozed", "ana", "Ana"), ("human", "ana", "Ana"),
        ]  # fmt: skip
        assert (await desk.row())["agent"] == "ana"


async def test_no_other_business_gets_in(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        await status.queue(*desk.at)
        before, theirs = await desk.row(), (desk.database, "other", desk.id)
        for attempt in (
            status.accept(*theirs, "eve"),
            status.hand_back(*theirs),
            status.resolve(*theirs),
            status.reopen(*theirs),
            status.notice(*theirs, "boo"),
            status.say(*theirs, "eve", "boo"),
            status.queue(desk.database, B, "no-such-one"),
        ):
            with pytest.raises(UnknownConversationError):
                await attempt
        assert await desk.row() == before
        assert await status.continued(desk.database, "other", desk.contact, "web", 0) is None


async def test_a_change_that_fails_outside_is_undone_with_it(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        with suppress(ZeroDivisionError):
            async with desk.database.transaction():
                assert await status.queue(*desk.at)
                assert await status.notice(*desk.at, "One moment.")
                raise ZeroDivisionError
        assert (await desk.row())["owner_epoch"] == 0
        assert await read_events(desk.database, desk.id, 0) == []


# ---- time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "hands", "hours"), [("web", 0, 2), ("sms", 0, 72), ("web", 1, 24), ("sms", 1, 24)]
)
async def test_what_is_idle_is_resolved(
    database_url: str, channel: str, hands: int, hours: int
) -> None:
    async with desk_on(database_url, channel) as desk:
        await desk.write()
        if hands:
            await status.take_over(*desk.at, "ana", "Ana")
        else:
            await desk.answer()
        idle = (await desk.row())["updated"] + hours * HOUR
        assert await status.resolve_idle(desk.database, idle) == []
        ((conversation, stored),) = await status.resolve_idle(desk.database, idle + 1)
        owner = ("ana", "Ana") if hands else ("", "")
        assert conversation == desk.id
        assert changed(stored) == StatusChanged("resolved", "idle", *owner)
        assert await status.resolve_idle(desk.database, idle + 1) == []


async def test_who_waits_for_an_answer_is_not_resolved_away(database_url: str) -> None:
    async with desk_on(database_url) as desk:
        late = (await desk.row())["updated"] + 1000 * HOUR
        await desk.write()
        assert await status.resolve_idle(desk.database, late) == []
        await status.queue(*desk.at)
        assert await status.resolve_idle(desk.database, late) == []


async def test_a_week_after_its_end_a_conversation_is_not_gone_on_with(database_url: str) -> None:
    async with desk_on(database_url, "sms") as desk:
        whose = (desk.database, B, desk.contact, "sms")
        assert await status.continued(*whose, 2 << 50) == desk.id
        await status.resolve(*desk.at)
        ended = (await desk.row())["updated"]
        assert await status.continued(*whose, ended + 7 * 24 * HOUR - 1) == desk.id
        assert await status.continued(*whose, ended + 7 * 24 * HOUR) is None
        assert await status.continued(desk.database, B, desk.contact, "web", ended) is None
