"""The inbox's JSON: who is signed in, the lists, a conversation, and what is done with it."""

from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec
from litestar import Response, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from frontdesk.errors import ClientIdReusedError, StatusError, UnknownConversationError
from frontdesk_server.console import entries, inbox_actions, inbox_reads, presence
from frontdesk_server.console.forms import AnyRequest, refuse_nul
from frontdesk_server.console.inbox_actions import VERBS, Place
from frontdesk_server.console.origins import check_origin
from frontdesk_server.console.panel import panel
from frontdesk_server.console.sessions import Session, check_csrf, require
from frontdesk_server.console.socket import make_socket

if TYPE_CHECKING:
    from frontdesk.desk import Desk

T = TypeVar("T", bound=msgspec.Struct)
NEVER = 1 << 62
BODY_BYTES = 65_536
_HEADERS = {"cache-control": "no-store"}


def inbox_routes(desk: "Desk") -> list[Any]:
    """The routes under /console/api, and the socket."""

    @get("/console/api/me", summary="Who is signed in")
    async def me(request: AnyRequest) -> Response[bytes]:
        return await _me(desk, await require(desk, request))

    @get("/console/api/conversations", summary="A list of conversations")
    async def conversations(request: AnyRequest) -> Response[bytes]:
        return await _list(desk, await require(desk, request), request)

    @get("/console/api/conversations/{identifier:str}", summary="A conversation")
    async def conversation(identifier: FromPath[str], request: AnyRequest) -> Response[bytes]:
        session = await require(desk, request)
        refuse_nul(identifier)
        before = _seq(request.query_params.get("before", ""))
        return await _conversation(desk, session, identifier, before)

    @post(
        "/console/api/conversations/{identifier:str}/{verb:str}",
        status_code=200,
        summary="Do something with a conversation",
        request_max_body_size=BODY_BYTES,
    )
    async def act(
        identifier: FromPath[str], verb: FromPath[str], request: AnyRequest
    ) -> Response[bytes]:
        check_origin(desk, request)
        session = await require(desk, request)
        check_csrf(session, request.headers.get("x-csrf-token", ""))
        if verb not in VERBS:
            raise HTTPException(status_code=404, detail=f"There is no verb {verb[:40]!r}.")
        refuse_nul(identifier)
        place = Place(desk, session, identifier)
        try:
            await inbox_actions.known(place)
        except UnknownConversationError as error:
            raise _no_conversation() from error
        body = await _body(request, VERBS[verb][0])
        try:
            stored = await inbox_actions.carry_out(place, verb, body)
        except StatusError as error:
            detail = inbox_actions.refusal(error, verb, session.staff.id)
            return _conflict(detail, error.agent_name)
        except ClientIdReusedError:
            return _conflict("This clientId was used for another message.", "")
        item = await _item(desk, session, identifier)
        shown = await entries.entries(desk, session.business, identifier, stored)
        return _json({"conversation": item, "entries": shown})

    return [me, conversations, conversation, act, make_socket(desk)]


async def _me(desk: "Desk", session: Session) -> Response[bytes]:
    business = await desk.business(session.business)
    assert business is not None, "a session's business is there"
    there = await presence.present(desk.database, business.id)
    colleagues = await inbox_reads.colleagues(desk.database, business.id)
    staff = session.staff
    return _json(
        {
            "staff": {"id": staff.id, "name": staff.name, "role": staff.role},
            "business": {
                "id": business.id,
                "name": business.name,
                "locale": business.locale,
                "timezone": business.timezone,
                "currency": business.currency,
            },
            "colleagues": [
                {"id": each.id, "name": each.name, "isPresent": each.id in there}
                for each in colleagues
            ],
            "canned": await inbox_reads.canned(desk.database, business.id),
            "csrf": session.csrf,
        }
    )


async def _list(desk: "Desk", session: Session, request: AnyRequest) -> Response[bytes]:
    refuse_nul(*request.query_params.values())
    view = request.query_params.get("view", "queued")
    views: tuple[inbox_reads.View, ...] = get_args(inbox_reads.View)
    chosen: inbox_reads.View | None = None
    for each in views:
        if each == view:
            chosen = each
    if chosen is None:
        raise HTTPException(status_code=400, detail=f"view: one of {', '.join(views)}.")
    who = (desk.database, session.business, session.staff.id)
    text, more = request.query_params.get("q", "").strip(), False
    if text:
        found = await inbox_reads.search(*who, chosen, text)
    else:
        before = request.query_params.get("before", "")
        found, more = await inbox_reads.listed(*who, chosen, before)
    counts = await inbox_reads.counts(*who)
    return _json({"conversations": found, "counts": counts, "more": more})


async def _conversation(
    desk: "Desk", session: Session, identifier: str, before: int
) -> Response[bytes]:
    business = await desk.business(session.business)
    row = await desk.database.one(
        "SELECT last_seq FROM conversation WHERE id = {} AND business = {}",
        identifier, session.business,
    )  # fmt: skip
    if row is None or business is None:
        raise _no_conversation()
    # What is written from here on comes by the socket, after lastSeq.
    stored, has_earlier = await entries.page(
        desk.database, identifier, min(before, row["last_seq"] + 1)
    )
    item = await _item(desk, session, identifier)
    return _json(
        {
            "conversation": item,
            "entries": await entries.entries(desk, business.id, identifier, stored),
            "lastSeq": row["last_seq"],
            "hasEarlier": has_earlier,
            "customer": await panel(desk, business, session.staff.id, item),
        }
    )


async def _item(desk: "Desk", session: Session, identifier: str) -> inbox_reads.Item:
    item = await inbox_reads.item(desk.database, session.business, session.staff.id, identifier)
    if item is None:
        raise _no_conversation()
    return item


def _no_conversation() -> HTTPException:
    return HTTPException(status_code=404, detail="There is no such conversation.")


async def _body(request: AnyRequest, of: type[T]) -> T:
    raw = await request.body()
    try:
        body = msgspec.json.decode(raw or b"{}", type=of)
    except msgspec.ValidationError as error:
        raise HTTPException(status_code=400, detail=f"The body does not fit: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(status_code=400, detail=f"Not valid JSON: {error}") from error
    refuse_nul(*msgspec.structs.astuple(body))
    return body


def _seq(text: str) -> int:
    if not text:
        return NEVER
    if not text.isdecimal() or len(text) > 15:
        raise HTTPException(
            status_code=400, detail="before: a whole number, the first seq you have."
        )
    return int(text)


def _json(data: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(data), media_type="application/json", headers=_HEADERS)


def _conflict(detail: str, agent_name: str) -> Response[bytes]:
    """An RFC 9457 problem; `agentName` is who has the conversation."""
    problem = {"type": "about:blank", "title": "Conflict", "status": 409, "detail": detail}
    return Response(
        msgspec.json.encode(problem | {"agentName": agent_name}),
        status_code=409,
        media_type="application/problem+json",
        headers=_HEADERS,
    )
