"""The section [plugins.sms], and the section [settings.sms] of a business."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from frontdesk import ConfigError, Settings

OptOut = Literal["twilio_default", "twilio_advanced", "self"]
Seconds = Annotated[float, Meta(ge=0)]
Secret = Annotated[str, Meta(min_length=1)]

_URL = r"^(https?://[^\s/@?#]+([/?#]\S*)?)?$"
"""Twilio drops user and password before it signs, so a URL with them could never be validated."""


class SmsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without `account_sid` there is no channel "sms"."""

    account_sid: Annotated[str, Meta(pattern=r"^(AC[0-9a-zA-Z]{32})?$")] = ""
    auth_token: str = ""
    """The primary one: Twilio signs with it."""
    auth_tokens: tuple[Secret, ...] = ()
    """Further ones that webhooks may be signed with, so that a rotation has no gap."""
    shared_keys: dict[str, Secret] = {}
    """The secrets of Twilio's shared keys, by key id, for webhooks that are signed with one."""
    api_key: Annotated[str, Meta(pattern=r"^(SK[0-9a-zA-Z]{32})?$")] = ""
    """Sends instead of the auth token, with `api_secret`."""
    api_secret: str = ""
    api_base_url: Annotated[str, Meta(pattern=_URL)] = ""
    """Instead of Twilio's own API, for example a proxy's or a test's."""
    messaging_service_sid: Annotated[str, Meta(pattern=r"^(MG[0-9a-zA-Z]{32})?$")] = ""
    """The service that the numbers of all businesses belong to."""
    opt_out: OptOut = "twilio_default"
    """Who answers STOP, START and HELP: Twilio, Twilio's Advanced Opt-Out, or we ourselves."""
    debounce: Seconds = 2.0
    """How long a turn waits for a customer's next text."""
    reply_mode: Literal["rest", "twiml"] = "rest"
    """"twiml" answers within the webhook when the turn is quick enough."""
    twiml_deadline: Annotated[float, Meta(ge=0, le=13)] = 9
    """Seconds. Twilio waits for 15, in which it also connects."""
    validate: bool = True
    """Whether webhooks must be signed. Only the demo may do without."""
    webhook_url: Annotated[str, Meta(pattern=_URL)] = ""
    """What Twilio signs for incoming messages when it is not public_url with the path of our
    webhook. Used as it stands."""

    def __repr__(self) -> str:
        return f"SmsSettings(account_sid={self.account_sid!r})"  # no secret may reach a log

    @property
    def is_on(self) -> bool:
        return bool(self.account_sid)

    @property
    def tokens(self) -> tuple[str, ...]:
        """What webhooks without a shared key may be signed with."""
        return tuple(token for token in (self.auth_token, *self.auth_tokens) if token)

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password for Twilio's API; None when messages can only leave as TwiML."""
        if self.api_key:
            return self.api_key, self.api_secret
        return (self.account_sid, self.auth_token) if self.auth_token else None


E164 = r"^\+[1-9][0-9]{6,14}$"
Number = Annotated[str, Meta(pattern=rf"{E164}|^[1-9][0-9]{{2,7}}$")]
"""E.164, or a short code."""


class SmsBusiness(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[settings.sms] of a business."""

    numbers: tuple[Number, ...] = ()
    """Its own numbers at Twilio. It sends from the one that the customer wrote to, else from the
    first; without any it neither gets nor sends text messages."""

    def __post_init__(self) -> None:
        if len(set(self.numbers)) < len(self.numbers):
            raise ValueError("a number stands there twice")


def load(settings: Settings) -> SmsSettings:
    """[plugins.sms]. Raises ConfigError for what could never work."""
    section = settings.section("sms", SmsSettings)
    if not section.is_on:
        return section
    if section.api_key and not section.api_secret:
        raise ConfigError("plugins.sms.api_key is set without plugins.sms.api_secret: set both")
    if section.validate and not section.tokens and not section.shared_keys:
        raise ConfigError(
            "plugins.sms.account_sid is set, but nothing to validate Twilio's webhooks with: set "
            "plugins.sms.auth_token (Twilio Console, Account Info), or shared_keys"
        )
    if section.reply_mode == "rest" and section.credentials is None:
        raise ConfigError(
            'plugins.sms.reply_mode = "rest" needs plugins.sms.auth_token, or api_key with '
            'api_secret; without them only reply_mode = "twiml" can answer'
        )
    return section


def check_running(section: SmsSettings, *, is_demo: bool) -> None:
    """Raise ConfigError for what only the demo may do."""
    if section.is_on and not section.validate and not is_demo:
        raise ConfigError(
            "plugins.sms.validate = false lets anybody write in your customers' names: it is for "
            "`frontdesk serve --demo` only. Remove it, and set plugins.sms.auth_token"
        )


def of_business(section: dict[str, object] | None) -> SmsBusiness:
    """What a business says in [settings.sms]. It was checked when the business was stored."""
    return msgspec.convert(section or {}, SmsBusiness)
