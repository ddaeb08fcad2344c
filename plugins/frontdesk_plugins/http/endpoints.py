"""What a tool calls: an address with places for its arguments, and what of the answer is told."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast
from urllib.parse import quote

import msgspec
from msgspec import Meta

from frontdesk import ActionError, Business, ConfigError

_PLACE = re.compile(r"\{([a-zA-Z][a-zA-Z0-9_]*)\}")
_SECRET = re.compile(r"\{secret:([a-z][a-z0-9_]*)\}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_NOT_OURS = ("host", "content-length", "transfer-encoding", "connection")


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[settings.http.endpoints.NAME] of a business, or what a pack's tool binds."""

    url: Annotated[str, Meta(min_length=1, max_length=1000)]
    """{name} stands for an argument, in the path or the query, never in the host."""
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    headers: dict[str, str] = {}
    """{secret:NAME} stands for a secret of the installation, see [plugins.http.secrets]."""
    body: dict[str, Any] | None = None
    """The JSON that is sent. A text that is just {name} becomes that argument with its type. Without
    it all arguments are sent as they are; nothing with GET and DELETE."""
    result: dict[str, str] = {}
    """What the model reads of the answer, by JSON Pointer (RFC 6901); without it all of it."""
    message: Annotated[str, Meta(max_length=500)] = ""
    """What the customer may be told; {name} stands for a part of `result`."""
    refusals: dict[str, str] = {}
    """By status: what the other system means by it, for example 404 = "There is no such job."."""
    timeout: Annotated[float, Meta(gt=0, le=25)] = 10
    """Seconds for all attempts."""
    idempotency_header: Annotated[str, Meta(max_length=64)] = "Idempotency-Key"
    """Carries the call's id, the same in every attempt. Empty when the other system knows none: then
    what may have arrived is not sent again."""

    def __post_init__(self) -> None:
        scheme, _, rest = self.url.partition("://")
        host = re.split(r"[/?#]", rest, maxsplit=1)[0]
        if "{" in scheme + host or not rest:
            raise ValueError("url: it needs a fixed host; {name} may stand behind it only")
        for name in self.headers:
            if not _HEADER.fullmatch(name) or name.lower() in _NOT_OURS:
                raise ValueError(f"headers: {name!r} cannot be set")
        for name, pointer in self.result.items():
            if pointer and not pointer.startswith("/"):
                raise ValueError(f"result.{name}: a JSON Pointer begins with /")
        for status in self.refusals:
            if not re.fullmatch(r"4\d\d", status):
                raise ValueError(f"refusals: {status!r} is not a status from 400 to 499")


class HttpBusiness(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[settings.http]"""

    endpoints: dict[str, Endpoint] = {}


class Secret(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    value: str
    businesses: tuple[str, ...] = ()
    """Whose endpoints may use it; all of them when empty."""


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[plugins.http]"""

    secrets: dict[str, Secret] = {}


def endpoint_of(business: Business, named: str | Endpoint) -> Endpoint:
    """Raises ConfigError: a pack's tool names an endpoint that the business does not have."""
    if isinstance(named, Endpoint):
        return named
    own = msgspec.convert(business.settings.get("http", {}), HttpBusiness)
    if named not in own.endpoints:
        raise ConfigError(
            f"[settings.http.endpoints.{named}] is missing in the business {business.id!r}"
        )
    return own.endpoints[named]


def address(endpoint: Endpoint, arguments: Mapping[str, Any]) -> str:
    """The URL of one call. Arguments are escaped, so that none of them leads elsewhere.

    Raises ActionError for an argument that is needed and missing.
    """

    def put_in(match: re.Match[str]) -> str:
        value = arguments.get(match[1])
        if value in (None, ""):
            raise ActionError(f"{match[1]} is needed", needs=match[1])
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if text in (".", ".."):  # a client would walk up the path with them
            raise ActionError(f"{match[1]} cannot be {text!r}", needs=match[1])
        return quote(text, safe="")

    return _PLACE.sub(put_in, endpoint.url)


def headers(endpoint: Endpoint, secrets: Mapping[str, Secret], business: str) -> dict[str, str]:
    """Raises ConfigError for a secret that is unknown or not this business's."""

    def put_in(match: re.Match[str]) -> str:
        secret = secrets.get(match[1])
        if secret is None or (secret.businesses and business not in secret.businesses):
            raise ConfigError(
                f"[plugins.http.secrets.{match[1]}] is missing, or not for {business!r}"
            )
        return secret.value

    return {name.lower(): _SECRET.sub(put_in, value) for name, value in endpoint.headers.items()}


def body(endpoint: Endpoint, arguments: Mapping[str, Any]) -> bytes:
    if endpoint.body is not None:
        return msgspec.json.encode(_filled(endpoint.body, arguments))
    return b"" if endpoint.method in ("GET", "DELETE") else msgspec.json.encode(dict(arguments))


def _filled(template: Any, arguments: Mapping[str, Any]) -> Any:
    if isinstance(template, dict):
        tree = cast("dict[str, Any]", template)
        pairs = ((key, _filled(value, arguments)) for key, value in tree.items())
        return {key: value for key, value in pairs if value is not None}
    if isinstance(template, list):
        items: list[Any] = template  # pyright: ignore[reportUnknownVariableType]
        return [_filled(value, arguments) for value in items]
    if not isinstance(template, str):
        return template
    if whole := _PLACE.fullmatch(template):
        return arguments.get(whole[1])
    return _PLACE.sub(lambda match: str(arguments.get(match[1], "")), template)


def told(endpoint: Endpoint, answer: Any) -> dict[str, Any]:
    """The parts of an answer that are wanted, by name. What it does not have is left out."""
    if not endpoint.result:
        is_object = isinstance(answer, dict)
        return cast("dict[str, Any]", answer) if is_object else {"result": answer}
    parts = {name: _at(answer, pointer) for name, pointer in endpoint.result.items()}
    return {name: value for name, value in parts.items() if value is not None}


def _at(tree: Any, pointer: str) -> Any:
    """What a JSON Pointer leads to; None when it leads nowhere."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        found: Any = None
        if isinstance(tree, dict):
            found = cast("dict[str, Any]", tree).get(key)
        elif isinstance(tree, list):
            items: list[Any] = tree  # pyright: ignore[reportUnknownVariableType]
            found = items[int(key)] if key.isdecimal() and int(key) < len(items) else None
        tree = found
    return tree


def sentence(endpoint: Endpoint, parts: Mapping[str, Any]) -> str:
    return _PLACE.sub(lambda match: str(parts.get(match[1], "")), endpoint.message).strip()
