"""Cross-origin headers for the widget's routes.

They only let a browser read answers. What protects a business is the origin check of every
request: a simple cross-origin POST is sent, and would be carried out, without asking first.
"""

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


def cors(app: ASGIApp) -> ASGIApp:
    """Echo the origin; no credentials, for tokens travel in a header that the widget sets."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers.from_scope(scope).get("origin")
        if scope["type"] != ScopeType.HTTP or not origin:
            await app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers["access-control-allow-origin"] = origin
                headers["access-control-expose-headers"] = "retry-after"
                headers.extend_header_value("vary", "Origin")
                if scope["method"] == HttpMethod.OPTIONS:
                    headers["access-control-allow-methods"] = "GET, POST"
                    headers["access-control-allow-headers"] = (
                        "authorization, content-type, last-event-id"
                    )
                    headers["access-control-max-age"] = "600"
            await send(message)

        await app(scope, receive, send_with_headers)

    return middleware
