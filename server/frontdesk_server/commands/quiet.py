"""Logs of commands that talk to a person."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from frontdesk_server import logs
from frontdesk_server.commands.options import Options


def set_up_logs(options: Options, level: int = logging.WARNING) -> None:
    """Only what is worth a line, without tracebacks, unless --verbose asks for everything."""
    logs.set_up(verbose=options.verbose)
    if not options.verbose:
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(level),
            processors=[_without_traceback, *structlog.get_config()["processors"]],
        )


def _without_traceback(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event.pop("exc_info", None)
    return event
