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
    """pending | confirmed | arrived | completed | no_show | cancelled"""
    contact = Text()
    conversation = Text()
    channel = Text(default="")
    call = Text()
    """The tool call that made it: the same call again is the same booking."""
    service = Text(default="")
    variant = Text(default="")
    party = BigInt()
    starts = BigInt()
    ends = BigInt()
    timezone = Text()
    wall = Text()
    """The local start as it was asked for, so that a later change of the zone's rules is seen."""
    resources = Text(default="[]")
    """A JSON list of ids."""
    name = Text()
    phone = Text()
    email = Text(default="")
    notes = Text()
    extra = Text(default="{}")
    price = BigInt(null=True, default=None)
    currency = Text(default="")
    policy = Text(default="{}")
    """The policy that held when it was made."""
    sequence = BigInt(default=0)
    """Rises with every change, as iCalendar wants it."""
    moves = BigInt(default=0)
    """How often the customer moved it."""
    fee_told = Text(default="")
    """The proposal whose read-back named the fee for cancelling late."""
    fee = BigInt(default=0)
    """What the customer agreed to pay for cancelling late."""
    cancelled_by = Text(default="")
    """customer | staff"""
    reason = Text(default="")
    remind_at = BigInt(default=0)
    """When the customer is reminded next; 0: not again."""
    stranger_at = BigInt(default=0)
    """When a reminder went to a number that nobody had shown to be theirs; 0: none did."""
    attends = BigInt(default=0)
    """When the customer confirmed that they will come; 0: they did not."""
    created = BigInt()
    updated = BigInt()


class BookingClaim(Table, tablename="booking_claim"):
    """A resource taken for a time. The database itself refuses two that overlap."""

    id = BigSerial(primary_key=True)
    booking = Text()
    """Or the hold."""
    resource = BigInt()
    starts = BigInt()
    ends = BigInt()
    gap_before = BigInt(default=0)
    gap_after = BigInt(default=0)
    """Milliseconds that are kept free around it."""
    seat_from = BigInt(default=0)
    seat_to = BigInt(default=1_000_000)
    """Half-open. All seats: the resource as a whole."""
    session = Text(default="")
    """Of a class: those who share it have the same."""
    party = BigInt(default=0)
    expires = BigInt(default=0)
    """Of a hold; 0 never."""
    active = Boolean(default=True)


class BookingHold(Table, tablename="booking_hold"):
    """A slot that is kept for a customer for a few minutes, by claims with its id."""

    id = Text(primary_key=True)
    business = Text()
    conversation = Text()
    contact = Text()
    purpose = Text()
    """`book`, `move:BOOKING` or `waitlist:ENTRY`: one of each in a conversation."""
    proposal = Text(default="")
    service = Text(default="")
    variant = Text(default="")
    party = BigInt()
    starts = BigInt()
    ends = BigInt()
    resources = Text(default="[]")
    created = BigInt()
    expires = BigInt()


class BookingHistory(Table, tablename="booking_history"):
    """What a booking was before each change."""

    id = BigSerial(primary_key=True)
    booking = Text()
    sequence = BigInt()
    """The one that the change led to."""
    what = Text()
    """moved, or the new status"""
    by = Text()
    """customer | staff"""
    before = Text()
    """JSON: the columns that the change replaced."""
    at = BigInt()


class BookingWaiting(Table, tablename="booking_waiting"):
    """A customer who wants to be told when something becomes free."""

    id = Text(primary_key=True)
    business = Text()
    conversation = Text()
    contact = Text()
    channel = Text()
    service = Text(default="")
    variant = Text(default="")
    resource = Text(default="")
    party = BigInt()
    day = Text()
    """Local, ISO."""
    earliest = BigInt()
    latest = BigInt()
    """The first and the last start that would do."""
    name = Text()
    phone = Text()
    status = Text(default="waiting")
    """waiting | offered | booked | passed (the offer was not taken) | over (the time has come)"""
    offered_until = BigInt(default=0)
    told = BigInt(default=0)
    """When the customer was told of the offer."""
    created = BigInt()
    updated = BigInt()


class BookingBlock(Table, tablename="booking_block"):
    """A time at which a resource cannot be had, from another calendar or entered by staff."""

    id = Text(primary_key=True)
    business = Text()
    resource = Text()
    """Its id; `*` for all."""
    starts = BigInt()
    ends = BigInt()
    source = Text(default="")
    """Whose it is, so that an import can replace its own."""
    reason = Text(default="")
    created = BigInt()


CONTACTS = ("booking", "booking_hold", "booking_waiting")
"""Those with a column `contact`."""
TABLES = (
    BookingResource, Booking, BookingClaim, BookingHold, BookingHistory, BookingWaiting,
    BookingBlock,
)  # fmt: skip
