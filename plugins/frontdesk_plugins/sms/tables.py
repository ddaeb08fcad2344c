"""The tables of text messages that leave. Times are milliseconds since the epoch, UTC."""

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table


class SmsMessage(Table, tablename="sms_message"):
    """A text message, or one part of a long one. Its row is there before Twilio is asked."""

    id = Text(primary_key=True)
    business = Text()
    conversation = Text(default="")
    """Empty for a text outside of any."""
    event = Text()
    """What it says: the id of a message of the conversation, or PURPOSE:KEY. With `part` it makes
    sure that nothing is sent twice."""
    part = BigInt()
    """From 1."""
    to_number = Text()
    from_number = Text()
    body = Text()
    """Empty once its end is known: the words stand in the conversation, and codes nowhere."""
    discloses = Boolean(default=False)
    """It said that a machine writes."""
    segments = BigInt()
    """As we count them."""
    segments_billed = BigInt(null=True, default=None)
    """As Twilio counts them; NULL until it has told."""
    state = Text(default="new")
    """See `states.py`."""
    rank = BigInt(default=0)
    sid = Text(default="")
    """Twilio's id."""
    error = Text(default="")
    """Twilio's error code, or a reason of ours: opted_out | no_consent | taken_over."""
    tried = BigInt(default=0)
    """When the first request was begun of which nobody knows whether Twilio took it; else 0."""
    busy_until = BigInt(default=0)
    """Until then another attempt may be under way."""
    created = BigInt()
    updated = BigInt()


class SmsOrphan(Table, tablename="sms_orphan"):
    """The status of a message that is not known yet: Twilio may tell of it before it answers."""

    sid = Text(primary_key=True)
    state = Text()
    rank = BigInt()
    error = Text()
    created = BigInt()


class SmsUnreachable(Table, tablename="sms_unreachable"):
    """Numbers that text messages do not reach, until one does. One row for each and business."""

    id = Text(primary_key=True)
    business = Text()
    number = Text()
    error = Text()
    """Twilio's code: 30003 switched off, 30005 unknown, 30006 a landline."""
    created = BigInt()


TABLES = (SmsMessage, SmsOrphan, SmsUnreachable)
"""What leaves."""
