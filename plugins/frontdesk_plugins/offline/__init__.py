"""The offline model, the last rung when no language model answers, and the demo's only one."""

from frontdesk import Model, hookimpl
from frontdesk_plugins.offline.model import Offline

__all__ = ["Offline", "register_models"]


@hookimpl
def register_models() -> list[Model]:
    return [Offline()]
