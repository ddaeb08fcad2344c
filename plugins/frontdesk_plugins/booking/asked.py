"""What is asked for, held against the rules of the business."""

from datetime import date, datetime, time, timedelta

from frontdesk import ActionCall, ActionError, Business
from frontdesk.hours import is_ambiguous, is_missing, rules_of, to_utc
from frontdesk_plugins.booking import ledger
from frontdesk_plugins.booking.cards import day_label, offer, start_label
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.slots import bookable_window, nearest, slots_on, starts_on

LocalDate = date
OFFERS = 4
DAYS_AHEAD = 7
"""How many days are searched for alternatives when a date has nothing."""


def check_party(of: BookingRules, party: int, business: Business) -> None:
    if not of.resources:
        raise ActionError(f"{business.name} takes no bookings here.")
    if not of.candidates(party):
        call_us = f" Please call {business.phone}." if business.phone else ""
        raise ActionError(
            f"A party of {party} cannot be booked here, {of.largest_party} at most.{call_us}"
        )


def check_date(call: ActionCall, of: BookingRules, day: date) -> None:
    today = call.now.date()
    if day < today:
        raise ActionError(f"{day_label(day)} is in the past; today is {day_label(today)}.")
    if day > today + timedelta(days=of.horizon):
        last = today + timedelta(days=of.horizon)
        raise ActionError(f"Bookings can be made up to {day_label(last)}.")


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
    wall, zone = time.fromisoformat(text), call.business.zone
    if is_missing(day, wall, zone):
        raise ActionError(f"On {day_label(day)} the clocks skip {text}: there is no such time.")
    if is_ambiguous(day, wall, zone):
        both = [datetime.combine(day, wall, zone).replace(fold=fold) for fold in (0, 1)]
        choices = [{"slot_id": at.isoformat(), "label": f"{at:%H:%M} {at:%Z}"} for at in both]
        raise ActionError(
            f"On {day_label(day)} the clocks show {text} twice. Ask which one is meant.",
            alternatives=choices,
        )
    return to_utc(day, wall, zone)


def why_outside(call: ActionCall, of: BookingRules, party: int, start: datetime) -> str:
    """Why a start cannot be booked whoever else has booked; empty when it can."""
    local = start.astimezone(call.business.zone)
    window = bookable_window(call.business, of, call.now)
    if start <= call.now:
        return f"{start_label(call.business, start)} is in the past."
    if start < window.start:
        return f"Bookings need {of.lead} minutes' notice."
    starts = starts_on(call.business, of, party, local.date())
    if start in starts:
        return ""
    if closed := why_closed(call.business, local.date()):
        return closed
    if (local.hour * 60 + local.minute) % of.step:
        return f"Bookings start every {of.step} minutes."
    return (
        f"{start_label(call.business, start)} is outside the hours for a booking of "
        f"{of.minutes_for(party)} minutes."
    )


def why_not(call: ActionCall, of: BookingRules, party: int, start: datetime) -> str:
    outside = why_outside(call, of, party, start)
    return outside or f"{start_label(call.business, start)} is fully booked for {party}."


def why_closed(business: Business, day: date) -> str:
    ranges, reason = rules_of(business, day)
    if ranges:
        return ""
    return f"{business.name} is closed on {day_label(day)}{f' ({reason})' if reason else ''}."


async def find_alternatives(
    call: ActionCall, of: BookingRules, party: int, wanted: datetime
) -> list[dict[str, str]]:
    """The nearest free slots of the same day, else of the first day after it that has some."""
    first = wanted.astimezone(call.business.zone).date()
    last = first + timedelta(days=DAYS_AHEAD)
    busy = await ledger.busy_on(call.db, call.business, of, party, first, last)
    for n in range(DAYS_AHEAD + 1):
        day = first + timedelta(days=n)
        slots = slots_on(call.business, of, party, day, call.now, busy)
        if slots:
            return [offer(call.business, slot) for slot in nearest(slots, wanted, OFFERS)]
    return []
