"""The routes of a plugin that may be switched off while the server runs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import ServiceUnavailableException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from frontdesk.plugin_checks import exited
from frontdesk.toggling import ANSWERS_ITSELF

if TYPE_CHECKING:
    from frontdesk.desk import Desk

TRY_AGAIN_LATER = 1013
"""The close code of a socket whose plugin was switched off (IANA's registry)."""


def switchable(desk: "Desk", name: str, routes: Iterable[Any]) -> list[Any]:
    """The routes, which answer 503 while the plugin rests. A plugin whose callers need another answer
    maps `ServiceUnavailableException` on its own router, or marks a handler with
    `toggling.ANSWERS_ITSELF`. What is being answered is finished; an open socket ends with the next
    frame that its client sends."""

    def refuse(_: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        is_broken = desk.plugins.found[name].status == "quarantined"
        answers = handler.opt.get(ANSWERS_ITSELF) and not is_broken
        if not desk.plugins.works(name) and not answers:
            raise ServiceUnavailableException(
                detail=f"This is switched off at the moment (the plugin {name!r}).",
                headers={"retry-after": "60"},
            )

    def end_sockets(app: ASGIApp) -> ASGIApp:
        async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
            async def receive_while_on() -> Any:
                message = await receive()
                if message["type"] == "websocket.receive" and not desk.plugins.works(name):
                    await send({"type": "websocket.close", "code": TRY_AGAIN_LATER,
                                "reason": "switched off"})  # fmt: skip
                    return {"type": "websocket.disconnect", "code": TRY_AGAIN_LATER}
                return message

            is_socket = scope["type"] == ScopeType.WEBSOCKET
            is_socket &= not scope["route_handler"].opt.get(ANSWERS_ITSELF)
            try:
                await app(scope, receive_while_on if is_socket else receive, send)
            except SystemExit as error:
                raise exited(error) from error

        return middleware

    return [Router("/", route_handlers=list(routes), guards=[refuse], middleware=[end_sockets])]
