"""What the actions take. Dates and times are the business's local ones."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Phone = Annotated[str, Meta(min_length=3, max_length=40)]
Wishes = Annotated[str, Meta(max_length=500)]
LocalDate = date
Age = Annotated[int, Meta(ge=0, le=17)]


class ListRooms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which rooms there are, without dates."""

    sleeps: Annotated[int, Meta(ge=1, le=40)] = 1
    accessible: bool = False
    pet: bool = False


class RoomDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    room_type: Text
    """Id or title."""


class SearchRooms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    check_in: LocalDate
    check_out: LocalDate
    adults: Annotated[int, Meta(ge=1, le=100)] = 1
    children_ages: Annotated[tuple[Age, ...], Meta(max_length=20)] = ()
    rooms: Annotated[int, Meta(ge=1, le=100)] = 1
    accessible: bool = False
    pet: bool = False


class RateQuote(SearchRooms, frozen=True, forbid_unknown_fields=True, kw_only=True):
    room_type: Text = ""
    """Id or title; it may be left out where one alone fits."""
    rate_plan: Text = ""
    """Id or title; left out: the first."""


class BookRoom(RateQuote, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Name
    phone: Phone
    email: Text = ""
    wishes: Wishes = ""


class LookupStay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reference: Text = ""
    name: Text = ""
    phone: Text = ""
    email: Text = ""


class CancelStay(LookupStay, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reason: Text = ""
    accept_fee: bool = False
    """The guest was told of the fee for cancelling, and agreed to it. Tools with `confirm` do not
    need it: their proposal tells of it."""


class LateCheckout(LookupStay, frozen=True, forbid_unknown_fields=True, kw_only=True):
    until: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class StayRequest(LookupStay, frozen=True, forbid_unknown_fields=True, kw_only=True):
    category: Annotated[str, Meta(max_length=60)] = "other"
    """The pack's tool names the categories."""
    text: Annotated[str, Meta(min_length=1, max_length=1000)]
