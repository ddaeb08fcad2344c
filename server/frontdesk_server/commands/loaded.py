"""The plugins, for commands that need no desk."""

import logging

from frontdesk.plugins import Plugins
from frontdesk_server.commands.options import Options
from frontdesk_server.commands.quiet import set_up_logs


def loaded(options: Options) -> Plugins:
    """All that are installed and enabled; what is wrong with one is kept with it."""
    set_up_logs(options, logging.CRITICAL)
    plugins = Plugins(options.settings())
    plugins.load_installed()
    plugins.collect()
    return plugins
