"""frontdesk plugins enable and disable: for the installation, or for one business."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Any

import click
import msgspec

from frontdesk import Business, ConfigError, config, starting
from frontdesk.configtree import Source
from frontdesk.desk import Desk
from frontdesk_server.commands.desks import load_desk, missing_file, opened
from frontdesk_server.commands.options import Failure, Options, WrongUse, shared
from frontdesk_server.commands.quiet import set_up_logs

_VARIABLE = "FRONTDESK_PLUGINS__DISABLED"

_business = click.option(
    "--business", "identifier", metavar="ID", help="Only for this business, not for all."
)


@click.command(name="enable")
@shared
@click.argument("name")
@_business
@click.pass_obj
def enable(options: Options, name: str, identifier: str | None) -> None:
    """Switch the plugin NAME on again. A running server takes it up within two seconds."""
    _toggle(options, name, identifier, off=False, force=False)


@click.command(name="disable")
@shared
@click.argument("name")
@_business
@click.option("--force", is_flag=True, help="Also when a pack that is in use requires it.")
@click.pass_obj
def disable(options: Options, name: str, identifier: str | None, *, force: bool) -> None:
    """Switch the plugin NAME off. A running server takes it up within two seconds.

    Its actions, models, channels, pages and jobs rest; nothing of its data is lost. `[plugins]
    disabled` of the configuration file is changed, and nothing else in it; --business changes the
    profile of one business instead.
    """
    _toggle(options, name, identifier, off=True, force=force)


def _toggle(options: Options, name: str, identifier: str | None, *, off: bool, force: bool) -> None:
    desk = _load(options, lenient=identifier is None)
    if name not in desk.plugins.found and (off or name not in desk.settings.plugins.disabled):
        known = ", ".join(sorted(desk.plugins.found)) or "none"
        raise WrongUse(f"There is no plugin {name!r}. Installed: {known}.")
    if off and name in desk.settings.plugins.required:
        raise Failure(
            f"{_file(desk)}: [plugins] required has {name!r}: take it out there first, or the next "
            "start fails."
        )
    if identifier is not None:
        click.echo(asyncio.run(_for_business(desk, name, identifier, off=off, force=force)))
        return
    if _VARIABLE in os.environ:
        raise Failure(
            f"The environment variable {_VARIABLE} decides which plugins are off, whatever the "
            "file says: change it there, or unset it."
        )
    if off and not force and "database.url" in desk.settings.unset:
        click.echo(
            "Which businesses need it is not known here: the variable of database.url is not set."
        )
    elif off and not force:
        asyncio.run(_refuse_needed(desk, name))
    click.echo(_edit(desk, name, off=off))


def _load(options: Options, *, lenient: bool) -> Desk:
    """Whatever is wrong with a plugin or its section: switching it off may be the cure."""
    if not lenient:
        return load_desk(options, level=logging.CRITICAL)
    set_up_logs(options, logging.CRITICAL)
    desk = Desk(options.settings(lenient=True))
    desk.plugins.load_installed()
    desk.plugins.collect(strict=False)
    desk.packs = starting.read_packs((), desk.plugins)
    return desk


# ---- what needs it -----------------------------------------------------------------------------


def _needed_by(desk: Desk, name: str, business: Business) -> str:
    """The action of this plugin that the business's pack requires; empty when there is none."""
    pack = desk.packs.get(business.pack)
    plugin = desk.plugins.found.get(name)
    requires = pack.manifest.requires if pack and pack.manifest else ()
    return next((action for action in requires if plugin and action in plugin.actions), "")


async def _refuse_needed(desk: Desk, name: str) -> None:
    if missing_file(desk.settings):
        return
    async with opened(desk):
        found = [(b, _needed_by(desk, name, b)) for b in await desk.businesses()]
    needed = [f"  {b.id}: its pack {b.pack!r} requires {action!r}" for b, action in found if action]
    if needed:
        raise Failure(
            f"The plugin {name!r} is needed by:\n" + "\n".join(needed) + "\n"
            "Give them another pack, or add --force: then they lose what it does, and their pack "
            "cannot be used at all from the next start on."
        )


# ---- one business ------------------------------------------------------------------------------


async def _for_business(desk: Desk, name: str, identifier: str, *, off: bool, force: bool) -> str:
    async with opened(desk):
        business = await desk.business(identifier)
        if business is None:
            known = ", ".join(each.id for each in await desk.businesses()) or "none"
            raise Failure(f"There is no business {identifier!r}. Businesses: {known}.")
        action = _needed_by(desk, name, business)
        if off and action and not force:
            raise Failure(
                f"{identifier}: its pack {business.pack!r} requires {action!r} of the plugin "
                f"{name!r}. Give it another pack, or add --force: then it does without."
            )
        disabled = business.plugins.disabled
        if (name in disabled) == off:
            return f"{identifier}: {name} is {_word(off=off)} already."
        rest = (*disabled, name) if off else tuple(each for each in disabled if each != name)
        plugins = msgspec.structs.replace(business.plugins, disabled=rest)
        await desk.apply(msgspec.structs.replace(business, plugins=plugins))
    message = f"{identifier}: {name} is {_word(off=off)} now."
    if not off and name in desk.settings.plugins.disabled:
        message += f" But it is off for all: `frontdesk plugins enable {name}`."
    return message


def _word(*, off: bool) -> str:
    return "off" if off else "on"


# ---- the file ----------------------------------------------------------------------------------


def _file(desk: Desk) -> Path:
    return Path(desk.settings.file)


def _edit(desk: Desk, name: str, *, off: bool) -> str:
    """Change the list and nothing else; what to tell."""
    import tomlkit  # noqa: PLC0415  it keeps comments, order and spaces, and only this needs it

    file = _file(desk)
    shown = os.path.relpath(file)
    if (name in desk.settings.plugins.disabled) == off:
        return f"{name} is {_word(off=off)} already; {shown} is as it was."
    is_new = not file.exists()
    document = tomlkit.parse("" if is_new else file.read_bytes().decode())
    _set(document, name, off=off)
    text = tomlkit.dumps(document)
    _check(file, text)
    _replace(file, text)
    made = f"{shown} is new: " if is_new else f"{shown}: "
    return f"{made}{name} is {_word(off=off)} now. A running server takes it up within seconds."


def _set(document: Any, name: str, *, off: bool) -> None:
    import tomlkit  # noqa: PLC0415

    if "plugins" not in document:
        document["plugins"] = tomlkit.table()
    plugins: dict[str, Any] = document["plugins"]
    if "disabled" not in plugins:
        empty: list[str] = []
        plugins["disabled"] = empty
    names: list[str] = plugins["disabled"]
    if off:
        names.append(name)
    while name in names and not off:
        names.remove(name)


def _check(file: Path, text: str) -> None:
    """What is written must be what a start reads. Raises ConfigError."""
    environ = dict(os.environ)
    config.load(str(file), environ, lenient=True) if file.exists() else None
    config.of_source(Source(str(file), text), environ, lenient=True)


def _replace(file: Path, text: str) -> None:
    """In one step, so that a running server never reads half of it; a link stays a link."""
    target = file.resolve()
    new = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        new.write_bytes(text.encode())
        if target.exists():
            new.chmod(target.stat().st_mode & 0o777)
        new.replace(target)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise ConfigError(f"cannot write {file}: {error.strerror or error}") from error
