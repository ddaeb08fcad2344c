"""What packs collect. Times are milliseconds since the epoch, UTC."""

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class Record(Table, tablename="record"):
    """An intake, an enquiry, a request: what a customer gave for the team to work on."""

    id = Text(primary_key=True)
    business = Text()
    kind = Text()
    """As the tool binds it: "vehicle_intake"."""
    reference = Text()
    """Unique within the business; see `frontdesk.references`."""
    conversation = Text()
    contact = Text()
    call = Text()
    """The tool call that made it: the same call again is the same record."""
    name = Text()
    phone = Text()
    email = Text()
    urgency = Text()
    """low | normal | urgent"""
    fields = Text()
    """JSON: the tool's own fields, in the order of its schema."""
    state = Text(default="new")
    """new | working | ready | done | dropped"""
    told = Text(default="")
    """What the team lets the customer know about it."""
    version = BigInt(default=0)
    created = BigInt()
    updated = BigInt()
    agent = Text(default="")
    """Who changed it last."""


TABLES = (Record,)
