"""The addresses under which calendars find bookings, and the routes behind them.

Whoever knows an address sees what it leads to: it holds a token that we signed. That of a booking
leads nowhere thirty days after the booking; that of a feed when `version` in [settings.booking.feeds]
is raised, or when the key that signed it is neither `secret_key` nor one of `old_secret_keys`.
"""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from itsdangerous import BadData, URLSafeSerializer

from frontdesk import ActionCall, Business, ConfigError, FrontdeskError, Settings
from frontdesk.businesses import Cache
from frontdesk.database import Database, Row, sqlite_path
from frontdesk.instants import ms
from frontdesk.references import shown
from frontdesk_plugins.booking import ical
from frontdesk_plugins.booking.ical import FeedRules

if TYPE_CHECKING:
    import click

    from frontdesk.desk import Desk

T = TypeVar("T")

_IN_FEED = (
    "FROM booking WHERE business = {} AND starts >= {} AND (status <> 'cancelled' OR updated >= {})"
)

KEPT = timedelta(days=30)
"""How long what is past or cancelled is still shown."""
MOST = 5000
"""Bookings in a feed: the next ones, and before them those of the last thirty days."""
LONGEST = 512
"""Characters of a token. Ours have about 150."""
_HEADERS = {
    "cache-control": "private, no-cache",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


# ---- addresses


def booking_path(keys: tuple[str, ...], business: str, booking: str) -> str:
    """Where the calendar of its customer finds a booking, by its id."""
    return f"/calendar/booking/{_signer(keys, 'booking').dumps([business, booking])}.ics"


def of_customer(call: ActionCall, booking: Row) -> dict[str, str]:
    """The part of a card with which its customer takes a booking into their calendar."""
    if not call.secret_keys:  # nobody serves it: a conversation in the terminal
        return {}
    return {"calendarUrl": booking_path(call.secret_keys, call.business.id, booking["id"])}


def feed_path(keys: tuple[str, ...], business: Business, resource: str = "") -> str:
    """Where staff subscribe to all bookings of a business, or to those of one resource."""
    token = _signer(keys, "feed").dumps([business.id, resource, feed_rules(business).version])
    return f"/calendar/feed/{token}.ics"


def feed_rules(business: Business) -> FeedRules:
    return msgspec.convert(business.settings.get("booking", {}).get("feeds", {}), FeedRules)


def _signer(keys: tuple[str, ...], what: str) -> URLSafeSerializer:
    # The library signs with the last key of the list and accepts all.
    return URLSafeSerializer(
        list(reversed(keys)),
        salt=f"frontdesk.calendar.{what}.v1",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )


def _read(keys: tuple[str, ...], what: str, name: str, of: type[T]) -> T | None:
    """What the token in a file's name holds; None for a forged one or another name."""
    token = name.removesuffix(".ics")
    if token == name or len(token) > LONGEST:
        return None
    try:
        return msgspec.convert(_signer(keys, what).loads(token), of)
    except (BadData, msgspec.ValidationError, UnicodeError):
        return None


# ---- routes


def routes(desk: "Desk") -> list[Any]:
    """For `register_routes`."""
    from litestar import Request, Response, get  # noqa: PLC0415  commands come here too
    from litestar.exceptions import NotFoundException  # noqa: PLC0415
    from litestar.params import FromPath  # noqa: PLC0415

    def calendar(body: bytes, headers: dict[str, str], status: int = 200) -> Response[bytes]:
        return Response(
            body,
            status_code=status,
            media_type="text/calendar",  # Litestar adds the charset
            headers=_HEADERS | headers,
        )

    @get("/calendar/booking/{name:str}", summary="A booking, for the calendar of its customer")
    async def booking(name: FromPath[str]) -> Response[bytes]:
        asked = _read(desk.secret_keys, "booking", name, tuple[str, str])
        business = await _business(desk, asked[0]) if asked else None
        row = await _booking(desk, business, asked[1]) if asked and business else None
        if business is None or row is None:
            raise NotFoundException(detail="There is no such booking, or no longer.")
        body = await asyncio.to_thread(ical.for_customer, business, row, _host(desk.settings))
        file = f'inline; filename="{shown(row["reference"])}.ics"'
        return calendar(body, {"content-disposition": file})

    @get("/calendar/feed/{name:str}", summary="The bookings, for the calendars of staff")
    async def feed(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        asked = _read(desk.secret_keys, "feed", name, tuple[str, str, int])
        business = await _business(desk, asked[0]) if asked else None
        if asked is None or business is None or not _is_current(business, asked[1], asked[2]):
            raise NotFoundException(detail="There is no such calendar, or no longer.")
        etag = await _etag(desk, business, asked[1])
        known = request.headers.get("if-none-match", "")
        if etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
            return calendar(b"", {"etag": etag}, 304)
        return calendar(await _feed(desk, business, asked[1]), {"etag": etag})

    return [booking, feed]


async def _business(desk: "Desk", identifier: str) -> Business | None:
    business = await desk.business(identifier)
    return None if business is None or "booking" in business.plugins.disabled else business


async def _booking(desk: "Desk", business: Business, identifier: str) -> Row | None:
    return await desk.database.one(
        "SELECT * FROM booking WHERE id = {} AND business = {} AND ends >= {}",
        identifier, business.id, ms(desk.now(business) - KEPT),
    )  # fmt: skip


def _is_current(business: Business, resource: str, version: int) -> bool:
    known = not resource or resource in ical.labels(business, "resources")
    return known and version == feed_rules(business).version


def _host(settings: Settings) -> str:
    """It is part of every event's id, and must not depend on how a request came here."""
    return urlsplit(settings.server.public_url).hostname or "frontdesk.invalid"


async def _etag(desk: "Desk", business: Business, resource: str) -> str:
    """It changes with the bookings and with the business, and costs no more than a count."""
    sums = await desk.database.one(
        f"SELECT COUNT(*) AS n, SUM(updated) AS updated, SUM(sequence) AS changes {_IN_FEED}",
        *_in_feed(desk, business),
    )
    assert sums is not None
    said = [_host(desk.settings), resource, *map(str, sums.values())]
    of = "\n".join(said).encode() + msgspec.json.encode(business)
    return f'"{hashlib.sha256(of).hexdigest()[:32]}"'


async def _feed(desk: "Desk", business: Business, resource: str) -> bytes:
    rows = await desk.database.fetch(
        f"SELECT * {_IN_FEED} ORDER BY starts DESC LIMIT {{}}", *_in_feed(desk, business), MOST
    )
    host, rules = _host(desk.settings), feed_rules(business)
    # In a thread, because thousands of them would hold up everyone.
    return await asyncio.to_thread(ical.feed, business, rows[::-1], host, rules, resource)


def _in_feed(desk: "Desk", business: Business) -> tuple[str, int, int]:
    since = ms(desk.now(business) - KEPT)
    return business.id, since, since


# ---- the command


def commands() -> "list[click.Command]":
    """For `register_commands`."""
    import click  # noqa: PLC0415  the server has no use for it

    @click.group(name="booking")
    def group() -> None:
        """Bookings, outside of conversations."""

    @group.command(name="feed")
    @click.argument("business")
    @click.argument("resource", default="")
    @click.pass_obj
    def feed(options: Any, business: str, resource: str) -> None:
        """Print the address under which calendars can subscribe to the bookings of BUSINESS, or to
        those of one RESOURCE, such as a table or a member of staff.

        Who knows the address sees the bookings. To make all addresses of a business useless, raise
        `version` in [settings.booking.feeds] of its file and apply it.
        """
        settings: Settings = options.settings()
        path = sqlite_path(settings.database.url)
        if path and not Path(path).exists():  # opening it would make it
            raise FrontdeskError(f"There is no database yet: {Path(path).absolute()} is not there.")
        found = asyncio.run(_found(settings, business, resource))
        base = settings.server.public_url or f"http://{settings.server.host}:{settings.server.port}"
        click.echo(base.rstrip("/") + feed_path(_keys(settings), found, resource))

    return [group]


async def _found(settings: Settings, identifier: str, resource: str) -> Business:
    """The business. Raises FrontdeskError when it is not there, or has no such resource."""
    database = Database(settings.database)
    await database.start()
    try:
        business = await Cache(database).get(identifier)
    finally:
        await database.stop()
    if business is None:
        raise FrontdeskError(f"There is no business {identifier!r}.")
    known = ical.labels(business, "resources")
    if resource and resource not in known:
        names = ", ".join(known) or "none"
        raise FrontdeskError(f"{identifier} has no resource {resource!r}. Resources: {names}.")
    return business


def _keys(settings: Settings) -> tuple[str, ...]:
    """What the server signs with: configured, or kept beside its SQLite file."""
    if settings.server.secret_key:
        return (settings.server.secret_key,)
    path = sqlite_path(settings.database.url)
    try:
        return (Path(f"{path}.secret").read_text(encoding="ascii").strip(),)
    except OSError as error:
        raise ConfigError(
            "there is no secret key to sign the address with: set server.secret_key, "
            "or let `frontdesk serve` make one"
        ) from error
