"""One-time codes. Times are milliseconds since the epoch, UTC."""

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class VerifyCode(Table, tablename="verify_code"):
    """The code that a contact was sent last; a new one replaces it."""

    contact = Text(primary_key=True)
    business = Text()
    phone = Text()
    """E.164."""
    digest = Text()
    """HMAC-SHA-256 under the server's secret key, in hexadecimal."""
    tries = BigInt(default=0)
    expires = BigInt()


class VerifySent(Table, tablename="verify_sent"):
    """When codes were sent, by contact, by number and by business."""

    key = Text(primary_key=True)
    moments = Text(default="[]")
    """A JSON list."""
    updated = BigInt(default=0)


TABLES = (VerifyCode, VerifySent)
