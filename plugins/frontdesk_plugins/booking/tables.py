"""The tables of bookings. Times are milliseconds since the epoch, UTC."""

from piccolo.columns import BigInt, BigSerial, Boolean, Text
from piccolo.table import Table


class BookingResource(Table, tablename="booking_resource"):
    """What a booking locks while it looks whether there is room."""

    id = BigSerial(primary_key=True)
    business = Text()
    key = Text()
    version = BigInt(default=0)


class Booking(Table, tablename="booking"):
    id = Text(primary_key=True)
    business = Text()
    reference = Text()
    """Eight characters without the hyphen."""
    status = Text(default="confirmed")
    """confirmed | cancelled"""
    contact = Text()
    conversation = Text()
    call = Text()
    """The tool call that made it: the same call again is the same booking."""
    party = BigInt()
    starts = BigInt()
    ends = BigInt()
    timezone = Text()
    wall = Text()
    """The local start as it was asked for, so that a later change of the zone's rules is seen."""
    name = Text()
    phone = Text()
    notes = Text()
    extra = Text(default="{}")
    created = BigInt()
    updated = BigInt()


class BookingClaim(Table, tablename="booking_claim"):
    """A resource taken for a time. The database itself refuses two that overlap."""

    id = BigSerial(primary_key=True)
    booking = Text()
    resource = BigInt()
    starts = BigInt()
    ends = BigInt()
    active = Boolean(default=True)


TABLES = (BookingResource, Booking, BookingClaim)
