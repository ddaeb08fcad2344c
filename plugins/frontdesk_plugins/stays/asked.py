"""What is asked for, held against the rules of the business."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Protocol, TypeVar

import msgspec

from frontdesk import ActionCall, ActionError, Business, speech
from frontdesk.hours import to_utc
from frontdesk.plain import plain
from frontdesk_plugins.stays import prices
from frontdesk_plugins.stays.params import SearchRooms
from frontdesk_plugins.stays.prices import DAY, Party
from frontdesk_plugins.stays.rules import RatePlan, RoomType, StayRules, rules_of
from frontdesk_plugins.stays.words import count, say


class Asked(msgspec.Struct, frozen=True):
    """A wish that makes sense; whether there is room is not known yet."""

    rules: StayRules
    nights: tuple[date, ...]
    party: Party
    fitting: tuple[RoomType, ...]
    accessible: bool = False
    """Who does not ask for an accessible room is offered one last: others need them."""

    @property
    def check_in(self) -> date:
        return self.nights[0]

    @property
    def check_out(self) -> date:
        return self.nights[-1] + DAY


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...


N = TypeVar("N", bound=Named)


def ask(call: ActionCall, wish: SearchRooms, since: date | None = None) -> Asked:
    """Raises ActionError for what cannot be, whoever has booked. `since`: the first day that may be
    booked, whatever the notice that guests have to give."""
    business, rules = call.business, rules_of(call.business)
    if not rules.rooms:
        raise ActionError(say(business, "no_rooms"))
    _check_dates(call, rules, wish.check_in, wish.check_out, since)
    if since is None:
        _check_notice(call, rules, wish.check_in)
    if wish.rooms > rules.max_online_rooms:
        most = count(business, "rooms", rules.max_online_rooms)
        raise ActionError(say(business, "too_many_rooms", rooms=most), needs_person=True)
    if wish.adults < wish.rooms:
        raise ActionError(say(business, "adult_each"), needs="adults")
    party = Party(adults=wish.adults, children=wish.children_ages, rooms=wish.rooms, pet=wish.pet)
    fitting = tuple(
        room
        for room in rules.rooms
        if (room.accessible or not wish.accessible)
        and prices.extra_beds(rules, room, party) is not None
    )
    if not fitting:
        rooms = count(business, "rooms", wish.rooms)
        raise ActionError(say(business, "no_fit", rooms=rooms), needs_person=True)
    stay = prices.nights_of(wish.check_in, wish.check_out)
    return Asked(rules, tuple(stay), party, fitting, wish.accessible)


def _check_dates(
    call: ActionCall, rules: StayRules, first: date, last: date, since: date | None
) -> None:
    business, today = call.business, call.now.astimezone(call.business.zone).date()
    if first < (since or today):
        said = {"day": day_of(call, first), "today": speech.day(business, today)}
        raise ActionError(say(business, "past", **said), needs="check_in")
    if last <= first:
        raise ActionError(say(business, "order"), needs="check_out")
    latest = today + timedelta(days=rules.horizon)
    if first > latest:
        raise ActionError(say(business, "horizon", day=day_of(call, latest)), needs="check_in")
    if (last - first).days > rules.max_nights:
        most = count(business, "nights", rules.max_nights)
        raise ActionError(say(business, "too_long", nights=most), needs_person=True)


def _check_notice(call: ActionCall, rules: StayRules, first: date) -> None:
    business, today = call.business, call.now.astimezone(call.business.zone).date()
    until = to_utc(today, time.fromisoformat(rules.today_until), business.zone, closing=True)
    if first == today and not rules.lead and call.now >= until:
        raise ActionError(say(business, "today"), needs="check_in")
    earliest = today + timedelta(days=rules.lead)
    if first < earliest:
        raise ActionError(say(business, "lead", day=day_of(call, earliest)), needs="check_in")


def day_of(call: ActionCall, day: date) -> str:
    """With its year unless that is this one."""
    text = speech.day(call.business, day)
    this = call.now.astimezone(call.business.zone).year
    return text if day.year == this else f"{text} {day.year}"


def dates(call: ActionCall, first: date, last: date) -> str:
    return say(call.business, "dates", first=day_of(call, first), last=day_of(call, last))


# ---- what it may be --------------------------------------------------------------------------


def find(business: Business, those: Sequence[N], text: str) -> N:
    """By id or title, or by words that only one of them has. Raises ActionError."""
    said = plain(text)
    for one in those:
        if said in (plain(one.id), plain(one.title)):
            return one
    words = set(said.split())
    near = [one for one in those if words and words <= set(plain(one.title).split())]
    if len(near) == 1:
        return near[0]
    choices = ", ".join(one.title for one in near or those)
    raise ActionError(say(business, "no_such", text=text[:60], choices=choices))


def plan_of(business: Business, rules: StayRules, text: str) -> RatePlan:
    return find(business, rules.offered, text) if text.strip() else rules.offered[0]


def titled(room: RoomType, rooms: int) -> str:
    return room.title if rooms == 1 else f"{rooms} × {room.title}"  # noqa: RUF001  a times sign
