"""The tables of orders. Times are milliseconds since the epoch, UTC; money is in minor units."""

from piccolo.columns import BigInt, BigSerial, Boolean, Text
from piccolo.table import Table


class OrderKitchen(Table, tablename="order_kitchen"):
    """What an order locks while it looks whether there is room: one row a business, so that
    nobody can wait for somebody who waits for them."""

    business = Text(primary_key=True)
    version = BigInt(default=0)


class OrderWindow(Table, tablename="order_window"):
    """A quarter of an hour and what is to be ready in it. The database refuses more than fits."""

    id = BigSerial(primary_key=True)
    business = Text()
    starts = BigInt()
    capacity = BigInt()
    taken = BigInt(default=0)


class OrderStock(Table, tablename="order_stock"):
    """What is sold of a counted item for one local day. The database refuses more than there is."""

    id = BigSerial(primary_key=True)
    business = Text()
    item = Text()
    day = Text()
    stock = BigInt()
    taken = BigInt(default=0)


class OrderHold(Table, tablename="order_hold"):
    """What is kept for a customer who was asked to confirm. It stays for a while after it ended,
    so that a late yes is held against what was shown."""

    proposal = Text(primary_key=True)
    business = Text()
    conversation = Text()
    cart = Text()
    cart_version = BigInt()
    total = BigInt()
    promised = BigInt()
    load = Text()
    """`Load` as JSON."""
    active = Boolean(default=True)
    expires = BigInt()


class CustomerOrder(Table, tablename="customer_order"):
    id = Text(primary_key=True)
    business = Text()
    reference = Text()
    """Eight characters without the hyphen."""
    status = Text()
    """See `transitions.ALLOWED`."""
    version = BigInt(default=1)
    """Rises with every change of status."""
    contact = Text()
    conversation = Text()
    call = Text()
    """The tool call that placed it: the same call again is the same order."""
    cart = Text()
    cart_version = BigInt()
    fulfilment = Text()
    asap = Boolean(default=False)
    ready = BigInt()
    """When the kitchen is done."""
    promised = BigInt()
    """When the customer has it: for a delivery later by the way."""
    timezone = Text()
    wall = Text()
    """The local time of `promised` as it was agreed."""
    name = Text()
    phone = Text()
    address = Text(default="")
    postcode = Text(default="")
    lines = Text()
    sums = Text()
    total = BigInt()
    currency = Text()
    load = Text()
    extra = Text(default="{}")
    placed = BigInt()
    alerted = BigInt(default=0)
    """When the business was told that nobody accepts it; 0 is not yet."""
    updated = BigInt()


class OrderHistory(Table, tablename="order_history"):
    """Every change of an order: who and why."""

    id = BigSerial(primary_key=True)
    business = Text()
    customer_order = Text()
    version = BigInt()
    before = Text()
    after = Text()
    actor = Text()
    """customer | staff | system"""
    who = Text(default="")
    reason = Text(default="")
    at = BigInt()


CONTACTS = ("customer_order",)
"""Those with a column `contact`."""
TABLES = (
    OrderKitchen,
    OrderWindow,
    OrderStock,
    OrderHold,
    CustomerOrder,
    OrderHistory,
)
