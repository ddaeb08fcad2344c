"""What is free and what it costs: only what can be booked is offered."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support_stays import (
    HOTEL,
    MONDAY,
    QUEEN,
    arrive,
    book,
    hotel,
    nights,
    rows,
    with_stays,
)

from frontdesk import ActionError


async def test_what_is_free_with_its_total(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        found = await guest.run("search_rooms", **MONDAY)
        assert found["available"]
        assert [(one["room_type"], one["free"], one["total"]) for one in found["room_types"]] == [
            ("queen", 2, 20000),
            ("family", 1, 40000),
        ]  # fmt: skip  an accessible room is offered last to who does not ask for one
        assert found["message"] == (
            "Free from Mon 23 Nov to Wed 25 Nov, taxes and fees included: Queen room: £200.00 in "
            "total (£100.00 a night); Family room: £400.00 in total (£200.00 a night)."
        )
        wish = MONDAY | {"accessible": True}
        assert [
            one["room_type"] for one in (await guest.run("search_rooms", **wish))["room_types"]
        ] == ["easy"]
        many = await guest.run("search_rooms", **MONDAY | {"adults": 4})
        assert [one["room_type"] for one in many["room_types"]] == ["family"]
        pets = await guest.run("search_rooms", **MONDAY, pet=True)
        assert [(one["room_type"], one["total"]) for one in pets["room_types"]] == [
            ("family", 42500)
        ]


async def test_sold_out_offers_the_nearest_dates_and_other_rooms(tmp_path: Path) -> None:
    async with hotel(tmp_path, with_stays(rooms=HOTEL.settings["stays"]["rooms"][:1])) as desk:
        one, guest = await arrive(desk), await arrive(desk)
        await book(one, rooms=2)
        found = await guest.run("search_rooms", **MONDAY)
        assert not found["available"]
        assert found["message"] == "Nothing that fits is free from Mon 23 Nov to Wed 25 Nov."
        assert [(other["check_in"], other["check_out"]) for other in found["alternatives"]] == [
            (f"2026-11-{day}", f"2026-11-{day + 2}") for day in (25, 26, 27, 28)
        ]
        label = found["alternatives"][0]["label"]
        assert label == "Wed 25 Nov - Fri 27 Nov, Queen room: £200.00 in total (£100.00 a night)"
        failed = await guest.refusal("book_room", **QUEEN)
        assert failed.data["alternatives"] == found["alternatives"]


async def test_the_length_is_blamed_only_where_it_is_the_length(tmp_path: Path) -> None:
    week = {"from": "2026-11-20", "to": "2026-12-20", "types": ["queen"], "min_nights": 4}
    some = HOTEL.settings["stays"]["rooms"][:2]
    long = {"check_in": "2026-11-23", "check_out": "2026-11-27"}
    async with hotel(tmp_path, with_stays(rooms=some, seasons=[week])) as desk:
        guest = await arrive(desk)
        await book(await arrive(desk), room_type="family")
        failed = await guest.refusal("search_rooms", **MONDAY)  # queens are free, for longer
        assert failed.message.endswith("Wed 25 Nov has to be at least 4 nights.")
        assert failed.data == {"needs": "check_out"}
        await book(await arrive(desk), **long, rooms=2)
        found = await guest.run("search_rooms", **MONDAY)  # now they are not
        assert found["message"] == "Nothing that fits is free from Mon 23 Nov to Wed 25 Nov."
        assert found["alternatives"][0]["room_type"] == "family"


async def test_another_room_of_the_same_dates_comes_first(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        await book(await arrive(desk), rooms=2)
        guest = await arrive(desk)
        failed = await guest.refusal("book_room", **QUEEN)
        assert failed.data["needs"] == "room_type"
        assert [one["value"] for one in failed.data["options"]] == ["family"]
        assert failed.message.startswith("Queen room is not free from Mon 23 Nov to Wed 25 Nov.")
        await book(guest, room_type="family")
        last = await arrive(desk)  # now the accessible one is the last
        found = await last.run("search_rooms", **MONDAY)
        assert [one["room_type"] for one in found["room_types"]] == ["easy"]


async def test_a_quote_has_every_night_and_the_terms(tmp_path: Path) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        wish: dict[str, Any] = {"check_in": "2026-11-26", "check_out": "2026-11-29", "adults": 2}
        quote = await guest.run("rate_quote", **wish, room_type="Queen room")
        assert quote["nightly"] == [10000, 12000, 12000]
        assert quote["message"] == (
            "Queen room from Thu 26 Nov to Sun 29 Nov (3 nights), Flexible: £340.00 in total, "
            "taxes and fees included (£100.00 + £120.00 + £120.00). Cancelling is free until Wed "
            "25 Nov, 18:00, after that it costs £100.00."
        )
        saver = await guest.run("rate_quote", **wish, room_type="queen", rate_plan="saver")
        assert (saver["total"], saver["nightly"]) == (30600, [9000, 10800, 10800])
        assert "Not refundable: cancelling costs the whole price, £306.00." in saver["message"]
        five = {"adults": 2, "children_ages": [9, 4, 1]}
        family = await guest.run("rate_quote", **wish | five)  # the only one that fits
        assert (family["room_type"], family["nightly"]) == ("family", [23000, 27000, 27000])


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"check_in": "2026-11-21"}, "Sat 21 Nov is past; today is Sun 22 Nov."),
        ({"check_out": "2026-11-23"}, "The departure has to be after the arrival."),
        ({"check_out": "2026-11-20"}, "The departure has to be after the arrival."),
        ({"check_out": "9999-12-31"}, "At most 28 nights"),
        ({"check_in": "9999-12-30", "check_out": "9999-12-31"}, "up to Mon 27 Dec 2027"),
        ({"check_in": "2026-12-29", "check_out": "2026-12-31"}, "at least 3 nights"),
        ({"rooms": 5}, "Up to 4 rooms can be booked here"),
        ({"rooms": 3}, "There has to be an adult in every room."),
        ({"adults": 9}, "No room of ours fits that in 1 room."),
        ({"pet": True}, "Queen room does not fit for that party or wish. These do: Family room."),
        ({"room_type": "palace"}, "There is no palace."),
        ({"rate_plan": "free"}, "There is no free. There are: Flexible, Saver."),
        ({"phone": "call me"}, "telephone"),
        ({"name": " "}, "A name is needed."),
    ],
)  # fmt: skip
async def test_what_cannot_be(tmp_path: Path, wish: Any, said: str) -> None:
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        failed = await guest.refusal("book_room", **QUEEN | wish)
        assert said.lower() in failed.message.lower()
        with pytest.raises(ActionError):
            await guest.propose("book_room", "p", **QUEEN | wish)
        assert (await rows(desk), await nights(desk)) == ([], [])


async def test_today_until_an_hour_and_from_a_day(tmp_path: Path) -> None:
    today = {"check_in": "2026-11-22", "check_out": "2026-11-23"}
    async with hotel(tmp_path) as desk:
        guest = await arrive(desk)
        desk.set_time(datetime(2026, 11, 22, 19, 59, tzinfo=UTC))
        assert (await guest.run("search_rooms", **MONDAY | today))["available"]
        desk.set_time(datetime(2026, 11, 22, 20, 0, tzinfo=UTC))
        failed = await guest.refusal("search_rooms", **MONDAY | today)
        assert failed.message.startswith("For today it is too late")
        await desk.add_business(with_stays(lead=2))
        guest = await arrive(desk)
        failed = await guest.refusal("search_rooms", **MONDAY)
        assert "Tue 24 Nov" in failed.message


async def test_closed_rooms_are_not_sold(tmp_path: Path) -> None:
    closed = [
        {"from": "2026-11-24", "to": "2026-11-24", "types": ["queen"], "rooms": 1},
        {"from": "2026-11-25", "to": "2026-11-30"},
    ]
    async with hotel(tmp_path, with_stays(closed=closed)) as desk:
        guest = await arrive(desk)
        found = await guest.run("search_rooms", **MONDAY)
        assert {one["room_type"]: one["free"] for one in found["room_types"]}["queen"] == 1
        wish = MONDAY | {"check_out": "2026-11-26"}
        assert not (await guest.run("search_rooms", **wish))["available"]
        await book(guest)
        failed = await (await arrive(desk)).refusal("book_room", **QUEEN)
        assert failed.data["needs"] == "room_type"
