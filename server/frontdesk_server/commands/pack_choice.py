"""Which packs a command is about."""

from collections.abc import Sequence
from pathlib import Path

from frontdesk import packs as packs_module
from frontdesk.packs import Pack
from frontdesk_server.commands.options import Failure


def chosen(targets: Sequence[str]) -> list[Pack]:
    """Packs by name or folder; all installed ones without any. Raises Failure."""
    installed = {pack.name: pack for pack in packs_module.read_installed()}
    if not targets:
        return list(installed.values())
    chosen: list[Pack] = []
    for target in targets:
        if target in installed:
            chosen.append(installed[target])
        elif Path(target).is_dir():
            chosen.append(packs_module.read_folder(target))
        else:
            known = ", ".join(installed) or "none"
            raise Failure(f"There is no pack or folder {target!r}. Installed packs: {known}.")
    return chosen
