"""All routes of the console."""

import hashlib
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from litestar import Response, Router, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from frontdesk_server.console import engine, rendering, signing
from frontdesk_server.console.forms import AnyRequest

if TYPE_CHECKING:
    from frontdesk.desk import Desk

LARGEST_FORM = 1_000_000
"""Bytes."""
_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}


def make_routes(desk: "Desk") -> list[Any]:
    def problem(request: AnyRequest, error: HTTPException) -> Response[str]:
        """For those who are not signed in, and what no page could answer."""
        values = {"title": HTTPStatus(error.status_code).phrase, "text": error.detail}
        return rendering.html(
            desk, "problem.html.j2", values, status=error.status_code, more=error.headers
        )

    pages = Router(
        "/",
        route_handlers=[*signing.make_routes(desk), *engine.make_routes(desk)],
        exception_handlers={HTTPException: problem},
        request_max_body_size=LARGEST_FORM,
        include_in_schema=False,
    )
    return [pages, asset]


@get("/console/assets/{name:str}", include_in_schema=False, sync_to_thread=False)
def asset(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    kind = _KINDS.get(name.rpartition(".")[2])
    folders = (files("frontdesk_server.console") / "assets", files("frontdesk_widget") / "dist")
    entries = {entry.name: entry for folder in folders for entry in folder.iterdir()}
    found = entries.get(name) if kind else None
    if found is None:
        raise HTTPException(status_code=404, detail="There is no such file.")
    body = found.read_bytes()
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    is_known = request.headers.get("if-none-match") == etag
    return Response(
        b"" if is_known else body,
        status_code=304 if is_known else 200,
        media_type=kind,
        headers={"etag": etag, "cache-control": "no-cache", "x-content-type-options": "nosniff"},
    )
