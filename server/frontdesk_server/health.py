"""Probes for orchestrators and numbers for Prometheus."""

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import MediaType, Response, get

from frontdesk import places

if TYPE_CHECKING:
    from frontdesk.desk import Desk

READY_SECONDS = 2.0


def make_routes(desk: "Desk") -> list[Any]:
    @get("/health/live", summary="The process runs", sync_to_thread=False)
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @get("/health/ready", summary="It can take messages")
    async def ready() -> Response[bytes]:
        """503 while the database does not answer or the server is stopping."""
        problems: list[str] = []
        if desk.stopping:
            problems.append("stopping")
        try:
            async with asyncio.timeout(READY_SECONDS):
                await desk.database.fetch("SELECT 1")
        except Exception as error:
            problems.append(f"database: {type(error).__name__}")
        body = {
            "status": "unavailable" if problems else "ok",
            "problems": problems,
            "models": [m for m in desk.settings.model.use if m in desk.plugins.models],
            "disabled": sorted(
                name for name, plugin in desk.plugins.found.items() if plugin.status == "disabled"
            ),
            "quarantined": {
                name: msgspec.structs.replace(plugin, place=places.short(plugin.place)).said
                for name, plugin in desk.plugins.found.items()
                if plugin.status == "quarantined"
            },
            "brokenPacks": {
                name: list(pack.problems) for name, pack in desk.packs.items() if pack.problems
            },
        }
        return Response(
            msgspec.json.encode(body),
            status_code=503 if problems else 200,
            media_type="application/json",
        )

    @get("/metrics", media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
    def metrics() -> Response[bytes]:
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415

        kind = CONTENT_TYPE_LATEST.partition("; charset")[0]  # Litestar adds it
        return Response(generate_latest(desk.metrics.registry), media_type=kind)

    return [live, ready, metrics]
