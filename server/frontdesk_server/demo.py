"""The demo: one business for each pack, and a page with the widget as a customer's site has it."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import structlog
from litestar import MediaType, Response, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from frontdesk.catalogue import read_business

if TYPE_CHECKING:
    from jinja2 import Template

    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.demo")

_CSP = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' ws: wss:"
)


async def make_businesses(desk: "Desk") -> None:
    """The example business of every pack that can be used, under the pack's name."""
    for name, pack in desk.packs.items():
        if pack.problems:
            continue
        example = read_business(
            pack.example, f"{name}/business.example.toml", desk.plugins.business_settings
        )
        if example.id != name:
            log.warning("the example's id is not the pack's name", pack=name, id=example.id)
            continue
        if await desk.business(name) is None:
            await desk.apply(example)


def make_routes(desk: "Desk") -> list[Any]:
    @get(["/", "/demo"], media_type=MediaType.HTML, include_in_schema=False)
    async def index() -> Response[str]:
        return _page("index", businesses=await _shown(desk))

    @get("/demo/{identifier:str}", media_type=MediaType.HTML, include_in_schema=False)
    async def page(identifier: FromPath[str]) -> Response[str]:
        business = await desk.business(identifier)
        if business is None:
            raise HTTPException(status_code=404, detail="There is no such business. Open /demo.")
        week = [
            (day, ", ".join(getattr(business.hours, day)) or "closed")
            for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        ]
        return _page("business", business=business, week=week)

    return [index, page]


async def _shown(desk: "Desk") -> list[tuple[Any, str]]:
    """(business, title of its pack)."""
    shown: list[tuple[Any, str]] = []
    for business in await desk.businesses():
        pack = desk.pack_of(business)
        if pack is not None and pack.manifest is not None:
            shown.append((business, pack.manifest.title))
    return shown


def _page(name: str, **values: Any) -> Response[str]:
    return Response(
        _template(name).render(**values),
        media_type=MediaType.HTML,
        headers={"content-security-policy": _CSP, "cache-control": "no-store"},
    )


@cache
def _template(name: str) -> "Template":
    import jinja2  # noqa: PLC0415

    env = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    text = files("frontdesk_server").joinpath(f"pages/{name}.html.j2").read_text(encoding="utf-8")
    return env.from_string(text)
