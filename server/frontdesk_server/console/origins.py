"""Where a request comes from: whose page sent it, and from which address."""

from contextlib import suppress
from ipaddress import IPv6Network, ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException

if TYPE_CHECKING:
    from frontdesk.desk import Desk

Connection = ASGIConnection[Any, Any, Any, Any]
_FORWARDED = ("forwarded", "via", "x-real-ip")


def check_origin(desk: "Desk", connection: Connection, *, needed: bool = False) -> None:
    """Raises HTTPException 403 for what a page of another site sent.

    Browsers name the origin in every POST and WebSocket handshake. Programs that are no browser
    leave it out; `needed` refuses that too.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        # Safari before 15.4 left it out of some forms; who has Sec-Fetch-Site tells it there.
        site = connection.headers.get("sec-fetch-site", "none" if not needed else "")
        if site in ("same-origin", "none"):
            return
    elif _origin(origin) is not None and _origin(origin) == _origin(own_origin(desk, connection)):
        return
    raise HTTPException(
        status_code=403,
        detail="This was sent from a page of another site. If it was not, server.public_url is not "
        "the address in your browser: tell whoever runs the server.",
    )


def own_origin(desk: "Desk", connection: Connection) -> str:
    """The server's: what is configured, else what the browser thinks that it is."""
    if desk.settings.server.public_url:
        return desk.settings.server.public_url.rstrip("/")
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    return f"{scheme}://{connection.headers.get('host', '')}"


def is_secure(desk: "Desk") -> bool:
    """Whether browsers reach us by https, so that cookies need never travel without it."""
    return desk.settings.server.public_url.startswith("https://")


def is_local(desk: "Desk", connection: Connection) -> bool:
    """Whether the browser runs on this computer. A proxy or a tunnel on it connects from here too: it
    names itself in a header, or asks for another host's name, as does a page of another site whose
    name leads here."""
    server, headers = desk.settings.server, connection.headers
    if server.public_url or not _is_loopback(server.host):
        return False
    if any(name in _FORWARDED or name.startswith("x-forwarded-") for name in headers):
        return False
    try:
        return _is_loopback(urlsplit(f"//{headers.get('host', '')}").hostname or "")
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _origin(text: str) -> tuple[str, str, int] | None:
    """RFC 6454; None for what is no origin of the web, such as "null"."""
    try:
        parts = urlsplit(text)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    if port is None or not parts.hostname or parts.path or parts.query or parts.username:
        return None
    return parts.scheme, parts.hostname, port


def address(connection: Connection) -> str:
    """The client's; behind a proxy that is trusted, what the proxy says."""
    host = connection.client.host if connection.client else "unknown"
    with suppress(ValueError):
        if ip_address(host).version == 6:  # a household has a whole /64 of them (RFC 6177)
            return str(IPv6Network((host.split("%")[0], 64), strict=False))
    return host
