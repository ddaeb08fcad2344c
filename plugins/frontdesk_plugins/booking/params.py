"""What the actions take."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

Party = Annotated[int, Meta(ge=1, le=1000)]
Time = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
SlotId = Annotated[str, Meta(max_length=40)]
Text = Annotated[str, Meta(max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Phone = Annotated[str, Meta(min_length=3, max_length=40)]
Postcode = Annotated[str, Meta(max_length=20)]
Notes = Annotated[str, Meta(max_length=500)]

LocalDate = date
"""A name that a field called `date` does not hide."""


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is to be booked, and when. Dates and times are the business's local ones."""

    party_size: Party = 1
    service: Text = ""
    """Id or name; it may be left out where there is only one."""
    variant: Text = ""
    resource: Text = ""
    """Id or name of a member of staff, a room; left out: anyone."""
    date: LocalDate | None = None
    time: Time | None = None
    slot_id: SlotId | None = None
    """From an offer; instead of date and time."""
    postcode: Postcode = ""
    """Where the business is to come to; needed where it says which areas it serves."""


class ServiceArea(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    postcode: Postcode


class HoldSlot(Wish, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class CreateBooking(Wish, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Name
    phone: Phone
    email: Text = ""
    notes: Notes = ""


class JoinWaitlist(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    party_size: Party = 1
    service: Text = ""
    variant: Text = ""
    resource: Text = ""
    date: LocalDate
    time: Time | None = None
    earliest: Time | None = None
    latest: Time | None = None
    """The first and the last start that would do; without them an hour around `time`, or all day."""
    name: Name
    phone: Phone


class QuoteWait(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """For who comes today without a booking."""

    party_size: Party = 1
    service: Text = ""
    variant: Text = ""
    resource: Text = ""


class LookupBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reference: Text = ""
    name: Text = ""
    phone: Text = ""
    email: Text = ""


class RescheduleBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is not given stays as it is."""

    reference: Text
    date: LocalDate | None = None
    time: Time | None = None
    slot_id: SlotId | None = None
    party_size: Party | None = None
    resource: Text = ""
    name: Text = ""
    phone: Text = ""
    email: Text = ""


class CancelBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reference: Text
    name: Text = ""
    phone: Text = ""
    email: Text = ""
    reason: Text = ""
    accept_fee: bool = False
    """The customer was told of the fee for cancelling late, and agreed to it."""


class ConfirmAttendance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reference: Text
    name: Text = ""
    phone: Text = ""
    email: Text = ""


class ListServices(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass
