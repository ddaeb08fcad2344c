"""The one file that imports Twilio's SDK, and each part of it when that is first needed."""

import logging
from typing import TYPE_CHECKING, Any

from frontdesk.instants import ms
from frontdesk_plugins.sms.errors import SmsError, from_status
from frontdesk_plugins.sms.provider import Outgoing, Taken
from frontdesk_plugins.sms.settings import SmsSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT = 10.0
"""Seconds, to connect and for each silence while reading."""
LOOKED_AT = 100
"""The newest messages from one number to another that a look-up reads."""
_TRIAL = "Sent from your Twilio trial account - "


def is_signed(
    secret: str, url: str, form: "Mapping[str, Any]", signature: str, algorithm: str
) -> bool:
    """Whether Twilio, who knows this secret, signed this request."""
    from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # noqa: PLC0415

    validator: Any = RequestValidator(secret)
    return bool(validator.validate(url, form, signature, algorithm))


class Connection:
    """The SDK's client. It blocks, so it is used in threads. One per process."""

    def __init__(self, section: SmsSettings) -> None:
        from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]  # noqa: PLC0415
        from twilio.rest import Client  # type: ignore[import-untyped]  # noqa: PLC0415
        from urllib3.util.retry import Retry  # noqa: PLC0415

        assert section.credentials is not None
        user, password = section.credentials
        # Only what never left is repeated here: "2" would also repeat a request after an error of TLS.
        again: Any = Retry(total=2, connect=2, read=False, redirect=0, status=0, other=0)
        http = TwilioHttpClient(
            timeout=TIMEOUT,
            max_retries=again,
            # The SDK logs numbers as parts of addresses.
            logger=logging.Logger("frontdesk.sms.twilio", logging.CRITICAL),
        )
        client: Any = Client(user, password, section.account_sid, http_client=http)
        if section.api_base_url:
            client.api.base_url = section.api_base_url.rstrip("/")
        self._service = section.messaging_service_sid
        self._messages: Any = client.messages

    def send(self, message: Outgoing) -> Taken:
        optional = {
            "messaging_service_sid": self._service,
            "status_callback": message.status_callback,
        }
        try:
            made = self._messages.create(
                to=message.to,
                from_=message.from_,
                body=message.body,
                validity_period=message.validity,
                **{key: value for key, value in optional.items() if value},
            )
            return _taken(made)
        except Exception as error:
            raise _explained(error) from error

    def find(self, message: Outgoing, since: int) -> list[Taken]:
        """Twilio sorts and filters by the time at which it sent a message on. One that still waits has
        none, so the time at which it was made is looked at here."""
        try:
            listed = self._messages.list(to=message.to, from_=message.from_, limit=LOOKED_AT)
            return [
                _taken(found)
                for found in listed
                if _words(found.body) == _words(message.body)
                and str(found.direction).startswith("outbound")
                and ms(found.date_created) >= since - since % 1000  # Twilio tells whole seconds
            ]
        except Exception as error:
            raise _explained(error) from error


def _taken(message: Any) -> Taken:
    if not message.sid:
        raise ValueError("a message without an id")
    segments = int(message.num_segments or 0) or None  # 0 until a service has chosen its sender
    error = str(message.error_code or "")
    return Taken(sid=message.sid, state=str(message.status), segments=segments, error=error)


def _words(body: str | None) -> str:
    return (body or "").removeprefix(_TRIAL).strip()


def _explained(error: Exception) -> SmsError:
    """What an exception of the SDK, or of what it is built on, says about the message."""
    import requests  # noqa: PLC0415
    from twilio.base.exceptions import (  # type: ignore[import-untyped]  # noqa: PLC0415
        TwilioRestException,
        TwilioServiceException,
    )
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError  # noqa: PLC0415

    if isinstance(error, TwilioRestException | TwilioServiceException):
        return from_status(error.status, error.code)
    if isinstance(error, requests.ConnectionError):
        reason = getattr(error.args[0], "reason", None) if error.args else None
        if isinstance(reason, NewConnectionError | ConnectTimeoutError):
            return SmsError("retry", "connection")
        return SmsError("unknown", "cut")
    if isinstance(error, requests.Timeout):
        return SmsError("unknown", "timeout")
    return SmsError("unknown", "unreadable")
