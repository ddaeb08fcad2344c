"""What Twilio's errors mean: whether to try again, and what staff can do about them.

Codes: https://www.twilio.com/docs/api/errors. The texts name what to do and hold no number or words
of a customer.
"""

from typing import Literal

from frontdesk.errors import FrontdeskError

Verdict = Literal["retry", "permanent", "unknown"]
"""retry: it was not taken, and may be later. permanent: it never will be. unknown: it may have been
taken, so it must be looked up before it is sent again."""

OPTED_OUT = "21610"

_PERMANENT = {
    "20003": "Twilio refused our credentials. Check account_sid and auth_token in [plugins.sms].",
    "20404": "Twilio knows no such account. Check account_sid and api_base_url in [plugins.sms].",
    "21211": "This is not a telephone number. Ask the customer for the right one.",
    "21212": "The sender is not a valid number. Check [settings.sms] numbers of the business.",
    "21408": "Texts to this country are switched off. Switch it on in the Twilio Console under "
    "Messaging, Settings, Geo permissions.",
    "21602": "The text was empty.",
    "21606": "The sender is no number of this Twilio account that can text. Check [settings.sms] "
    "numbers of the business.",
    "21608": "A trial account texts verified numbers only. Upgrade the Twilio account.",
    OPTED_OUT: "The customer opted out of text messages. Call them instead; they can text START.",
    "21612": "Twilio has no way from our number to this one. Call them instead.",
    "21614": "This number cannot get text messages. Call them instead.",
    "21617": "The text was too long.",
}
_RETRY = {
    "20429": "Twilio took no more requests at once.",
    "21611": "Too many texts of this number wait at Twilio already.",
}
_REPORTED = {
    "30001": "Too many texts waited at Twilio. Send fewer at once, or get a faster number.",
    "30002": "The Twilio account is suspended. See the Twilio Console.",
    "30003": "The telephone is switched off or out of reach. Call later.",
    "30004": "The customer or their network blocks our number. Call them instead.",
    "30005": "This number does not exist. Ask the customer for the right one.",
    "30006": "This number is a landline or cannot get text messages. Call them instead.",
    "30007": "The network took the text for spam. Avoid short links and capitals, and register the "
    "number with Twilio.",
    "30008": "The network did not say why. Try again or call them.",
    "30032": "The toll-free number is not verified. Verify it in the Twilio Console.",
    "30034": "The number is not registered for texts to the US (A2P 10DLC). Register it in the "
    "Twilio Console; until then texts to US numbers fail.",
    "30036": "It waited too long at Twilio and was not sent.",
}
_OURS = {
    "opted_out": _PERMANENT[OPTED_OUT],
    "no_consent": "The customer has not written by text message and has not agreed to get any. "
    "Ask them first.",
    "taken_over": "A member of staff took over before this left, so it was not sent. Say it "
    "yourself if it still matters.",
    "no_credentials": "The answer came too late for Twilio's webhook, and nothing else can send it. "
    "Set auth_token in [plugins.sms].",
    "connection": "Twilio could not be reached.",
    "timeout": "Twilio did not answer in time.",
    "cut": "The connection to Twilio broke.",
    "unreadable": "Twilio's answer could not be read.",
}
_TEXTS = _PERMANENT | _RETRY | _REPORTED | _OURS

UNREACHABLE = frozenset({"30003", "30005", "30006"})
"""Codes that speak of the number and not of the message."""


class SmsError(FrontdeskError):
    """A text message was not taken, or nobody knows. The text names no number and no secret."""

    def __init__(self, verdict: Verdict, code: str) -> None:
        super().__init__(f"{explained(code)} ({code})")
        self.verdict: Verdict = verdict
        self.code = code


def explained(code: str) -> str:
    """A sentence for staff on an error code: what is wrong, and what to do."""
    if not code:
        return ""
    return _TEXTS.get(code, f"Twilio reports the error {code}. See twilio.com/docs/api/errors.")


def from_status(status: int, code: int | None) -> SmsError:
    """What an HTTP status with Twilio's code means. Without a code of Twilio's, the status stands
    there once more."""
    said = str(code) if code and code != status else f"http {status}"
    if said in _RETRY or status in (429, 503):
        return SmsError("retry", "20429" if said == "http 429" else said)
    if status == 408 or status >= 500:
        return SmsError("unknown", said)  # what answers for a server may not know what that did
    if status == 401 or said == "http 403":
        return SmsError("permanent", "20003")
    return SmsError("permanent", "20404" if said == "http 404" else said)
