"""What is asked for, held against the rules of the business."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar

from frontdesk import ActionCall, ActionError, Business, speech
from frontdesk.hours import is_ambiguous, is_missing, rules_of, to_utc
from frontdesk_plugins.booking import ledger
from frontdesk_plugins.booking.busy import blocks_of
from frontdesk_plugins.booking.cards import offer
from frontdesk_plugins.booking.ledger import Mine
from frontdesk_plugins.booking.rules import BookingRules, may_serve
from frontdesk_plugins.booking.services import Service, Variant
from frontdesk_plugins.booking.slots import Slot, bookable_window, nearest, slots_on
from frontdesk_plugins.booking.visits import Visit, largest_party, visit_of
from frontdesk_plugins.booking.words import length, say

LocalDate = date
OFFERS = 4
CHOICES = 30
"""How many services, kinds or members of staff are named in a question."""
DAYS_AHEAD = 7
"""How many days are searched for alternatives when a date has nothing."""


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...


N = TypeVar("N", bound=Named)


def find_visit(
    business: Business,
    rules: BookingRules,
    party: int,
    service: str = "",
    variant: str = "",
    resource: str = "",
) -> Visit:
    """What is to be booked. Raises ActionError for names that are not there, for a choice that is
    still to be made, and for parties that cannot be booked here."""
    if not rules.resources and not any(not s.needs_resources for s in rules.services):
        raise ActionError(say(business, "no_bookings", name=business.name))
    chosen = _service(business, rules, service)
    kind = _variant(business, chosen, variant)
    wanted = _wanted(business, rules, chosen, resource) if chosen.needs_resources else ""
    most = largest_party(rules, chosen)
    if party > most:
        how = "call" if business.phone else "person"
        text = say(business, "too_large", party=party, most=most)
        raise ActionError(f"{text} {say(business, how, phone=business.phone)}", needs_person=True)
    visit = visit_of(rules, chosen, party, variant=kind, resource=wanted)
    if chosen.needs_resources and not visit.options:
        if wanted and (others := visit_of(rules, chosen, party).keys):
            able = [r for r in rules.resources if r.id in others]
            raise _no_such(business, able, resource, "resource")
        raise ActionError(say(business, "does_not_fit", party=party))
    return visit


def _wanted(business: Business, rules: BookingRules, service: Service, text: str) -> str:
    """The id of the resource that is wished for, of those that can do the service."""
    if not text.strip():
        return ""
    known = [r for r in rules.resources if r.active]
    if one := _named(known, text):
        return one.id
    able = [r for r in known if may_serve(r, service)]
    raise _no_such(business, able, text, "resource")


def _service(business: Business, rules: BookingRules, text: str) -> Service:
    if not text.strip() or not rules.services:
        if len(rules.offered) == 1:
            return rules.offered[0]
        raise _which(business, "which_service", rules.services, "service")
    if one := _named(rules.services, text):
        return one
    raise _no_such(business, rules.services, text, "service")


def _variant(business: Business, service: Service, text: str) -> Variant | None:
    if not service.variants:
        return None
    if not text.strip():
        raise _which(business, "which_variant", service.variants, "variant", service=service.label)
    if one := _named(service.variants, text):
        return one
    raise _no_such(business, service.variants, text, "variant")


def _named(those: Iterable[N], text: str) -> N | None:
    """By id or name, without regard to case."""
    said = text.strip().casefold()
    return next((o for o in those if said in {o.id.casefold(), o.label.casefold()}), None)


def _no_such(business: Business, those: Sequence[Named], text: str, needs: str) -> ActionError:
    return _which(business, "no_such", those, needs, text=text[:60])


def _which(
    business: Business, key: str, those: Sequence[Named], needs: str, **said: str
) -> ActionError:
    """A choice that is still to be made: the parameter it is for, and what there is."""
    known = those[:CHOICES]
    names = ", ".join(one.label for one in known)
    options = [{"id": one.id, "name": one.label} for one in known]
    return ActionError(say(business, key, choices=names, **said), needs=needs, options=options)


# ---- when ------------------------------------------------------------------------------------


def check_date(call: ActionCall, visit: Visit, day: date) -> None:
    today = call.now.astimezone(call.business.zone).date()
    if day < today:
        days = {"day": _day(call, day, today), "today": speech.day(call.business, today)}
        raise ActionError(say(call.business, "past_day", **days))
    last = today + timedelta(days=visit.horizon)
    if day > last:
        raise ActionError(say(call.business, "horizon", day=_day(call, last, today)))


def _day(call: ActionCall, day: date, today: date) -> str:
    text = speech.day(call.business, day)
    return text if day.year == today.year else f"{text} {day.year}"


def wanted_start(
    call: ActionCall, day: LocalDate | None, time_: str | None, slot_id: str | None
) -> datetime:
    """The start that is meant. A slot_id tells apart what the clocks show twice."""
    if slot_id is None:
        if day is None or time_ is None:
            raise ActionError("A date and a time are needed, or a slot_id from an offer.")
        return start_of(call, day, time_)
    try:
        start = datetime.fromisoformat(slot_id)
        if start.utcoffset() is None:
            raise ValueError("without an offset it is no instant")
        local = start.astimezone(call.business.zone)
    except (ValueError, OverflowError) as error:
        raise ActionError(
            "That slot_id is not from an offer. Give date and time, or check again."
        ) from error
    if day not in (None, local.date()) or time_ not in (None, f"{local:%H:%M}"):
        raise ActionError("date and time say another time than the slot_id. Give one of the two.")
    return start


def start_of(call: ActionCall, day: date, text: str) -> datetime:
    """A local date and time as an instant; never a guess where the clocks change."""
    business, wall = call.business, time.fromisoformat(text)
    if is_missing(day, wall, business.zone):
        said = {"day": speech.day(business, day), "time": text}
        raise ActionError(say(business, "skipped", **said))
    if is_ambiguous(day, wall, business.zone):
        both = [datetime.combine(day, wall, business.zone).replace(fold=fold) for fold in (0, 1)]
        choices = [
            {"slot_id": at.isoformat(timespec="minutes"), "label": speech.clock(business, at)}
            for at in both
        ]
        said = {"day": speech.day(business, day), "time": text}
        raise ActionError(say(business, "twice", **said), alternatives=choices)
    return to_utc(day, wall, business.zone)


def why_not(call: ActionCall, rules: BookingRules, visit: Visit, start: datetime) -> str:
    """Why a start cannot be booked, in the customer's words."""
    business, local = call.business, start.astimezone(call.business.zone)
    when, day = speech.moment(business, start), local.date()
    if start <= call.now:
        return say(business, "past", when=when)
    if start < bookable_window(business, visit, call.now).start:
        return say(business, "lead", notice=length(business, visit.lead))
    # Whoever has booked: what would be there if nobody had.
    if slots_on(business, rules, visit, day, call.now, blocks_of(business, rules), only=start):
        if visit.party > 1 or not visit.service.id:
            return say(business, "full_for", when=when, party=visit.party)
        return say(business, "full", when=when)
    if closed := why_closed(business, day):
        return closed
    if visit.service.times is not None:
        return say(business, "not_a_start", when=when)
    if rules.grid == "clock" and (local.hour * 60 + local.minute) % visit.step:
        return say(business, "grid", step=length(business, visit.step))
    minutes, who = length(business, visit.minutes), _name_of(rules, visit.resource)
    if who:
        return say(business, "not_there", when=when, length=minutes, who=who)
    return say(business, "outside", when=when, length=minutes)


def _name_of(rules: BookingRules, resource: str) -> str:
    return next((one.name or one.id for one in rules.resources if one.id == resource), "")


def why_closed(business: Business, day: date) -> str:
    ranges, reason = rules_of(business, day)
    if ranges:
        return ""
    why = f" ({reason})" if reason else ""
    day_ = speech.day(business, day)
    return say(business, "closed", name=business.name, day=day_, reason=why)


# ---- what else is free -----------------------------------------------------------------------


async def free_on(
    call: ActionCall, rules: BookingRules, visit: Visit, day: date, only: datetime | None = None
) -> list[Slot]:
    mine = Mine(conversation=call.conversation)
    busy = await ledger.busy_on(call.db, call.business, rules, day, day, call.now, mine)
    return slots_on(call.business, rules, visit, day, call.now, busy, only=only)


async def find_alternatives(
    call: ActionCall, rules: BookingRules, visit: Visit, wanted: datetime, *, moving: str = ""
) -> list[dict[str, Any]]:
    """The nearest free slots of the same day, else of the first day after it that has some."""
    first = wanted.astimezone(call.business.zone).date()
    last = first + timedelta(days=DAYS_AHEAD)
    mine = Mine(conversation=call.conversation, booking=moving)
    busy = await ledger.busy_on(call.db, call.business, rules, first, last, call.now, mine)
    for n in range(DAYS_AHEAD + 1):
        day = first + timedelta(days=n)
        slots = slots_on(call.business, rules, visit, day, call.now, busy)
        if slots:
            return [offer(call.business, slot) for slot in nearest(slots, wanted, OFFERS)]
    return []
