"""The visitors' tokens: signed, for one conversation, good for thirty days."""

import time
from functools import lru_cache
from hashlib import sha256

import msgspec
from itsdangerous import BadData, URLSafeTimedSerializer

MAX_AGE = 30 * 24 * 3600
"""Seconds."""
LONGEST = 512
"""Characters. Ours have about 150; longer ones must not fill the memory of what was checked."""
_SALT = "frontdesk.visitor.v1"


class Visitor(msgspec.Struct, frozen=True):
    """Who a token says is calling. Nothing that a request contains may say otherwise."""

    business: str
    visitor: str
    conversation: str


def _serializer(keys: tuple[str, ...]) -> URLSafeTimedSerializer:
    # The library signs with the last key of the list and accepts all.
    return URLSafeTimedSerializer(
        list(reversed(keys)),
        salt=_SALT,
        signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
    )


def issue(keys: tuple[str, ...], who: Visitor) -> str:
    """Characters that are legal in a header and in a WebSocket subprotocol (RFC 6455, 4.1)."""
    return str(_serializer(keys).dumps([who.business, who.visitor, who.conversation]))


def read(keys: tuple[str, ...], token: str) -> Visitor | None:
    """None for a token that is forged, expired or of another kind."""
    if len(token) > LONGEST:
        return None
    return _read(keys, token, int(time.time() // 60))


@lru_cache(maxsize=4096)
def _read(keys: tuple[str, ...], token: str, _minute: int) -> Visitor | None:
    """Checked once a minute, because a visitor sends the same one again and again."""
    try:
        parts = _serializer(keys).loads(token, max_age=MAX_AGE)
        return Visitor(*msgspec.convert(parts, tuple[str, str, str]))
    except (BadData, msgspec.ValidationError, UnicodeError):
        return None
