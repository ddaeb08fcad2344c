"""Structured logs: for people on a terminal, JSON lines elsewhere. Ids, never texts or secrets."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, cast

import structlog

from frontdesk import FrontdeskError

_SECRET = re.compile(r"(?i)(\bsk-[\w-]{8,}|bearer\s+\S+|//[^/\s:@]+:[^@\s]+@)")
_SECRET_KEYS = re.compile(r"(?i)(token|secret|password|api_key|authorization)$")


def set_up(*, verbose: bool = False) -> None:
    """Send our logs, and other libraries' warnings, to standard error."""
    level = logging.DEBUG if verbose else logging.INFO
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_frames),
        _without_secrets,
    ]
    last: Any = structlog.processors.JSONRenderer()
    if sys.stderr.isatty():
        last = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )


def _frames(exc_info: Any) -> str:
    """A traceback without the messages of other people's exceptions: they quote what customers
    wrote, rows of the database and URLs with passwords. Our own say nothing of the kind."""
    error = exc_info[1]
    parts: list[str] = []
    while error is not None:
        said = f": {error}" if isinstance(error, FrontdeskError) else ""
        parts.append(
            "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__ + said
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\ncaused by\n".join(parts)


def scrubbed(text: str) -> str:
    """Without what looks like a key, a token or the password of a URL."""
    return _SECRET.sub("***", text)


def _without_secrets(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _clean(key, value)
    return event


def _clean(key: str, value: Any) -> Any:
    if _SECRET_KEYS.search(key):
        return "***"
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return {name: _clean(str(name), item) for name, item in table.items()}
    if isinstance(value, list | tuple):
        return [_clean("", item) for item in cast("list[Any]", value)]
    return value
