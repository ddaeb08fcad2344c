"""The web channel: the widget's routes (JSON, server-sent events, WebSocket)."""

from typing import TYPE_CHECKING, Any

from frontdesk import hookimpl

if TYPE_CHECKING:
    from frontdesk.desk import Desk


class Web:
    """Customers on a business's site."""

    name = "web"
    markdown = True
    cards = True
    outbox = ""


@hookimpl
def register_channels() -> list[Web]:
    return [Web()]


@hookimpl
def register_routes(desk: "Desk") -> list[Any]:
    from frontdesk_plugins.web.routes import make_routes  # noqa: PLC0415  needs Litestar

    return make_routes(desk)
