"""A plugin as it was found, and what broke in one."""

import msgspec


class Plugin(msgspec.Struct, kw_only=True):
    """A plugin as found, whether it works or not."""

    name: str
    distribution: str = ""
    version: str = ""
    status: str = "enabled"
    """enabled | disabled | quarantined"""
    reason: str = ""
    place: str = ""
    """File and line that the reason came from, as far as they are the plugin's."""
    cure: str = ""
    at_hand: bool = False
    """It was installed from a folder: whoever runs this can correct it."""
    hooks: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The reason, and where it came from."""
        return f"{self.reason} ({self.place})" if self.place else self.reason


class Fault(msgspec.Struct, frozen=True):
    """What went wrong in a plugin that goes on. For whoever develops it: `said` may quote a customer."""

    plugin: str
    place: str
    said: str
