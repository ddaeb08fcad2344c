"""The web application over one desk."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from frontdesk import ConfigError
from frontdesk.desk import Desk
from frontdesk_server import demo, health
from frontdesk_server.problems import http_problem, unexpected
from frontdesk_server.switchable import switchable

log = structlog.get_logger("frontdesk.server")


def create_app(desk: Desk, *, with_demo: bool = False) -> Litestar:
    """The app over a desk that is loaded; its start opens the database and begins to answer."""

    desk.is_demo = with_demo

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None]:
        await desk.start()
        if with_demo:
            await demo.make_businesses(desk)
        try:
            yield
        finally:
            desk.announce_stop()
            await desk.stop()

    routes = health.make_routes(desk)
    if with_demo:
        routes += demo.make_routes(desk)
    app = Litestar(
        routes + plugin_routes(desk),
        lifespan=[lifespan],
        exception_handlers={HTTPException: http_problem, Exception: unexpected},
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Frontdesk",
            version="1",
            path="/schema",
            render_plugins=[JsonRenderPlugin(path="/")],
        ),
    )

    def add_routes(name: str) -> None:
        for route in _routes_of(desk, name):
            app.register(route)

    desk.when_loaded.append(add_routes)
    return app


def plugin_routes(desk: Desk) -> list[Any]:
    """What plugins add. One whose routes cannot be had is quarantined."""
    routes: list[Any] = []
    for name in desk.plugins.enabled():
        try:
            routes += _routes_of(desk, name)
        except ConfigError:
            raise
        except (Exception, SystemExit) as error:
            desk.plugins.quarantine(name, error)
    return routes


def _routes_of(desk: Desk, name: str) -> list[Any]:
    found, value = desk.plugins.call(name, "register_routes", desk=desk)
    return switchable(desk, name, value) if found else []
