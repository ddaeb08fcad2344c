"""Structured logs: for people on a terminal, JSON lines elsewhere. Ids, never texts or secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(r"(?i)(sk-[\w-]{8,}|bearer\s+\S+|//[^/\s:@]+:[^@\s]+@)")
_SECRET_KEYS = re.compile(r"(?i)(token|secret|password|api_key|authorization)$")


def set_up(*, verbose: bool = False) -> None:
    """Send our logs, and other libraries' warnings, to standard error."""
    level = logging.DEBUG if verbose else logging.INFO
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_secrets,
    ]
    if sys.stderr.isatty():
        # Plain tracebacks: the default ones print local variables, and with them customers' words.
        renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        last: list[Any] = [renderer]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=shared + last,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )


def _without_secrets(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if _SECRET_KEYS.search(key):
            event[key] = "***"
        elif isinstance(value, str):
            event[key] = _SECRET.sub("***", value)
    return event
