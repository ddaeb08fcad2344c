"""Nights and their prices: every sum, every season, every clock."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support_stays import HOTEL, with_stays

from frontdesk import Business
from frontdesk_plugins.stays import prices
from frontdesk_plugins.stays.nights import free_units
from frontdesk_plugins.stays.prices import Party
from frontdesk_plugins.stays.rules import (
    WEEKDAYS,
    Closed,
    RatePlan,
    RoomType,
    Season,
    StayRules,
    rules_of,
)

FIRST = date(2026, 11, 22)
RULES = rules_of(HOTEL)
QUEEN, FAMILY, _ = RULES.rooms
FLEX, SAVER = RULES.plans

days = st.integers(0, 400).map(lambda n: FIRST + timedelta(days=n))
percents = st.integers(-90, 500)


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    first = draw(days)
    return Season(
        first=first,
        last=first + timedelta(days=draw(st.integers(0, 60))),
        weekdays=tuple(draw(st.sets(st.sampled_from(WEEKDAYS)))),
        types=draw(st.sampled_from([(), ("a",), ("b",)])),
        percent=draw(st.none() | percents),
        prices=draw(st.sampled_from([{}, {"a": 0}, {"a": 12345}, {"b": 999}])),
        min_nights=draw(st.integers(0, 9)),
    )


@st.composite
def hotels(draw: st.DrawFn) -> StayRules:
    def room(name: str) -> RoomType:
        return RoomType(
            id=name, title=name, count=draw(st.integers(0, 5)), sleeps=draw(st.integers(1, 4)),
            extra_beds=draw(st.integers(0, 2)), extra_bed_price=draw(st.integers(0, 9999)),
            price=draw(st.integers(0, 10**6)), pets=draw(st.booleans()),
        )  # fmt: skip

    return StayRules(
        rooms=(room("a"), room("b")),
        seasons=tuple(draw(st.lists(seasons(), max_size=5))),
        pet_fee=draw(st.integers(0, 5000)),
        max_infants=draw(st.integers(0, 2)),
    )


parties = st.builds(
    Party,
    adults=st.integers(1, 8),
    children=st.lists(st.integers(0, 17), max_size=4).map(tuple),
    rooms=st.integers(1, 4),
    pet=st.booleans(),
)


@given(hotels(), days, st.integers(1, 30), parties, percents)
def test_the_total_is_the_sum_of_the_nights(
    rules: StayRules, first: date, number: int, party: Party, percent: int
) -> None:
    plan = RatePlan(id="p", title="P", percent=percent)
    nights = prices.nights_of(first, first + timedelta(days=number))
    assert len(nights) == number
    for room in rules.rooms:
        beds = prices.extra_beds(rules, room, party)
        infants = sum(age <= 2 for age in party.children)
        free = min(infants, party.rooms * rules.max_infants)
        needed = party.adults + len(party.children) - free
        fits = needed <= party.rooms * (room.sleeps + room.extra_beds)
        assert (beds is not None) == (fits and (room.pets or not party.pet))
        if beds is None:
            continue
        assert sum(beds) == max(0, needed - party.rooms * room.sleeps)
        assert max(beds) <= room.extra_beds
        found = prices.quotes(rules, room, plan, nights, party)
        assert len(found) == party.rooms
        for quote, extra in zip(found, beds, strict=True):
            each = [prices.night_price(rules, room, plan, night) for night in nights]
            assert quote.nights == tuple(one + extra * room.extra_bed_price for one in each)
            assert quote.extras == (rules.pet_fee if party.pet else 0)
            assert quote.total == sum(quote.nights) + quote.extras
            assert all(isinstance(one, int) and one >= 0 for one in quote.nights)


@given(hotels(), days, percents)
def test_a_night_costs_what_the_last_season_that_says_a_price_says(
    rules: StayRules, night: date, percent: int
) -> None:
    plan = RatePlan(id="p", title="P", percent=percent)
    for room in rules.rooms:
        base = float(room.price)
        for season in rules.seasons:
            holds = season.first <= night <= season.last
            holds &= not season.weekdays or WEEKDAYS[night.weekday()] in season.weekdays
            holds &= not season.types or room.id in season.types
            if holds:
                if season.percent is not None:
                    base = room.price * (1 + season.percent / 100)
                base = season.prices.get(room.id, base)
        exact = base * (1 + percent / 100)
        assert abs(prices.night_price(rules, room, plan, night) - exact) <= 0.5 + exact * 1e-9


@given(hotels(), days, st.integers(1, 30), days)
def test_seasons_of_other_nights_do_not_matter(
    rules: StayRules, first: date, number: int, early: date
) -> None:
    nights = prices.nights_of(first, first + timedelta(days=number))
    near = prices.within(rules.seasons, min(early, first), nights[-1])
    narrow = msgspec.structs.replace(rules, seasons=near)
    for room in rules.rooms:
        wanted = [s.min_nights for s in rules.seasons for n in nights if holds(s, room, n)]
        least = prices.min_nights(rules, room, nights)
        assert least == prices.min_nights(narrow, room, nights) == max([1, *wanted])
        for night in nights:
            assert prices.season_of(rules, room, night) == prices.season_of(narrow, room, night)


def holds(season: Season, room: RoomType, night: date) -> bool:
    is_day = not season.weekdays or WEEKDAYS[night.weekday()] in season.weekdays
    is_type = not season.types or room.id in season.types
    return season.first <= night <= season.last and is_day and is_type


def test_a_later_season_that_says_nothing_of_a_price_leaves_it() -> None:
    night = date(2026, 12, 31)
    dear, later = {"from": night, "to": night, "percent": 50}, {"from": night, "to": night}
    for more, queen, family, least in (
        ({"min_nights": 3}, 15000, 30000, 3),
        ({"prices": {"queen": 9000}}, 9000, 30000, 1),
        ({"percent": 0}, 10000, 20000, 1),
        ({"percent": 10, "types": ["family"]}, 15000, 22000, 1),
    ):
        rules = rules_of(with_stays(seasons=[dear, later | more]))
        found = [prices.night_price(rules, room, FLEX, night) for room in (QUEEN, FAMILY)]
        assert found == [queen, family], more
        assert prices.min_nights(rules, QUEEN, [night]) == least


def test_so_many_infants_share_a_room_and_others_need_a_bed() -> None:
    def beds(infants: int, rooms: int = 1) -> list[int] | None:
        party = Party(adults=rooms, children=(1,) * infants, rooms=rooms)
        return prices.extra_beds(RULES, FAMILY, party)  # three beds and an extra one

    assert [beds(2), beds(4), beds(5), beds(6), beds(20)] == [[0], [0], [1], None, None]
    assert [beds(8, 2), beds(10, 2), beds(11, 2)] == [[0, 0], [1, 1], None]


def test_halves_are_rounded_up() -> None:
    room = RoomType(id="a", title="A", count=1, sleeps=1, price=105)
    rules = StayRules(rooms=(room,))
    assert prices.night_price(rules, room, RatePlan(id="p", title="P", percent=-10), FIRST) == 95


def test_the_example_hotel_over_the_year() -> None:
    def night(month: int, day: int, room: RoomType = QUEEN, plan: RatePlan = FLEX) -> int:
        year = 2027 if month == 1 else 2026
        return prices.night_price(RULES, room, plan, date(year, month, day))

    assert [night(11, day) for day in (26, 27, 28, 29)] == [10000, 12000, 12000, 10000]
    assert [night(12, 30), night(1, 1), night(1, 2), night(1, 3)] == [30000, 30000, 12000, 10000]
    assert night(12, 31, FAMILY) == 30000  # a half more, the listed price is the queen's
    assert night(12, 31, QUEEN, SAVER) == 27000
    new_year = prices.nights_of(date(2027, 1, 1), date(2027, 1, 3))
    assert prices.min_nights(RULES, QUEEN, new_year) == 3
    assert prices.min_nights(RULES, QUEEN, new_year[1:]) == 1


# ---- clocks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Europe/London", date(2027, 3, 27), date(2027, 3, 29)),  # a night of 23 hours
        ("Europe/London", date(2026, 10, 24), date(2026, 10, 26)),  # one of 25
        ("America/Havana", date(2027, 3, 13), date(2027, 3, 15)),  # midnight does not exist
        ("Pacific/Apia", date(2027, 1, 1), date(2027, 1, 3)),
    ],
)
def test_a_night_is_one_night_however_long(zone: str, first: date, last: date) -> None:
    business = msgspec.structs.replace(HOTEL, timezone=zone)
    nights = prices.nights_of(first, last)
    assert len(nights) == 2
    quote = prices.quotes(RULES, QUEEN, FLEX, nights, Party(adults=2))[0]
    assert len(quote.nights) == 2
    assert prices.policy(business, RULES, FLEX, first, quote).fee == quote.nights[0]


def test_the_terms_count_real_hours_before_the_local_check_in() -> None:
    day = date(2027, 3, 28)  # London leaves winter time at 1:00 of this day
    quote = prices.quotes(RULES, QUEEN, FLEX, [day], Party(adults=1))[0]
    until = prices.policy(HOTEL, RULES, FLEX, day, quote).free_until / 1000
    arrival = prices.arrival(HOTEL, RULES, day)
    assert arrival.isoformat() == "2027-03-28T14:00:00+00:00"
    assert arrival.timestamp() - until == 21 * 3600


# ---- units -----------------------------------------------------------------------------------


@given(
    st.integers(0, 4),
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(1, 3)), max_size=40),
    st.integers(0, 4),
)
def test_no_unit_is_ever_sold_twice(count: int, wishes: Any, closed: int) -> None:
    room = RoomType(id="a", title="A", count=count, sleeps=2, price=1)
    shut = Closed(first=FIRST, last=FIRST + timedelta(days=5), rooms=closed)
    rules = StayRules(rooms=(room,), closed=(shut,) if closed else ())
    taken: dict[str, dict[int, set[str]]] = {}
    for start, length, rooms in wishes:
        first = FIRST + timedelta(days=start)
        nights = prices.nights_of(first, first + timedelta(days=length))
        units = free_units(rules, room, taken, nights)
        if len(units) < rooms:
            continue
        for unit in units[:rooms]:
            own = taken.setdefault("a", {}).setdefault(unit, set())
            wanted = {night.isoformat() for night in nights}
            assert 1 <= unit <= count
            assert not own & wanted
            own |= wanted
    for n in range(30):
        night = FIRST + timedelta(days=n)
        sold = sum(night.isoformat() in own for own in taken.get("a", {}).values())
        assert sold <= count - (min(closed, count) if n <= 5 else 0)


# ---- settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rooms": [HOTEL.settings["stays"]["rooms"][0]] * 2}, "'queen' stands twice"),
        ({"seasons": [{"from": "2026-12-02", "to": "2026-12-01"}]}, "`to` is before `from`"),
        (
            {"seasons": [{"from": "2026-12-01", "to": "2026-12-02", "prices": {"palace": 1}}]},
            "seasons: there is no room type 'palace'",
        ),
        (
            {"closed": [{"from": "2026-12-01", "to": "2026-12-02", "types": ["palace"]}]},
            "closed: there is no room type 'palace'",
        ),
        ({"guarantee_link": "http://pay.example/{reference}"}, "https:// address"),
        ({"guarantee_link": "https://pay.example/"}, "it needs {reference}"),
        ({"guarantee_link": "https://pay.example/{reference}/{name}"}, "nothing else in braces"),
        ({"min_nights": 9, "max_nights": 3}, "min_nights is more than max_nights"),
        ({"lead": 300, "horizon": 30}, "lead is more than horizon"),
        ({"check_in": "25:00"}, "check_in"),
        ({"max_online_rooms": 9}, "max_online_rooms"),
        ({"pet_fee": -1}, "pet_fee"),
        ({"breakfast": True}, "breakfast"),
        ({"plans": [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}]}, "'a' stands twice"),
    ],
)
def test_wrong_settings_are_named(changed: dict[str, Any], said: str) -> None:
    business: Business = with_stays(**changed)
    with pytest.raises(msgspec.ValidationError) as error:
        rules_of(business)
    assert said in str(error.value)


def test_without_plans_there_is_one() -> None:
    (plan,) = StayRules().offered
    assert (plan.refundable, plan.free_until, plan.percent) == (True, 24, 0)
