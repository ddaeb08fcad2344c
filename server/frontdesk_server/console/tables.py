"""The tables of the staff console. Times are milliseconds since the epoch, UTC."""

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table


class StaffRow(Table, tablename="staff"):
    """A person who works for one business. Whoever works for two has two rows."""

    id = Text(primary_key=True)
    business = Text()
    email = Text()
    """In lower case; unique within the business."""
    name = Text()
    """As customers see it."""
    role = Text()
    """agent | manager | owner"""
    password = Text(default="")
    """An argon2id hash; empty: nobody signs in with a password."""
    active = Boolean(default=True)
    created = BigInt()
    seen = BigInt(default=0)
    """The last request; 0: never signed in."""


class StaffSession(Table, tablename="staff_session"):
    """A browser that is signed in."""

    id = Text(primary_key=True)
    """SHA-256 of the cookie's value: who reads the table cannot sign in with it."""
    staff = Text()
    csrf = Text()
    notice = Text(default="")
    """What the next page says about the form that was just posted."""
    created = BigInt()
    seen = BigInt()
    expires = BigInt()


class StaffSeen(Table, tablename="staff_seen"):
    """How far a member of staff has read a conversation."""

    id = Text(primary_key=True)
    staff = Text()
    conversation = Text()
    seq = BigInt()


class StaffPresence(Table, tablename="staff_presence"):
    """A member of staff who is there, at one node."""

    id = Text(primary_key=True)
    business = Text()
    staff = Text()
    node = Text()
    until = BigInt()
    """Unless it is renewed."""


class CannedReply(Table, tablename="canned_reply"):
    id = Text(primary_key=True)
    business = Text()
    shortcut = Text()
    """What is typed after the slash; unique within the business."""
    text = Text()
    """{name} is the customer's first name, {business} that of the business."""
    created = BigInt()


class Audit(Table, tablename="audit"):
    """What staff did. Rows are only ever added."""

    id = Text(primary_key=True)
    business = Text()
    staff = Text()
    staff_name = Text()
    """As it was then."""
    page = Text()
    did = Text()
    """The form's field `do`."""
    fields = Text()
    """JSON of what was posted, without secrets."""
    outcome = Text()
    """done | refused | failed"""
    detail = Text(default="")
    """What the person was told."""
    created = BigInt()


class OnCallMark(Table, tablename="on_call_mark"):
    """A waiting conversation of which the people on call were told."""

    id = Text(primary_key=True)
    business = Text()
    conversation = Text()
    epoch = BigInt()
    """Its `owner_epoch` then: once for each time that it waits."""
    created = BigInt()


TABLES = (StaffRow, StaffSession, StaffSeen, StaffPresence, CannedReply, Audit, OnCallMark)
