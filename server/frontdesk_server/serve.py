"""Running the app: uvicorn, told to let go of open streams before it waits for them."""

from types import FrameType

import uvicorn
from litestar import Litestar

from frontdesk import Settings
from frontdesk.desk import Desk

GRACE_SECONDS = 5
"""What requests get to finish after a stop signal."""


class Server(uvicorn.Server):
    """uvicorn waits for connections before it stops the app, and streams do not end by themselves."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._desk.announce_stop()
        super().handle_exit(sig, frame)


def server(app: Litestar, desk: Desk, settings: Settings) -> Server:
    config = uvicorn.Config(
        app,
        host=settings.server.host,
        port=settings.server.port,
        log_config=None,
        access_log=False,
        loop="auto",
        http="auto",
        ws="websockets-sansio",
        # Deflate costs 40 KB a connection and gains nothing on frames of a few words.
        ws_per_message_deflate=False,
        ws_max_size=settings.limits.frame_bytes,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=bool(settings.server.trusted_proxies),
        forwarded_allow_ips=list(settings.server.trusted_proxies),
        server_header=False,
    )
    return Server(config, desk)
