"""Pages as HTML: templates, and the headers that all pages of the console have."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from litestar import MediaType, Response
from litestar.datastructures import Cookie

from frontdesk_server.console.origins import is_secure

if TYPE_CHECKING:
    from jinja2 import Environment

    from frontdesk.desk import Desk

_CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def headers(desk: "Desk") -> dict[str, str]:
    found = {
        "content-security-policy": _CSP,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        # With "no-referrer" browsers would post forms with the origin "null".
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cache-control": "no-store",
    }
    if is_secure(desk):
        found["strict-transport-security"] = "max-age=31536000"
    return found


def html(
    desk: "Desk",
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    cookies: Sequence[Cookie] = (),
    more: Mapping[str, str] | None = None,
) -> Response[str]:
    """`more` are further headers. Whatever the template does wrong comes out as an exception."""
    return Response(
        environment().get_template(template).render(**values),
        status_code=status,
        media_type=MediaType.HTML,
        headers=headers(desk) | dict(more or {}),
        cookies=list(cookies),
    )


def redirect(desk: "Desk", to: str, *, cookies: Sequence[Cookie] = ()) -> Response[str]:
    """To a path of ours, by GET."""
    return Response(
        "",
        status_code=303,
        media_type=MediaType.TEXT,
        headers=headers(desk) | {"location": to},
        cookies=list(cookies),
    )


def exists(template: str) -> bool:
    return _text(template) is not None


@cache
def environment() -> "Environment":
    import jinja2  # noqa: PLC0415

    made = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(_text),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["when"] = when  # pyright: ignore[reportArgumentType]
    return made


def when(at: datetime) -> str:
    """A time as staff read it, in its own zone: "Sun 22 Nov 2026, 18:05"."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"


def _text(name: str) -> str | None:
    """Of a template of ours by its name alone, of a plugin's as PACKAGE:PATH."""
    package, colon, path = name.partition(":")
    if not colon:
        package, path = "frontdesk_server", f"pages/console/{name}"
    try:
        return files(package).joinpath(path).read_text(encoding="utf-8")
    except (OSError, ModuleNotFoundError):
        return None
