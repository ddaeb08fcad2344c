"""What a desk starts with: packs that were checked, plugins that began, businesses that fit them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
import structlog

from frontdesk import merges, packs, webhooks
from frontdesk.business import Business
from frontdesk.catalogue import check_custom_tools, check_pack
from frontdesk.errors import ConfigError, PluginError
from frontdesk.jobs import Job
from frontdesk.packs import Pack
from frontdesk.plugin_checks import checked, exited, listed
from frontdesk.plugins import Plugins
from frontdesk.prompt import personalities

if TYPE_CHECKING:
    from frontdesk.desk import Desk

log = structlog.get_logger("frontdesk.desk")


def read_packs(folders: Sequence[str], plugins: Plugins) -> dict[str, Pack]:
    """Those that are installed and those in `folders`, by name, with what is wrong with them beside
    the plugins that are there now."""
    found: dict[str, Pack] = {}
    for pack in packs.read_installed():
        name = f"{pack.name} ({pack.source})" if pack.name in found else pack.name
        found[name] = pack
    for folder in folders:
        pack = packs.read_folder(folder)
        found[pack.name] = pack
    for name, pack in list(found.items()):
        try:
            problems = check_pack(pack, plugins)
        except Exception as error:  # one pack must not stop the others, whatever is in it
            log.exception("pack could not be checked", pack=name)
            problems = [f"{pack.shown}: could not be checked: {type(error).__name__}"]
        if problems:
            found[name] = msgspec.structs.replace(pack, problems=tuple(problems))
            log.error("pack cannot be used", pack=name, problems=problems)
    return found


def start_plugins(desk: "Desk") -> None:
    """Ask every plugin what it does while the desk runs. One that breaks is quarantined."""
    for name in list(desk.plugins.enabled()):
        try:
            desk.jobs += start_plugin(desk, name)
        except ConfigError:
            raise
        except (Exception, SystemExit) as error:
            desk.plugins.quarantine(name, error)
        else:
            desk.deliveries |= desk.deliveries_of[name]


def start_plugin(desk: "Desk", name: str) -> list[Job]:
    """Its jobs. Raises what its hooks raise."""
    desk.plugins.call(name, "startup", desk=desk)
    _, given = desk.plugins.call(name, "register_jobs", desk=desk)
    jobs = [
        checked(job, Job, "register_jobs") for job in listed(given or (), "register_jobs", "Job")
    ]
    _, deliveries = desk.plugins.call(name, "register_deliveries", desk=desk)
    if not isinstance(deliveries or {}, Mapping):
        kind = type(deliveries).__name__
        raise PluginError(f"register_deliveries must return a mapping by kind, not {kind}")
    known = {kind for brought in desk.deliveries_of.values() for kind in brought}
    if taken := known & set(deliveries or ()):
        raise PluginError(f"the delivery {min(taken)!r} is taken already")
    later = {merges.KIND + name: merges.delivery(desk, name)}
    desk.deliveries_of[name] = {**(deliveries or {}), **later}
    return [while_enabled(desk.plugins, name, job) for job in jobs]


def while_enabled(plugins: Plugins, name: str, job: Job) -> Job:
    """The job of a plugin, which does nothing while the plugin rests."""

    async def run() -> None:
        if plugins.works(name):
            try:
                await job.run()
            except SystemExit as error:
                raise exited(error) from error

    return msgspec.structs.replace(job, run=run)


def check_business(desk: "Desk", business: Business) -> None:
    """Raises ConfigError for what this desk does not have or may not do."""
    pack = desk.packs.get(business.pack)
    if business.pack and pack is None:
        known = ", ".join(desk.packs) or "none is installed"
        raise ConfigError(f"pack: there is no pack {business.pack!r}; known: {known}")
    voices = personalities(pack)
    if business.personality not in voices:
        raise ConfigError(
            f"personality: there is no {business.personality!r}; known: {', '.join(voices)}"
        )
    check_custom_tools(business, desk.plugins)
    webhooks.check_business(business, desk.settings.outgoing)
