"""What went wrong, told once in the engine's words (`ModelError`). Knows no library."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from frontdesk import ModelError

# By `error.type` of the API: (our kind, whether another attempt can help).
_TYPES = {
    "invalid_request_error": ("bad_request", False),
    "request_too_large": ("bad_request", False),
    "not_found_error": ("bad_request", False),
    "authentication_error": ("auth", False),
    "permission_error": ("auth", False),
    "billing_error": ("spend_limit", False),
    "rate_limit_error": ("rate_limit", True),
    "overloaded_error": ("overloaded", True),
    "timeout_error": ("timeout", True),
    "api_error": ("server", True),
}
_STATUSES = {
    401: ("auth", False),
    402: ("spend_limit", False),
    403: ("auth", False),
    408: ("timeout", True),
    409: ("server", True),
    429: ("rate_limit", True),
    529: ("overloaded", True),
}


def from_status(
    status: int,
    headers: Mapping[str, str],
    *,
    type_: str = "",
    code: str = "",
    said: str = "",
) -> ModelError:
    """An answer with an error status. `said` is the API's own sentence, `code` its error_code."""
    if status in _STATUSES:
        kind, retryable = _STATUSES[status]
    elif status >= 500:
        kind, retryable = "server", True
    else:
        kind, retryable = "bad_request", False
    if "spend_limit" in code or type_ == "billing_error":
        # It lasts to the end of the month, and the API's headers do not say so.
        kind, retryable = "spend_limit", False
    if headers.get("x-should-retry") == "false":
        retryable = False
    return ModelError(
        kind,
        _sentence(f"the API answered with status {status}", code or type_, said),
        retryable=retryable,
        retry_after=retry_after(headers) if retryable else None,
        request_id=headers.get("request-id", ""),
    )


def from_event(type_: str, code: str, said: str) -> ModelError:
    """An `error` event within a stream."""
    kind, retryable = _TYPES.get(type_, ("server", True))
    if "spend_limit" in code:
        kind, retryable = "spend_limit", False
    message = _sentence("the API broke the reply off", code or type_, said)
    return ModelError(kind, message, retryable=retryable)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from `retry-after-ms` or `retry-after` (seconds, or an HTTP date)."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is not None or not text:
        return seconds
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _sentence(what: str, name: str, said: str) -> str:
    named = f"{what} ({name})" if name else what
    return f"{named}: {said[:300]}" if said else named
