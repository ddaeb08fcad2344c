"""Errors as RFC 9457 problem documents. A caller sees what to do; the log has the traceback."""

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

log = structlog.get_logger("frontdesk.server")


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response[bytes]:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


def http_problem(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    detail = error.detail
    if error.status_code == 404 and detail == HTTPStatus.NOT_FOUND.phrase:
        detail = "There is nothing at this address."
    if error.status_code == 413:
        detail = (
            detail if " " in detail.strip() and "content" in detail else "The body is too large."
        )
    return _problem(error.status_code, detail, error.headers)


def unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("request failed", path=request.scope["path"], exc_info=error)
    return _problem(500, "Something went wrong on our side. Please try again.")
