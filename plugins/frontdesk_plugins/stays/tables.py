"""Stays and the nights that they take. Moments are milliseconds since the epoch, UTC; dates are the
business's local ones, YYYY-MM-DD. Money is minor units."""

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table


class Stay(Table, tablename="stay"):
    """One room of a stay. Rooms that were booked together share the reference."""

    id = Text(primary_key=True)
    business = Text()
    reference = Text()
    """With `room` unique within the business; see `frontdesk.references`."""
    room = BigInt()
    """0 for the first of the rooms."""
    contact = Text()
    conversation = Text()
    channel = Text()
    call = Text(default="")
    """The call that booked it: the same call again is the same stay. Empty while it is held."""
    proposal = Text(default="")
    """The proposal that it was held for."""
    status = Text()
    """held | confirmed | arrived | departed | no_show | cancelled"""
    room_type = Text()
    unit = BigInt()
    """Which of the rooms of its type, from 1: the same one on all nights."""
    rate_plan = Text()
    check_in = Text()
    check_out = Text()
    adults = BigInt()
    """Of all rooms of the reference, as are the children."""
    children = Text(default="[]")
    """JSON: their ages."""
    pet = Boolean()
    name = Text()
    phone = Text()
    email = Text(default="")
    wishes = Text(default="")
    extra = Text(default="{}")
    """JSON: what the pack's tool asked for beyond the action's own fields."""
    total = BigInt()
    """Of all nights, and of what is paid once; taxes and fees are in it."""
    currency = Text()
    policy = Text()
    """JSON: a `prices.Policy`, as it held when it was booked."""
    fee_told = Text(default="")
    """The proposal to cancel that told of the fee."""
    fee = BigInt(default=0)
    """What cancelling it cost."""
    reason = Text(default="")
    agent = Text(default="")
    """The name of who of the team booked or changed it last."""
    expires = BigInt(default=0)
    """Of a hold; 0 otherwise."""
    version = BigInt(default=0)
    created = BigInt()


class StayNight(Table, tablename="stay_night"):
    """A night of a room that is taken; its key keeps it from being sold twice."""

    business = Text(primary_key=True)
    room_type = Text()
    unit = BigInt()
    night = Text()
    """The date on which it begins."""
    stay = Text()
    expires = BigInt(default=0)
    """Of a hold; 0 otherwise."""


class StayLock(Table, tablename="stay_lock"):
    """Who sells or frees nights of a type locks its row first."""

    business = Text(primary_key=True)
    room_type = Text()
    version = BigInt(default=0)


TABLES = (Stay, StayNight, StayLock)
