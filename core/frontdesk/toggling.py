"""Switching plugins on and off while the server runs: `[plugins] disabled` in the configuration file.

Plugins stay loaded; one that is switched off rests (`Plugins.switch`). One that was off at the start is
loaded when it is switched on, and rests until all of it is there.
"""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import structlog

from frontdesk import config, configtree, merges, starting
from frontdesk.configtree import Source, Tree
from frontdesk.errors import ConfigError, PluginError
from frontdesk.jobs import Job
from frontdesk.migrate import migrate, pending

if TYPE_CHECKING:
    from frontdesk.business import Business
    from frontdesk.config import Settings
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.toggling")

LOOK_SECONDS = 0.5
"""A change is taken up when a second look finds the file as the first did: nobody writes it still."""

ANSWERS_ITSELF = "answers_while_off"
"""The name of a route handler's `opt` (Litestar): while its plugin is switched off, it is called all the
same, and sees to what its callers are told."""

Stamp = tuple[int, int, int]
"""Modified (ns), size, inode: a change within one tick of the clock is seen too."""


def jobs(desk: "Desk") -> list[Job]:
    """None for a desk whose settings come from no file."""
    if not desk.settings.file:
        return []
    return [Job(name="toggling", seconds=LOOK_SECONDS, run=_Watch(desk).look)]


class _Watch:
    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._file = Path(desk.settings.file)
        self._stamp: Stamp | None = None
        self._is_taken = desk.settings.source.name == "" and not self._file.exists()
        self._tree = configtree.parse(desk.settings.source)

    async def look(self) -> None:
        stamp = _stamp(self._file)
        if stamp != self._stamp:
            self._stamp, self._is_taken = stamp, False
        elif not self._is_taken:
            self._is_taken = True
            await self._take_up(is_there=stamp is not None)

    async def _take_up(self, *, is_there: bool) -> None:
        if not is_there:
            log.warning("the configuration file is gone; all stays as it is", file=str(self._file))
            return
        try:
            settings = config.load(str(self._file))
            tree = configtree.parse(Source(str(self._file), configtree.read(self._file)))
            _check_required(self._desk, settings)
        except ConfigError as error:
            log.error("the changed configuration is wrong; all stays as it is", reason=str(error))
            return
        others = [key for key in changed(self._tree, tree) if key != "plugins.disabled"]
        if others:
            log.warning("changed, and needs a restart", file=str(self._file), keys=others)
        self._tree = tree
        await switch(self._desk, settings.plugins.disabled)


async def switch(desk: "Desk", disabled: Iterable[str]) -> None:
    """Make it so that exactly these are off, as far as a running desk can; the log says what it did."""
    wanted = frozenset(disabled)
    found = desk.plugins.found
    for name in sorted(wanted - found.keys()):
        log.warning("there is no plugin of this name to switch off", plugin=name)
    late = [name for name in sorted(desk.plugins.unloaded - wanted) if await load_late(desk, name)]
    before = desk.plugins.resting
    desk.switch_plugins(wanted)
    if late:
        await _take_broken_packs_again(desk)
    now = desk.plugins.resting
    if now != before:
        log.info("plugins switched", off=sorted(now - before), on=sorted(before - now))


def is_off(desk: "Desk", plugin: str, business: "Business") -> bool:
    """Whether a plugin is switched off at this moment, for all or for this business."""
    return plugin in desk.plugins.resting or plugin in business.plugins.disabled


async def rests(desk: "Desk", business: str, kind: str) -> bool:
    """Whether this business does without the plugin that delivers such entries of the outbox. What
    merges contacts is always delivered: rows are the plugin's, whoever uses it."""
    found = None if kind.startswith(merges.KIND) else await desk.business(business)
    disabled = found.plugins.disabled if found else ()
    return any(kind in desk.deliveries_of.get(plugin, ()) for plugin in disabled)


async def load_late(desk: "Desk", name: str) -> bool:
    """Load a plugin as a start does; it rests until it is switched on. False when it cannot be used,
    and the log says why."""
    plugins = desk.plugins
    if not plugins.load_late(name):
        return False
    try:
        if (tables := plugins.tables.get(name)) is not None:
            desk.database.bind(tables.tables)
            if desk.database.is_sqlite:
                await migrate(desk.database, [tables])
            elif await pending(desk.database, [tables]):
                raise PluginError(
                    "its tables are not there: run `frontdesk db migrate`, then restart"
                )
        for job in starting.start_plugin(desk, name):
            desk.jobs.append(job)
            desk.runner.add(job)
        for hear in desk.when_loaded:
            hear(name)
    except (Exception, SystemExit) as error:
        plugins.quarantine(name, error)
        return False
    return True


async def _take_broken_packs_again(desk: "Desk") -> None:
    """Those that lacked what a plugin brings; packs that can be used stay as they are."""
    fresh = await asyncio.to_thread(starting.read_packs, desk.pack_folders, desk.plugins)
    desk.packs |= {
        name: fresh.get(name, pack) for name, pack in desk.packs.items() if pack.problems
    }
    desk.forget_kept()


def _check_required(desk: "Desk", settings: "Settings") -> None:
    required = {*desk.settings.plugins.required, *settings.plugins.required}
    if both := sorted(required & set(settings.plugins.disabled)):
        raise ConfigError(
            f"plugins.disabled: {both[0]!r} is in plugins.required too: take it out of one of them"
        )


def changed(old: Tree, new: Tree, prefix: str = "") -> list[str]:
    """The dotted keys whose values differ. Never the values: they may be secret."""
    found: list[str] = []
    for key in dict.fromkeys([*old, *new]):
        one: Any = old.get(key)
        other: Any = new.get(key)
        if isinstance(one, dict | None) and isinstance(other, dict | None) and one != other:
            inner = cast("Tree", one or {}), cast("Tree", other or {})
            found += changed(*inner, f"{prefix}{key}.")
        elif one != other:
            found.append(prefix + key)
    return found


def _stamp(file: Path) -> Stamp | None:
    """None when there is no such file."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
