"""Whether a webhook comes from Twilio.

Twilio signs the address it calls, as it is configured there, and every field, blank ones too. The
signature has no time in it, so it does not tell repetitions: message ids do.
"""

from collections.abc import Mapping
from typing import Any

import structlog

from frontdesk_plugins.sms.sdk import is_signed
from frontdesk_plugins.sms.settings import SmsSettings

log = structlog.get_logger("frontdesk.sms")

HEADER = b"x-twilio-signature"
SETTINGS_HEADER = b"x-twilio-webhooks-signature-settings"
"""key=ID,algorithm=NAME: it was signed with the shared key of that id, and not with the token."""
ALGORITHMS = ("HMAC_SHA256", "HMAC_SHA1")


def url_of(scope: Mapping[str, Any], public_url: str) -> str:
    """The address that Twilio called, letter by letter, from an ASGI scope.

    Without `public_url`, which is for development only, the Host header is believed.
    """
    base = public_url.rstrip("/")
    if not base:
        log.warning("server.public_url is not set: signatures are checked against the Host header")
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        base = f"{scope['scheme']}://{host.decode('latin-1')}"
    path = (scope["raw_path"] + (b"?" if scope["query_string"] else b"")).decode("latin-1")
    return f"{base}{path}{scope['query_string'].decode('latin-1')}"


def is_genuine(
    section: SmsSettings, url: str, scope: Mapping[str, Any], form: Mapping[str, Any]
) -> bool:
    """Whether Twilio signed this request. `form` is Litestar's `FormMultiDict`, with all its values.

    Nothing that a stranger can send raises an error here.
    """
    if not section.validate:
        return True
    try:
        return _is_genuine(section, url, scope, form)
    except Exception as error:
        log.warning("a signature could not be checked", error=type(error).__name__)
        return False


def _is_genuine(
    section: SmsSettings, url: str, scope: Mapping[str, Any], form: Mapping[str, Any]
) -> bool:
    signature = _header(scope, HEADER)
    if not signature or not _is_text(form):
        return False
    chosen = _header(scope, SETTINGS_HEADER)
    if chosen is None:
        secrets, algorithm = section.tokens, "HMAC_SHA1"
    else:
        secrets, algorithm = _shared_key(section, chosen)
    return any(is_signed(secret, url, form, signature, algorithm) for secret in secrets)


def _shared_key(section: SmsSettings, chosen: str) -> tuple[tuple[str, ...], str]:
    """The secret and the algorithm that the header names; no secret when we know either of them not.

    The header is a stranger's word until the signature is checked: it chooses among what is configured,
    and never falls back to the token.
    """
    parts = [part.partition("=") for part in chosen.split(",")]
    names = [name.strip() for name, _, _ in parts]
    values = {name.strip(): value.strip() for name, _, value in parts}
    algorithm = values.get("algorithm", "").upper()
    secret = section.shared_keys.get(values.get("key", ""))
    if secret is None or algorithm not in ALGORITHMS or len(set(names)) < len(names):
        return (), ""
    return (secret,), algorithm


def _header(scope: Mapping[str, Any], wanted: bytes) -> str | None:
    """None when it is missing. Raises ValueError when it stands there twice."""
    found = [value for name, value in scope["headers"] if name.lower() == wanted]
    if len(found) > 1:
        raise ValueError("a header stands there twice")
    return found[0].decode("latin-1") if found else None


def _is_text(form: Mapping[str, Any]) -> bool:
    """Whether all of it is text. A file among the fields is not of Twilio's making."""
    getall = getattr(form, "getall", None)
    return all(
        isinstance(value, str)
        for name in form
        for value in (getall(name) if getall else [form[name]])
    )
