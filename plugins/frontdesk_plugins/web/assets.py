"""The widget's own files: the script, and its texts in other languages."""

from litestar import Response, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath

import frontdesk_widget
from frontdesk_plugins.web.gate import AnyRequest

_FOR_ANY_SITE = {
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}


@get("/widget.js", include_in_schema=False, sync_to_thread=False)
def script(request: AnyRequest) -> Response[bytes]:
    etag = f'"{frontdesk_widget.version()}"'
    fresh = request.headers.get("if-none-match") == etag
    return Response(
        b"" if fresh else frontdesk_widget.script(),
        status_code=304 if fresh else 200,
        media_type="text/javascript",
        headers={"etag": etag, "cache-control": "public, max-age=300"} | _FOR_ANY_SITE,
    )


@get("/widget/i18n/{name:str}", include_in_schema=False, sync_to_thread=False)
def texts(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """The widget in one more language. The script names its own version: a list of another one
    would say the wrong things, and what has the right one never changes."""
    found = frontdesk_widget.languages().get(name.removesuffix(".json"))
    if found is None or request.query_params.get("v", "") != frontdesk_widget.texts_version():
        raise HTTPException(status_code=404, detail="There are no such texts.")
    return Response(
        found,
        media_type="application/json",
        headers={"cache-control": "public, max-age=31536000, immutable"} | _FOR_ANY_SITE,
    )
