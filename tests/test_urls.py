"""URLs that businesses configure lead to the outside, or nowhere."""

import asyncio
import gzip
import re
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from raw_server import http, listening

from frontdesk.errors import ConfigError
from frontdesk.urls import Reach, UnreachableError, UrlError, check, connector, is_public, request

SPECIAL: list[IPv4Network | IPv6Network] = [
    *map(
        IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        ),
    ),
    *map(
        IPv6Network,
        (
            "::/128", "::1/128", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48",
            "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10",
            "fec0::/10", "ff00::/8",
        ),
    ),
]  # fmt: skip
ANY = st.one_of(
    st.ip_addresses(), st.sampled_from(SPECIAL).flatmap(lambda net: st.ip_addresses(network=net))
)
PRIVATE = ANY.filter(lambda address: not is_public(str(address)))


# ---- addresses


@given(ANY)
@example(ip_address("169.254.169.254"))
@example(ip_address("fd00:ec2::254"))
@example(ip_address("::ffff:8.8.8.8"))
def test_nothing_that_is_special_is_public(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_private
        assert not address.is_multicast
        assert not address.is_reserved
        assert not any(address in network for network in SPECIAL)
        if isinstance(address, IPv6Address):
            assert address.ipv4_mapped is None
            assert address.sixtofour is None
            assert address.teredo is None


@given(st.ip_addresses(v=4))
def test_other_ipv4_addresses_are_public(address: IPv4Address) -> None:
    special = any(address in network for network in SPECIAL) or str(address) == "168.63.129.16"
    assert is_public(str(address)) is not special


@pytest.mark.parametrize(
    "address", ["2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860::8888"]
)
def test_ordinary_ipv6_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "example.com", "127.1", "2606:4700::1%eth0", "8.8.8.8 "])
def test_what_is_no_plain_address_is_not_public(text: str) -> None:
    assert not is_public(text)


# ---- configuration


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com", "https://example.com:8443/a?b=c#d", "https://a-b.example.co.uk./",
        "https://8.8.8.8/", "https://[2606:4700:4700::1111]/", "https://xn--mnchen-3ya.de/",
        "HTTPS://Example.com/", "https://example.com/a@b", "https://_x.example.com:443/%20",
    ],
)  # fmt: skip
def test_ordinary_urls_may_be_called(url: str) -> None:
    check(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "must be ASCII"),
        ("example.com", "must begin with https://"),
        ("http://example.com/", "must begin with https://"),
        ("ftp://example.com/", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https:example.com", "no valid host"),
        ("https://", "no valid host"),
        ("https:///path", "no valid host"),
        ("https://user@example.com/", "user name"),
        ("https://user:pw@example.com/", "user name"),
        ("https://example.com:443@127.0.0.1/", "user name"),
        ("https://example.com:22/", "port 22 is not allowed; allowed: 443, 8443"),
        ("https://example.com:99999/", "cannot be read"),
        ("https://example.com:x/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://exa mple.com/", "must be ASCII"),
        ("https://example.com\\@127.0.0.1/", "must be ASCII"),
        ("https://example.com/\n", "must be ASCII"),
        ("https://münchen.de/", "must be ASCII"),
        ("https://" + "a." * 2000 + "com/", "must be ASCII"),
        ("https://ex%61mple.com/", "no valid host"),
        ("https://-example.com/", "no valid host"),
        ("https://a..com/", "no valid host"),
        ("https://" + "a" * 64 + ".com/", "no valid host"),
        ("https://localhost/", "not a public name"),
        ("https://LOCALHOST./", "not a public name"),
        ("https://intranet/", "not a public name"),
        ("https://db.internal/", "not a public name"),
        ("https://printer.local./", "not a public name"),
        ("https://metadata.google.internal/", "not a public name"),
        ("https://127.0.0.1/", "not a public address"),
        ("https://[::1]/", "not a public address"),
        ("https://[::]/", "not a public address"),
        ("https://[fe80::1%25eth0]/", "not a public address"),
        ("https://[::ffff:10.0.0.1]/", "not a public address"),
        ("https://[64:ff9b::a00:1]/", "not a public address"),
        ("https://[2002:a00:1::]/", "not a public address"),
        ("https://127.1/", "not an address as it is written"),
        ("https://2130706433/", "not an address as it is written"),
        ("https://0x7f.1/", "not an address as it is written"),
        ("https://0x7f000001/", "not an address as it is written"),
        ("https://0177.0.0.1/", "not an address as it is written"),
        ("https://127.0.0.1./", "not an address as it is written"),
        ("https://1.2.3.4.5/", "not an address as it is written"),
    ],
)
def test_other_urls_are_refused_with_the_reason(url: str, why: str) -> None:
    with pytest.raises(UrlError, match=re.escape(why)):
        check(url)
    assert issubclass(UrlError, ConfigError)


@given(PRIVATE)
def test_no_private_address_passes_in_any_notation(address: IPv4Address | IPv6Address) -> None:
    forms = [str(address)]
    if isinstance(address, IPv4Address):
        number = int(address)
        a, b, c, d = address.packed
        forms += [
            str(number), hex(number), f"0{number:o}", f"{a}.{number & 0xFFFFFF}",
            f"{a}.{b}.{c << 8 | d}", f"0{a:o}.{b}.{c}.{d}", f"0x{a:x}.{b}.{c}.{d}", f"{address}.",
        ]  # fmt: skip
        forms += [f"[::ffff:{address}]", f"[64:ff9b::{address}]", f"[2002:{a:x}{b:02x}::]"]
    else:
        forms = [f"[{address}]", f"[{address.exploded}]"]
    for form in forms:
        with pytest.raises(UrlError):
            check(f"https://{form}/")


@given(st.text(st.sampled_from("ahtps:/@.[]%?#&\\0127x-"), max_size=30))
@example("https://[")
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for url in (text, "https://" + text):
        with suppress(UrlError):
            check(url)


def test_an_operator_may_allow_more() -> None:
    check("https://example.com:9000/", Reach(ports=(9000,)))
    check("http://127.0.0.1:9000/", Reach(ports=(9000,), local=True))
    check("http://kitchen:80/", Reach(ports=(80,), local=True))
    with pytest.raises(UrlError, match="not allowed"):
        check("http://127.0.0.1:9001/", Reach(ports=(9000,), local=True))
    with pytest.raises(UrlError, match="user name"):
        check("http://me@127.0.0.1:9000/", Reach(ports=(9000,), local=True))


def test_a_setting_with_a_wrong_url_is_refused_where_it_is_read() -> None:
    class Section(msgspec.Struct):
        webhook: str

        def __post_init__(self) -> None:
            check(self.webhook)

    class Settings(msgspec.Struct):
        orders: Section

    with pytest.raises(
        msgspec.ValidationError, match=r"must begin with https:// - at `\$\.orders`"
    ):
        msgspec.convert({"orders": {"webhook": "http://x.com"}}, Settings)


def test_the_reason_does_not_repeat_what_may_be_secret() -> None:
    with pytest.raises(UrlError) as caught:
        check("https://hooks.example.com:22/services/T0KEN?key=T0KEN")
    assert "T0KEN" not in str(caught.value)


# ---- connections


OK = http(200, b"hello", X_Test="yes")


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """The system's resolver gives these addresses for every name; the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


async def test_an_answer() -> None:
    async with listening(OK) as wire:
        answer = await request(
            "POST",
            f"{wire.url}/hook?a=%20b",
            wire.reach,
            body=b"{}",
            headers={"X-A": "b"},
            longest=9,
        )
    assert (answer.status, answer.headers["x-test"], answer.body) == (200, "yes", b"hello")
    ((first, headers, body),) = wire.requests
    assert (first, headers["x-a"], body) == ("POST /hook?a=%20b HTTP/1.1", "b", b"{}")


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), ("10.0.0.1", "192.168.0.1"), ("::1", "127.0.0.1"), ("64:ff9b::7f00:1",),
     ("::ffff:127.0.0.1",), ("169.254.169.254",)],
)  # fmt: skip
async def test_a_name_that_leads_inside_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    async with listening(OK) as wire:
        reach = Reach(ports=(wire.port,))
        asked = resolve_to(monkeypatch, *addresses)
        with pytest.raises(UnreachableError, match="leads to no public address") as caught:
            await request("GET", f"https://hooks.example.com:{wire.port}/", reach)
        assert not any(address in str(caught.value) for address in addresses)
        assert asked == ["hooks.example.com"]
        assert wire.connections == 0
        # The same name with the operator's leave: so it was the address, and nothing else.
        if "127.0.0.1" in addresses:
            await request("GET", f"http://hooks.example.com:{wire.port}/", wire.reach)
            assert wire.connections == 1


async def test_an_address_needs_no_resolver_and_is_refused_all_the_same() -> None:
    import aiohttp

    async with listening(OK) as wire:
        with pytest.raises(UrlError):
            await request("GET", wire.url, Reach(ports=(wire.port,)))
        for reach in (Reach(ports=(wire.port,)), Reach(local=True)):
            async with aiohttp.ClientSession(connector=connector(reach)) as session:
                with pytest.raises(aiohttp.ClientConnectorError, match=r"no public|not allowed"):
                    await session.get(wire.url)
        assert wire.connections == 0


async def test_redirects_are_not_followed() -> None:
    async with listening(http(302, location="/inside"), OK) as wire:
        answer = await request("GET", wire.url, wire.reach)
    assert (answer.status, len(wire.requests)) == (302, 1)


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(OK) as wire, listening(OK) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        await request("GET", wire.url, wire.reach)
        assert (wire.connections, proxy.connections) == (1, 0)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def silent(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("longest", [0, 1000, 200_000])
async def test_an_endless_answer_is_cut(longest: int) -> None:
    async with listening(endless) as wire:
        answer = await request("GET", wire.url, wire.reach, longest=longest)
    assert answer.body == b"x" * longest


async def test_a_compressed_answer_does_not_grow() -> None:
    bomb = gzip.compress(b"x" * 10_000_000)
    async with listening(http(200, bomb, content_encoding="gzip")) as wire:
        answer = await request("GET", wire.url, wire.reach, longest=20_000)
    assert answer.body == bomb[:20_000]
    assert wire.requests[0][1]["accept-encoding"] == "identity"


@pytest.mark.parametrize("answer", [silent, dripping])
async def test_a_slow_answer_is_not_waited_for(answer: Any) -> None:
    async with listening(answer) as wire:
        with pytest.raises(UnreachableError, match=r"no answer within 0\.2 seconds"):
            await request("GET", wire.url, wire.reach, seconds=0.2, longest=1_000_000)


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nconte"])
async def test_what_is_no_answer_is_an_error_of_ours(answer: bytes) -> None:
    async with listening(answer) as wire:
        with pytest.raises(UnreachableError):
            await request("GET", wire.url, wire.reach)
    with pytest.raises(UnreachableError):  # nobody listens any more
        await request("GET", wire.url, wire.reach)
