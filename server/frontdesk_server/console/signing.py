"""Signing in and out.

A sign-in is bounded per address and per account, takes as long for an address that nobody has, and
says the same for it. The form carries a token that its browser has as a cookie, so that no other site
can sign somebody in as someone else.
"""

import hmac
import math
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException

from frontdesk.business import Business
from frontdesk.errors import LimitError
from frontdesk.limits import RateLimit
from frontdesk.pages import Staff
from frontdesk_server.console import audit, forms, rendering, sessions, staff
from frontdesk_server.console.forms import AnyRequest
from frontdesk_server.console.origins import address, check_origin, is_local, is_secure
from frontdesk_server.console.staff import Member

if TYPE_CHECKING:
    from frontdesk.desk import Desk

COOKIE = "frontdesk_sign_in"
PATH = "/console/sign-in"
FORM_SECONDS = 8 * 3600
TICKET_SECONDS = 300
WINDOW = 900
PER_ADDRESS, PER_ACCOUNT, PER_ACCOUNT_ANYWHERE = 30, 10, 300
"""Wrong sign-ins in a WINDOW of seconds: of an address, of an account from one address, and from all of
them. The last is large, or anyone could lock others out by knowing their e-mail address."""
DEMO_EMAIL = "ana@demo.invalid"
_WRONG = "This e-mail address and password do not fit together."


def make_routes(desk: "Desk") -> list[Any]:
    addresses = RateLimit("sign-ins from this address", PER_ADDRESS, WINDOW)
    accounts = RateLimit("sign-ins of this account from here", PER_ACCOUNT, WINDOW)
    everywhere = RateLimit("sign-ins of this account", PER_ACCOUNT_ANYWHERE, WINDOW)

    @get(PATH)
    async def form(request: AnyRequest) -> Response[str]:
        if await sessions.current(desk, request):
            return rendering.redirect(desk, safe_next(request.query_params.get("next", "")))
        is_out = "out" in request.query_params
        return await _door(desk, request, notice="You are signed out." if is_out else "")

    @post(PATH, status_code=200)
    async def sign_in(request: AnyRequest) -> Response[str]:
        given = await _checked(desk, request)
        email = given.get("email", "").strip().lower()[:300]
        here = address(request)
        keys = ((addresses, here), (accounts, f"{here} {email}"), (everywhere, email))
        try:
            for limit, key in keys:
                limit.take(key)
        except LimitError as error:
            return await _throttled(desk, request, given, error)
        found = await staff.signs_in(desk.database, email, given.get("password", ""))
        choices = [(each, b) for each in found if (b := await _open_business(desk, each.business))]
        if not choices:
            return await _door(desk, request, given, error=_WRONG, status=401)
        for limit, key in keys:
            limit.give(key)
        if len(choices) == 1:
            return await _signed_in(desk, request, choices[0][0], given)
        return _choose(desk, given, choices)

    @post(f"{PATH}/choose", status_code=200)
    async def choose(request: AnyRequest) -> Response[str]:
        given = await _checked(desk, request)
        allowed = _read_ticket(desk, given)
        chosen = given.get("staff", "")
        if chosen not in allowed:
            return await _door(desk, request, given, error="Please sign in once more.", status=403)
        who = await staff.member(desk.database, allowed[chosen], chosen)
        return await _signed_in(desk, request, who if who and who.active else None, given)

    @post(f"{PATH}/demo", status_code=200)
    async def demo(request: AnyRequest) -> Response[str]:
        given = await _checked(desk, request)
        business = next(
            (b for b in await _demos(desk, request) if b.id == given.get("business")), None
        )
        if business is None:
            raise HTTPException(status_code=403, detail="There is no such demo here.")
        who = await staff.of_email(desk.database, business.id, DEMO_EMAIL)
        who = who or await staff.add(
            desk.database, business.id, email=DEMO_EMAIL, name="Ana", role="owner", password=""
        )
        return await _signed_in(desk, request, who if who.active else None, given)

    @post("/console/sign-out", status_code=200)
    async def sign_out(request: AnyRequest) -> Response[str]:
        check_origin(desk, request)
        session = await sessions.current(desk, request)
        if session is not None:
            sessions.check_csrf(session, forms.last(await forms.read_form(request)).get("csrf", ""))
            await sessions.end(desk.database, session)
            business, who = session.business, session.staff
            await audit.record(desk.database, business, who, "sign-in", "sign_out", {})
        return rendering.redirect(desk, f"{PATH}?out", cookies=[sessions.cookie(desk, "", 0)])

    return [form, sign_in, choose, demo, sign_out]


# ---- the form --------------------------------------------------------------------------------


async def _door(
    desk: "Desk",
    request: AnyRequest,
    given: dict[str, str] | None = None,
    *,
    error: str = "",
    notice: str = "",
    status: int = 200,
    more: dict[str, str] | None = None,
) -> Response[str]:
    """The sign-in page, with what was given but for the password."""
    known = request.cookies.get(COOKIE, "")
    token = known if 20 < len(known) < 100 else secrets.token_urlsafe(32)
    keep = Cookie(
        key=COOKIE, value=token, path=PATH, max_age=FORM_SECONDS, httponly=True,
        secure=is_secure(desk), samesite="lax",
    )  # fmt: skip
    values = {
        "csrf": _token(desk, token),
        "next": safe_next((given or request.query_params).get("next", "")),
        "email": (given or {}).get("email", ""),
        "error": error,
        "notice": notice,
        "demos": await _demos(desk, request),
    }
    return rendering.html(desk, "sign_in.html.j2", values, status=status, cookies=[keep], more=more)


async def _checked(desk: "Desk", request: AnyRequest) -> dict[str, str]:
    """What was posted from a form of ours. Raises HTTPException."""
    check_origin(desk, request)
    given = forms.last(await forms.read_form(request))
    cookie = request.cookies.get(COOKIE, "")
    expected = _token(desk, cookie) if cookie else ""
    if not expected or not hmac.compare_digest(expected, given.get("csrf", "")):
        raise HTTPException(
            status_code=403, detail="This form is out of date. Go back to the sign-in page, please."
        )
    return given


def _token(desk: "Desk", cookie: str) -> str:
    """What the form says when the cookie says `cookie`; only this server can tell."""
    key = desk.secret_keys[0].encode()
    return hmac.new(key, b"frontdesk.sign-in." + cookie.encode(), sha256).hexdigest()


async def _throttled(
    desk: "Desk", request: AnyRequest, given: dict[str, str], error: LimitError
) -> Response[str]:
    seconds = max(1, math.ceil(error.retry_after))
    wait = f"{math.ceil(seconds / 60)} min" if seconds > 90 else f"{seconds} s"
    return await _door(
        desk, request, given, error=f"Too many sign-ins went wrong. Try again in {wait}.",
        status=429, more={"retry-after": str(seconds)},
    )  # fmt: skip


# ---- who, and where --------------------------------------------------------------------------


async def _signed_in(
    desk: "Desk", request: AnyRequest, who: Member | None, given: dict[str, str]
) -> Response[str]:
    if who is None:
        return await _door(desk, request, given, error=_WRONG, status=401)
    cookie = await sessions.begin(desk, request, who.id)
    me = Staff(id=who.id, name=who.name, role=who.role)
    await audit.record(desk.database, who.business, me, "sign-in", "sign_in", {})
    gone = Cookie(key=COOKIE, value="", path=PATH, max_age=0)
    return rendering.redirect(desk, safe_next(given.get("next", "")), cookies=[cookie, gone])


def _choose(
    desk: "Desk", given: dict[str, str], choices: list[tuple[Member, Business]]
) -> Response[str]:
    ticket = _tickets(desk, given).dumps({member.id: member.business for member, _ in choices})
    values = {
        "csrf": given["csrf"],
        "next": safe_next(given.get("next", "")),
        "ticket": ticket,
        "choices": choices,
    }
    return rendering.html(desk, "choose.html.j2", values)


def _read_ticket(desk: "Desk", given: dict[str, str]) -> dict[str, str]:
    """Whom the password was right for, as {id: business}; nobody when it is old, or not from this
    browser."""
    try:
        allowed: dict[str, str] = _tickets(desk, given).loads(
            given.get("ticket", ""), max_age=TICKET_SECONDS
        )
    except BadData:
        return {}
    return allowed


def _tickets(desk: "Desk", given: dict[str, str]) -> URLSafeTimedSerializer:
    salt = f"frontdesk.choose.{given['csrf']}"
    return URLSafeTimedSerializer(
        list(reversed(desk.secret_keys)), salt=salt, signer_kwargs={"digest_method": sha256}
    )


async def _open_business(desk: "Desk", identifier: str) -> Business | None:
    business = await desk.business(identifier)
    return business if business and "console" not in business.plugins.disabled else None


async def _demos(desk: "Desk", request: AnyRequest) -> list[Business]:
    """Where anyone may look around: the examples of packs, as long as it is this computer that asks."""
    if not desk.is_demo or not is_local(desk, request):
        return []
    return [
        business
        for business in await desk.businesses()
        if business.id in desk.packs and "console" not in business.plugins.disabled
    ]


def safe_next(text: str) -> str:
    """Where to go after signing in: a page of the console, never another site."""
    parts = urlsplit(text) if text.isascii() and text.isprintable() and "\\" not in text else None
    if parts is None or parts.scheme or parts.netloc or not parts.path.startswith("/console"):
        return "/console"
    if parts.path != "/console" and not parts.path.startswith("/console/"):
        return "/console"
    if ".." in parts.path or parts.path.startswith((PATH, "/console/sign-out", "/console/api")):
        return "/console"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def to_sign_in(desk: "Desk", request: AnyRequest) -> Response[str]:
    """And back to this page afterwards."""
    query = request.url.query
    to = safe_next(request.url.path + (f"?{query}" if query else ""))
    return rendering.redirect(
        desk, PATH if to == "/console" else f"{PATH}?{urlencode({'next': to})}"
    )
