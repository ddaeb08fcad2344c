"""Twilio's signatures: the published vectors, and everything that is not one."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.datastructures import FormMultiDict

from frontdesk.errors import ConfigError
from frontdesk.testing.fake_twilio import FakeTwilio
from frontdesk_plugins.sms.settings import SmsSettings, check_running, load
from frontdesk_plugins.sms.signature import is_genuine, url_of

ACCOUNT = "AC" + "0" * 32
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = {
    "CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309",
    "To": "+18005551212", "Caller": "+14158675309",
}  # fmt: skip
DUPLICATES = [
    ("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"),
    ("Digits", "1234"),
]  # fmt: skip
SID = "SM" + "0" * 31 + "1"
SMS_URL = "https://desk.example.com/webhooks/twilio/sms?biz=bella"
SMS = {
    "ToCountry": "US", "ToState": "NY", "SmsMessageSid": SID, "NumMedia": "0", "ToCity": "",
    "FromZip": "", "SmsSid": SID, "FromState": "", "SmsStatus": "received", "FromCity": "",
    "Body": "Table for 4 tonight? \U0001f600", "FromCountry": "US", "To": "+15005550006",
    "ToZip": "", "NumSegments": "1", "MessageSid": SID, "AccountSid": ACCOUNT,
    "From": "+12125550123", "ApiVersion": "2010-04-01",
}  # fmt: skip
SHA256 = "key=k1,algorithm=HMAC_SHA256"


def section(**more: Any) -> SmsSettings:
    return SmsSettings(**{"account_sid": ACCOUNT, "auth_token": "12345"} | more)


def scope(signature: str | None, chosen: str | None = None) -> dict[str, Any]:
    named = {b"x-twilio-signature": signature, b"x-twilio-webhooks-signature-settings": chosen}
    headers = [(name, value.encode()) for name, value in named.items() if value is not None]
    return {"headers": headers}


def checked(
    url: str,
    form: Mapping[str, str] | list[tuple[str, Any]],
    signature: str | None,
    chosen: str | None = None,
    **more: Any,
) -> bool:
    pairs = list(form.items()) if isinstance(form, Mapping) else form
    return is_genuine(section(**more), url, scope(signature, chosen), FormMultiDict(pairs))


@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        (URL, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL, CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace("https", "http"), CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (URL, DUPLICATES, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        (SMS_URL, SMS, "TGRiLge9+ybZtW6WHNDzeI8Oznk="),
    ],
)
def test_the_published_vectors(url: str, form: Any, signature: str) -> None:
    assert checked(url, form, signature)
    assert not checked(url + "x", form, signature)
    assert not checked(url, form, signature, auth_token="12346")
    assert not checked(url, form, signature[:-2] + "A=")


@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        (URL, CALL, "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="),
        (SMS_URL, SMS, "eAbTZqSaKprE0WN1QmAiFU2hViz08QcNw8m8V4Eb0Xc="),
    ],
)
def test_a_shared_key(url: str, form: Mapping[str, str], signature: str) -> None:
    assert checked(url, form, signature, SHA256, shared_keys={"k1": "12345"}, auth_token="other")
    for wrong in (
        {"chosen": "key=k2,algorithm=HMAC_SHA256"},  # a key that is not ours
        {"chosen": "key=k1,algorithm=HMAC_MD5"},
        {"chosen": "key=k1"},
        {"chosen": "algorithm=HMAC_SHA256"},
        {"chosen": ""},
        {"chosen": "nonsense"},
        {"chosen": "key=k1,key=k1,algorithm=HMAC_SHA256"},
        {"chosen": None},
    ):
        assert not checked(url, form, signature, **wrong, shared_keys={"k1": "12345"})


def test_the_header_never_leads_to_the_token() -> None:
    """The token is right, and SHA-256, but no shared key has it."""
    signature = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="
    assert not checked(URL, CALL, signature, SHA256)
    assert not checked(URL, CALL, signature, "key=,algorithm=HMAC_SHA256")
    sha1 = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert not checked(URL, CALL, sha1, "key=k1,algorithm=HMAC_SHA1", shared_keys={"k1": "another"})


def test_two_tokens_while_they_are_rotated() -> None:
    signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert checked(URL, CALL, signature, auth_token="new", auth_tokens=("old", "12345"))
    assert not checked(URL, CALL, signature, auth_token="new", auth_tokens=("old",))
    assert not checked(URL, CALL, signature, auth_token="")


def test_blank_fields_and_blanks_are_signed() -> None:
    signature = "TGRiLge9+ybZtW6WHNDzeI8Oznk="
    assert not checked(SMS_URL, {k: v for k, v in SMS.items() if v}, signature)
    assert not checked(SMS_URL, SMS | {"Body": SMS["Body"] + " "}, signature)
    assert not checked(SMS_URL, SMS | {"New": ""}, signature)


def test_what_is_no_signature_is_refused_and_nothing_breaks() -> None:
    good = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    for signature in (None, "", "x", good * 2, "\u00e9", "\n"):
        assert not checked(URL, CALL, signature)
    assert not checked(URL, [("file", object())], good)
    assert not checked("https://mycompany.com:99999/", CALL, good)
    assert not checked("http://[::1/", CALL, good)
    twice = scope(good)
    twice["headers"] *= 2
    assert not is_genuine(section(), URL, twice, FormMultiDict(list(CALL.items())))
    assert not is_genuine(section(), URL, {}, FormMultiDict([]))


def test_it_can_be_switched_off_for_the_demo_only() -> None:
    assert checked(URL, CALL, None, validate=False)
    check_running(section(validate=False), is_demo=True)
    with pytest.raises(ConfigError, match="validate"):
        check_running(section(validate=False), is_demo=False)


texts = st.text(max_size=30)
forms = st.lists(st.tuples(texts, texts), max_size=8)
headers = st.none() | st.text(st.characters(max_codepoint=255), max_size=60)


@given(forms, headers, headers, st.text(max_size=60))
def test_whatever_a_stranger_sends_is_refused(
    form: list[tuple[str, str]], signature: str | None, chosen: str | None, url: str
) -> None:
    given = scope(None)
    for name, value in (
        (b"x-twilio-signature", signature),
        (b"X-Twilio-Webhooks-Signature-Settings", chosen),
    ):
        if value is not None:
            given["headers"].append((name, value.encode("latin-1")))
    keys = {"shared_keys": {"k1": "another"}}
    assert not is_genuine(section(**keys), url, given, FormMultiDict(form))


@given(st.dictionaries(st.text(min_size=1, max_size=20), texts, max_size=8), st.booleans())
def test_what_twilio_signs_is_genuine_and_what_was_changed_is_not(
    form: dict[str, str], sha256: bool
) -> None:
    twilio = FakeTwilio()
    signature = twilio.sign(SMS_URL, form, secret="12345", sha256=sha256)
    keys = {"shared_keys": {"k1": "12345"}} if sha256 else {}
    chosen = SHA256 if sha256 else None
    assert checked(SMS_URL, form, signature, chosen, **keys)
    assert not checked(
        SMS_URL, form | {"Body": form.get("Body", "") + "!"}, signature, chosen, **keys
    )


# ---- the address that is signed ----------------------------------------------------------------


def address(path: bytes, query: bytes = b"", public: str = "https://desk.example.com") -> str:
    asked = {
        "raw_path": path, "query_string": query, "scheme": "http",
        "headers": [(b"host", b"evil.example"), (b"x-forwarded-host", b"worse.example")],
    }  # fmt: skip
    return url_of(asked, public)


def test_the_address_is_the_configured_one_and_the_path_as_it_came() -> None:
    assert address(b"/a/%7Ejoe/b%20c") == "https://desk.example.com/a/%7Ejoe/b%20c"
    assert address(b"/x", b"a=%20&b=") == "https://desk.example.com/x?a=%20&b="
    assert (
        address(b"/x", public="https://desk.example.com:8443/") == "https://desk.example.com:8443/x"
    )
    assert address(b"/x", public="") == "http://evil.example/x"


# ---- the configuration -------------------------------------------------------------------------


def configured(**keys: Any) -> SmsSettings:
    from frontdesk import config

    return load(config.settings_of({"plugins": {"sms": keys}}))


def test_without_an_account_there_is_nothing_to_check() -> None:
    assert not configured().is_on
    assert not configured(auth_token="x").is_on


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"account_sid": ACCOUNT}, "plugins.sms.auth_token"),
        ({"account_sid": "12"}, "plugins.sms.account_sid"),
        ({"account_sid": ACCOUNT, "auth_token": "x", "api_key": "SK" + "0" * 32}, "api_secret"),
        ({"account_sid": ACCOUNT, "shared_keys": {"k": "s"}}, "reply_mode"),
        ({"account_sid": ACCOUNT, "auth_token": "x", "webhook_url": "https://u:p@h/x"}, "webhook_url"),
        ({"account_sid": ACCOUNT, "auth_token": "x", "api_base_url": "https://u@h"}, "api_base_url"),
        ({"account_sid": ACCOUNT, "auth_token": "x", "opt_out": "never"}, "opt_out"),
        ({"account_sid": ACCOUNT, "auth_token": "x", "shared_keys": {"k": ""}}, "shared_keys"),
        ({"account_sid": ACCOUNT, "auth_token": "x", "auth_tokens": [""]}, "auth_tokens"),
        ({"account_sid": ACCOUNT, "auth_token": "x", "twiml_deadline": 20}, "twiml_deadline"),
    ],
)  # fmt: skip
def test_what_cannot_work_stops_the_start(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        configured(**keys)


def test_a_public_url_with_a_user_is_refused() -> None:
    from frontdesk import config

    with pytest.raises(ConfigError, match="public_url"):
        config.settings_of({"server": {"public_url": "https://user:pass@desk.example.com"}})


def test_secrets_are_in_no_text() -> None:
    found = configured(
        account_sid=ACCOUNT, auth_token="hush1", auth_tokens=["hush2"], shared_keys={"k": "hush3"},
        api_key="SK" + "0" * 32, api_secret="hush4",
    )  # fmt: skip
    assert "hush" not in repr(found) + str(found)
