"""The tables of what customers send. Times are milliseconds since the epoch, UTC."""

from piccolo.columns import BigInt, Bytea, Text
from piccolo.table import Table


class SmsInbound(Table, tablename="sms_inbound"):
    """One row for every text message that Twilio delivered, so that none counts twice."""

    sid = Text(primary_key=True)
    """Twilio's id of the message."""
    business = Text()
    """Empty when nobody has the number that it was sent to."""
    conversation = Text()
    """The one that holds it; empty when none does."""
    sender = Text()
    recipient = Text()
    """Our number."""
    outcome = Text()
    """message | aside | stop | start | help | dropped"""
    reason = Text()
    """Why it is not answered."""
    digest = Text()
    """Of the text, to tell a loop."""
    text = Text()
    """Of a message that no conversation holds; card numbers are taken out."""
    confirmation = Text(default="")
    """Id of the words that confirm a STOP: the only ones for a number that opted out."""
    token = Text()
    """Twilio's idempotency token, for whoever searches logs."""
    received = BigInt()


class SmsSender(Table, tablename="sms_sender"):
    """Who has written to a business. Whoever changes a row makes the others wait, so that two first
    messages open one conversation."""

    id = Text(primary_key=True)
    """Of the row, BUSINESS NUMBER."""
    business = Text()
    number = Text()
    recipient = Text()
    """The newest of our numbers that they wrote to."""
    seen = BigInt()


class SmsMedia(Table, tablename="sms_media"):
    """What came with a message: pictures and other files."""

    id = Text(primary_key=True)
    business = Text()
    conversation = Text()
    sid = Text()
    url = Text()
    """Where Twilio has it."""
    declared = Text()
    """Its content type, as Twilio says."""
    state = Text(default="new")
    """new | kept | refused"""
    type = Text(default="")
    """Its content type, as its first bytes say."""
    size = BigInt(default=0)
    content = Bytea(null=True, default=None)
    error = Text(default="")
    """Why it was refused."""
    created = BigInt()


INBOUND_TABLES = (SmsInbound, SmsSender, SmsMedia)
