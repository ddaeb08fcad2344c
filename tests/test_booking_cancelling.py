"""Cancelling, by the policy that held when it was booked; and what may follow a status."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_booking import ADA, MONDAY, SALON, Caller, bookings, with_rules
from test_booking import BELLA
from test_booking_changes import claims, only

from frontdesk import ActionError
from frontdesk_plugins.booking import bookings as rows
from frontdesk_plugins.booking.ledger import Row


async def test_cancelling_in_time_is_free_and_told_plainly(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        ada = await Caller.arrive(desk)
        reference = (await ada.book())["reference"]
        shown = await ada.propose("cancel_booking", "p", reference=reference)
        assert shown["message"] == (
            f"Cancel booking {reference}: Table for 2 on Mon, Nov 23, 7:00 PM"
        )
        done = await ada.run("cancel_booking", "p", reference=reference, reason="ill")
        assert done["message"] == f"Cancelled: Mon, Nov 23, 7:00 PM, reference {reference}."
        assert ada.commitments() == {reference: ("cancelled",)}
        row = await only(desk)
        assert (row["status"], row["cancelled_by"], row["reason"], row["sequence"]) == (
            "cancelled", "customer", "ill", 1,
        )  # fmt: skip
        assert await claims(desk) == []
        again = await ada.run("cancel_booking", reference=reference)
        assert again["message"] == "That booking was cancelled before."
        moved = await ada.refusal("reschedule_booking", reference=reference, time="20:00")
        assert moved.message == "That booking is cancelled. A new one can be made."
        assert (await only(desk))["sequence"] == 1


async def test_after_the_deadline_the_team_decides(tmp_path: Path) -> None:
    strict = with_rules(BELLA, policy={"cancel_until": 24 * 60})
    async with bookings(tmp_path, strict) as desk:
        ada = await Caller.arrive(desk)
        reference = (await ada.book())["reference"]
        starts = datetime(2026, 11, 24, tzinfo=UTC)
        desk.set_time(starts - timedelta(days=1) + timedelta(seconds=1))
        for action, wish in (("cancel_booking", {}), ("reschedule_booking", {"time": "20:00"})):
            failed = await ada.refusal(action, reference=reference, **wish)
            assert failed.message == (
                "Changes are free until 1 day before the start; after that the team decides. "
                "A person can help with it."
            )
            assert failed.data["needs_person"]
        # The policy that held when it was made counts, not the one of today.
        await desk.add_business(BELLA)
        assert (await ada.refusal("cancel_booking", reference=reference)).data["needs_person"]
        desk.set_time(starts - timedelta(days=1))
        assert (await ada.run("cancel_booking", reference=reference))["status"] == "cancelled"


async def test_a_late_fee_needs_consent(database_url: str, tmp_path: Path) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        ada = await Caller.arrive(desk, SALON)
        colour: dict[str, Any] = {"party": 1, "service": "colour"}
        reference = (await ada.book("10:00", **colour))["reference"]
        failed = await ada.refusal("cancel_booking", reference=reference)
        assert failed.message == (
            "It is less than 2 days before the start, so cancelling costs €25.00. "
            "It is only done if you agree to that."
        )
        assert (failed.data["fee"], failed.data["needs_consent"]) == (2500, True)
        with pytest.raises(ActionError):  # a yes to some other proposal is no consent
            await ada.run("cancel_booking", "another", reference=reference)
        assert (await only(desk))["status"] == "pending"
        shown = await ada.propose("cancel_booking", "p", reference=reference)
        assert shown["message"].endswith(". The cancellation fee is €25.00.")
        assert shown["fee"] == 2500
        done = await ada.run("cancel_booking", "p", reference=reference)
        assert done["message"].endswith(". The cancellation fee is €25.00.")
        assert (await only(desk))["fee"] == 2500


async def test_a_fee_that_was_not_read_out_is_not_taken(tmp_path: Path) -> None:
    """The yes came after the deadline had passed."""
    shop = with_rules(BELLA, policy={"cancel_until": 60, "fee": 1000})
    async with bookings(tmp_path, shop) as desk:
        ada = await Caller.arrive(desk)
        reference = (await ada.book())["reference"]
        starts = datetime(2026, 11, 24, tzinfo=UTC)
        desk.set_time(starts - timedelta(minutes=61))
        assert "fee" not in await ada.propose("cancel_booking", "p", reference=reference)
        desk.set_time(starts - timedelta(minutes=59))
        with pytest.raises(ActionError, match=r"costs \$10.00"):
            await ada.run("cancel_booking", "p", reference=reference)
        done = await ada.run("cancel_booking", reference=reference, accept_fee=True)
        assert done["fee"] == 1000


# ---- statuses --------------------------------------------------------------------------------


async def test_a_service_may_need_approval(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk, SALON)
        colour: dict[str, Any] = {"party": 1, "service": "colour"}
        asked = await ada.book("10:00", **colour)
        assert asked["status"] == "pending"
        assert asked["message"].startswith("Requested: Colour on Mon, Nov 23, 10:00 AM with Ana, ")
        assert asked["message"].endswith("It counts once the team has confirmed it.")
        assert ada.commitments() == {"hold": (), asked["reference"]: ()}  # not booked
        assert await ada.free("10:00", party=1, service="colour") == []
        row = await rows.change_status(
            desk.desk.database, await only(desk), "confirmed", desk.desk.now(SALON)
        )
        assert row is not None
        found = await ada.run("lookup_booking")
        assert found["bookings"][0]["status"] == "confirmed"
        assert ada.commitments() == {asked["reference"]: ("booked",)}


@pytest.mark.parametrize(
    ("path", "allowed", "frees"),
    [
        (["arrived", "completed"], True, False),
        (["no_show"], True, True),
        (["cancelled"], True, True),
        (["completed"], True, False),
        (["pending"], False, False),
        (["arrived", "cancelled"], False, False),
        (["cancelled", "confirmed"], False, True),
        (["no_show", "arrived"], False, True),
    ],
)
async def test_what_may_follow_a_status(
    tmp_path: Path, path: list[str], allowed: bool, frees: bool
) -> None:
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk)
        await ada.book()
        done: Row | None = None
        for status in path:
            done = await rows.change_status(
                desk.desk.database, await only(desk), status, desk.desk.now(BELLA)
            )
        assert (done is not None) == allowed
        assert (await claims(desk) == []) == frees


async def test_a_change_that_was_read_too_long_ago_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with bookings(tmp_path, url=database_url) as desk:
        ada = await Caller.arrive(desk)
        await ada.book()
        old, now = await only(desk), desk.desk.now(BELLA)
        assert await rows.change_status(desk.desk.database, old, "arrived", now)
        assert await rows.change_status(desk.desk.database, old, "no_show", now) is None


async def test_who_stayed_away_too_often_needs_approval(tmp_path: Path) -> None:
    shop = with_rules(BELLA, policy={"no_shows": 1})
    async with bookings(tmp_path, shop) as desk:
        ada, bob = await Caller.arrive(desk), await Caller.arrive(desk)
        await ada.book()
        await rows.change_status(
            desk.desk.database, await only(desk), "no_show", desk.desk.now(BELLA)
        )
        assert (await ada.book("20:00"))["status"] == "pending"
        assert (await bob.book("20:00"))["status"] == "confirmed"


async def test_the_email_and_the_claims_about_the_contact_are_kept(tmp_path: Path) -> None:
    async with bookings(tmp_path) as desk:
        ada = await Caller.arrive(desk)
        await ada.book(email=" ada@example.com ")
        assert ada.patch["contact"] == {
            "name": ADA["name"], "phone": "+12125550199", "email": "ada@example.com",
        }  # fmt: skip
        row = await only(desk)
        assert (row["email"], row["channel"]) == ("ada@example.com", "web")
        assert msgspec.json.decode(row["policy"])["moves"] == 2
        assert MONDAY in row["wall"]
