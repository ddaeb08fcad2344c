"""The routes of the pages: who may see and post, what is said about it, what is logged."""

from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from litestar import Response, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from frontdesk.business import Business
from frontdesk.ids import new_id
from frontdesk.pages import Page, PageError, PageRequest
from frontdesk_server.console import audit, forms, menu, rendering, sessions
from frontdesk_server.console.forms import AnyRequest
from frontdesk_server.console.menu import Owned
from frontdesk_server.console.origins import check_origin
from frontdesk_server.console.sessions import Session
from frontdesk_server.console.signing import to_sign_in

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.console")
_INBOX = {"name": "inbox", "title": "Inbox"}
_BROKEN = "Something went wrong on our side; it is in the log as {}. Please try again."


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A request of someone who is signed in."""

    desk: Any
    """A `Desk`."""
    pages: dict[str, Owned]
    session: Session
    business: Business
    request: AnyRequest


def make_routes(desk: "Desk") -> list[Any]:
    pages = menu.collect(desk)

    @get("/console")
    async def inbox(request: AnyRequest) -> Response[str]:
        visit = await _visit(desk, pages, request)
        if visit is None:
            return to_sign_in(desk, request)
        return rendering.html(desk, "inbox.html.j2", await _frame(visit, _INBOX))

    @get("/console/{name:str}")
    async def show(name: FromPath[str], request: AnyRequest) -> Response[str]:
        visit = await _visit(desk, pages, request)
        if visit is None:
            return to_sign_in(desk, request)
        page = _page(visit, name)
        if page is None:
            return await _missing(visit, name)
        if not visit.session.staff.may(page.role):
            return await _said(visit, 403, f"This page needs the role {page.role}.")
        return await _shown(visit, page)

    @post("/console/{name:str}", status_code=200)
    async def change(name: FromPath[str], request: AnyRequest) -> Response[str]:
        visit = await _visit(desk, pages, request)
        if visit is None:
            return to_sign_in(desk, request)
        page = _page(visit, name)
        if page is None:
            return await _missing(visit, name)
        try:
            check_origin(desk, request)
            fields = await forms.read_form(request)
            sessions.check_csrf(visit.session, forms.last(fields).get("csrf", ""))
        except HTTPException as error:
            return await _said(visit, error.status_code, error.detail)
        fields.pop("csrf", None)
        return await _posted(visit, page, fields)

    return [inbox, show, change]


async def _visit(desk: "Desk", pages: dict[str, Owned], request: AnyRequest) -> Visit | None:
    session = await sessions.current(desk, request)
    business = await desk.business(session.business) if session else None
    if session is None or business is None:
        return None
    return Visit(desk=desk, pages=pages, session=session, business=business, request=request)


def _page(visit: Visit, name: str) -> Page | None:
    owned = visit.pages.get(name)
    return owned.page if owned and menu.visible(visit.desk, owned, visit.business) else None


async def _missing(visit: Visit, name: str) -> Response[str]:
    """An address without a page: there is none, or its plugin is switched off."""
    owned = visit.pages.get(name)
    if owned is None or not visit.session.staff.may(owned.page.role):
        return await _said(visit, 404, "There is no such page.")
    whose = visit.business.name if owned.plugin in visit.business.plugins.disabled else "everyone"
    text = (
        f"{owned.page.title} is switched off for {whose} at the moment (the plugin {owned.plugin!r}). "
        "Nothing of it is lost: it is all here again when it is switched on."
    )
    return await _said(visit, 404, text)


# ---- showing ---------------------------------------------------------------------------------


async def _shown(
    visit: Visit,
    page: Page,
    *,
    form: forms.Fields | None = None,
    error: str = "",
    status: int = 200,
) -> Response[str]:
    """`form` is what was typed and refused."""
    desk = visit.desk
    try:
        with desk.database.bound():
            values = await page.load(_asked(visit, {}))
        frame = await _frame(visit, page, form=form, error=error)
        return rendering.html(desk, page.template, {**values, **frame}, status=status)
    except PageError as wrong:
        return await _said(visit, 404, str(wrong))
    except (Exception, SystemExit):
        return await _said(visit, 500, _broken(visit, page, "a page of the console broke"))


async def _posted(visit: Visit, page: Page, fields: forms.Fields) -> Response[str]:
    """Carry out what was posted, log it, and go back to the page."""
    asked = _asked(visit, fields)
    do = asked.form.get("do", "")
    work = page.posts.get(do)
    if not (visit.session.staff.may(page.role) and visit.session.staff.may(page.post_role)):
        needed = page.post_role
        await _log(visit, page, asked, "refused", f"needs the role {needed}")
        return await _said(visit, 403, f"This needs the role {needed}.")
    if work is None:
        return await _said(visit, 400, "This page has no such form. Load it again, please.")
    try:
        with visit.desk.database.bound():
            said = await work(asked)
    except PageError as error:
        await _log(visit, page, asked, "refused", str(error))
        return await _shown(visit, page, form=fields, error=str(error), status=422)
    except (Exception, SystemExit):
        text = _broken(visit, page, "a form of the console broke", do=do)
        await _log(visit, page, asked, "failed", text)
        return await _shown(visit, page, form=fields, error=text, status=500)
    await _log(visit, page, asked, "done", said)
    await sessions.leave_notice(visit.desk.database, visit.session, said)
    query = visit.request.url.query
    return rendering.redirect(visit.desk, f"/console/{page.name}" + (f"?{query}" if query else ""))


def _asked(visit: Visit, fields: forms.Fields) -> PageRequest:
    return PageRequest(
        business=visit.business,
        staff=visit.session.staff,
        now=visit.desk.now(visit.business),
        query={key: value.replace("\x00", "") for key, value in visit.request.query_params.items()},
        form=forms.last(fields),
        fields=fields,
    )


async def _frame(
    visit: Visit, page: Any, *, form: forms.Fields | None = None, error: str = ""
) -> dict[str, Any]:
    """What every page has beside its own values, see page.html.j2."""
    typed = forms.last(form or {})

    def typed_into(do: str) -> dict[str, str]:
        return typed if typed.get("do") == do else {}

    asked = _asked(visit, {})
    return {
        "page": page,
        "business": visit.business,
        "staff": visit.session.staff,
        "now": asked.now,
        "query": asked.query,
        "csrf": visit.session.csrf,
        "menu": menu.menu(visit.desk, visit.pages, visit.business, visit.session.staff),
        "notice": "" if error else await sessions.take_notice(visit.desk.database, visit.session),
        "error": error,
        "typed": typed_into,
    }


async def _said(visit: Visit, status: int, text: str) -> Response[str]:
    """A page that only says something."""
    titles = {404: "Not found", 403: "Not allowed", 500: "That did not work"}
    page = {"name": "", "title": titles.get(status, "That did not work")}
    frame = await _frame(visit, page) | {"text": text}
    return rendering.html(visit.desk, "said.html.j2", frame, status=status)


def _broken(visit: Visit, page: Page, what: str, **more: str) -> str:
    """Log the exception that is being handled; what to tell the person."""
    number = new_id()[-8:]
    log.exception(what, page=page.name, business=visit.business.id, number=number, **more)
    return _BROKEN.format(number)


async def _log(visit: Visit, page: Page, asked: PageRequest, outcome: Any, detail: str) -> None:
    fields = {key: ", ".join(values) for key, values in asked.fields.items()}
    await audit.record(
        visit.desk.database, visit.business.id, visit.session.staff, page.name,
        asked.form.get("do", ""), fields, outcome, detail,
    )  # fmt: skip
