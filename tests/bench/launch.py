"""Starts Frontdesk with the arguments of `frontdesk serve`, for as long as there is no command line."""

import os
import sys

from frontdesk import config
from frontdesk.desk import Desk
from frontdesk_server import logs, secret
from frontdesk_server.app import create_app
from frontdesk_server.serve import server


def main() -> None:
    os.environ["FRONTDESK_SERVER__PORT"] = sys.argv[-1]
    logs.set_up()
    settings = config.load()
    desk = Desk(settings)
    desk.secret_keys = secret.secret_keys(settings)
    desk.load()
    server(create_app(desk, with_demo=True), desk, settings).run()


if __name__ == "__main__":
    main()
