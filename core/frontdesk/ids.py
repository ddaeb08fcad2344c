"""Identifiers that sort by time (RFC 9562, UUID version 7)."""

import uuid_utils


def new_id() -> str:
    """A fresh UUIDv7 in its 36 character form."""
    return str(uuid_utils.uuid7())
