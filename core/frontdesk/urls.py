"""URLs that businesses configure and this server calls: they lead to the outside, or nowhere.

Whoever may write a URL into a business's settings must not reach with it what only this server can
reach: its own ports, its network, the metadata service of its cloud. So a URL is checked when it is
configured (`check`), and every connection is checked once more when it is made (`connector`), because
a name may lead elsewhere by then.
"""

import asyncio
import errno
import re
import socket
from collections.abc import Mapping
from importlib import import_module
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from frontdesk.errors import ConfigError, FrontdeskError

if TYPE_CHECKING:
    import aiohttp

SECONDS = 15.0
"""For a whole request: name, connection, answer."""
LONGEST_URL = 2000

_NAME = re.compile(
    r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?"
)
_NUMERIC_END = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)\.?")
"""What programs read as an IPv4 address, in whatever notation (whatwg.org URL, "ends in a number")."""
_LOCAL_NAMES = ("localhost", "local", "internal", "lan", "home.arpa")

_NOT_PUBLIC = tuple(
    IPv4Network(text)
    for text in (  # iana.org/assignments/iana-ipv4-special-registry
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # public by its number, but within Azure it is the machine's own host
    )
)  # fmt: skip
_PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All that is given out. Outside of it: loopback, local, multicast, IPv4-mapped, NAT64."""
_NOT_PUBLIC_IPV6 = tuple(
    IPv6Network(text)
    for text in (  # iana.org/assignments/iana-ipv6-special-registry; 2002 and 2001:0 embed IPv4
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip


class Reach(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the operator lets such URLs reach."""

    ports: tuple[Annotated[int, Meta(ge=1, le=65535)], ...] = (443, 8443)
    local: bool = False
    """Also plain http, and addresses that are not public: for trials on one's own machine."""


class UrlError(ConfigError, ValueError):
    """A URL that may not be called. The text does not repeat it: its path may be a secret."""


class UnreachableError(FrontdeskError):
    """There was no answer."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    headers: Mapping[str, str]
    """Found whatever the case of the name."""
    body: bytes
    """As much of it as was asked for."""


def check(url: str, reach: Reach = Reach()) -> None:  # noqa: B008  it is frozen
    """Raises UrlError, with the cure, for a URL that may not be called."""
    if not re.fullmatch(r"[!-~]+", url) or "\\" in url or len(url) > LONGEST_URL:
        raise UrlError(
            "the URL must be ASCII, without spaces or backslashes: "
            "write other characters in percents, and names of hosts as xn--..."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UrlError(f"the URL cannot be read: {error}") from error
    if parts.scheme != "https" and not (reach.local and parts.scheme == "http"):
        raise UrlError("the URL must begin with https://")
    if "@" in parts.netloc:
        raise UrlError("the URL must not hold a user name or a password (before the @)")
    port = port if port is not None else {"https": 443, "http": 80}[parts.scheme]
    if port not in reach.ports:
        allowed = ", ".join(str(each) for each in reach.ports)
        raise UrlError(f"the URL's port {port} is not allowed; allowed: {allowed}")
    _check_host(host, reach)


def _check_host(host: str, reach: Reach) -> None:
    if ":" in host or _NUMERIC_END.fullmatch(host):
        try:
            ip_address(host)
        except ValueError as error:
            raise UrlError(f"the URL's host {host!r} is not an address as it is written") from error
        if not (reach.local or is_public(host)):
            raise UrlError(f"the URL's host {host} is not a public address")
    elif not _NAME.fullmatch(host):
        raise UrlError("the URL has no valid host")
    elif not reach.local and ("." not in host.rstrip(".") or _is_local_name(host.rstrip("."))):
        raise UrlError(f"the URL's host {host!r} is not a public name")


def _is_local_name(host: str) -> bool:
    return any(host == name or host.endswith("." + name) for name in _LOCAL_NAMES)


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet. What is no address is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC)
    if parsed.scope_id is not None or parsed not in _PUBLIC_IPV6:
        return False
    return not any(parsed in network for network in _NOT_PUBLIC_IPV6)


def connector(reach: Reach) -> "aiohttp.TCPConnector":
    """For an aiohttp session. It connects to nothing that is out of reach.

    The check is where sockets are made, because a host that is an address never sees a resolver.
    """
    import aiohttp  # noqa: PLC0415  heavy, and few starts need it

    def open_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not (reach.local or is_public(address[0])):
            # Without the address: who configured the name must not learn our network from it.
            raise PermissionError(errno.EACCES, "it leads to no public address")
        if address[1] not in reach.ports:
            raise PermissionError(errno.EACCES, f"the port {address[1]} is not allowed")
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(socket_factory=open_socket, use_dns_cache=False, force_close=True)


async def request(
    method: str,
    url: str,
    reach: Reach = Reach(),  # noqa: B008  it is frozen
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    longest: int = 0,
) -> Answer:
    """Call a URL; redirects are answers like others. Of the answer's body `longest` bytes are read.

    Raises UrlError, or UnreachableError when no answer came in time.
    """
    check(url, reach)
    await asyncio.to_thread(import_module, "aiohttp")  # it takes its time
    import aiohttp  # noqa: PLC0415
    import yarl  # noqa: PLC0415

    try:
        async with (
            aiohttp.ClientSession(
                connector=connector(reach),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=seconds),
                auto_decompress=False,  # so that `longest` is what it says
                headers={"accept-encoding": "identity", "user-agent": "Frontdesk"},
            ) as session,
            session.request(
                method,
                yarl.URL(url, encoded=True),
                data=body or None,
                headers=headers,
                allow_redirects=False,
            ) as response,
        ):
            return Answer(
                status=response.status,
                headers=response.headers,
                body=await _read(response, longest),
            )
    except TimeoutError as error:
        raise UnreachableError(f"no answer within {seconds:g} seconds") from error
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError(str(error) or type(error).__name__) from error


async def _read(response: "aiohttp.ClientResponse", longest: int) -> bytes:
    body = bytearray()
    while len(body) < longest:
        piece = await response.content.read(longest - len(body))
        if not piece:
            break
        body += piece
    return bytes(body)
