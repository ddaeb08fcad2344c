"""What `frontdesk check` looks at. Nothing here changes or makes anything."""

import logging
import re
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

import msgspec

from frontdesk import Business, ConfigError, Settings, wanted
from frontdesk.catalogue import read_business
from frontdesk.database import sqlite_path
from frontdesk.desk import Desk
from frontdesk.migrate import pending
from frontdesk_server.app import plugin_routes
from frontdesk_server.commands.business import as_toml
from frontdesk_server.commands.desks import missing_file, models, shown_database
from frontdesk_server.commands.options import Options
from frontdesk_server.commands.packs import check_all
from frontdesk_server.commands.plugins import ask_commands
from frontdesk_server.commands.quiet import set_up_logs
from frontdesk_server.secret import secret_keys

RELEASED = 1_767_225_600
"""The start of 2026, before which no clock can be right."""
CLOCKS_APART = 2.0
"""Seconds between our clock and the database's that are still well."""


class Finding(msgspec.Struct, frozen=True):
    area: str
    status: Literal["ok", "warning", "problem"]
    text: str
    cure: str = ""


async def examine(options: Options) -> list[Finding]:
    """Everything, in the order in which to put it right."""
    set_up_logs(options, logging.CRITICAL)
    try:
        settings = options.settings()
    except ConfigError as error:
        return [Finding("config", "problem", str(error), "Correct the configuration first.")]
    where = settings.source.name or "no file: the defaults and the environment"
    findings = [Finding("config", "ok", where), *_time(), _secret(settings), _port(settings)]
    try:
        desk = Desk(settings)
        desk.load()
        desk.secret_keys = ("only to build the routes, nothing is signed",)
        plugin_routes(desk)
        ask_commands(desk.plugins, ())
    except ConfigError as error:
        return [*findings, Finding("config", "problem", str(error), "Correct the configuration.")]
    findings += [*_plugins(desk), *_packs(desk), *_models(desk)]
    return findings + [finding async for finding in _database(desk)]


def _time() -> Iterator[Finding]:
    zones = available_timezones()
    if "Europe/Rome" in zones and "America/New_York" in zones:
        yield Finding("time", "ok", f"{len(zones)} time zones are known")
    else:
        cure = "Install the package tzdata: pip install tzdata"
        yield Finding("time", "problem", "there is no time zone data", cure)
    if time.time() < RELEASED:
        text = f"the clock says {time.strftime('%Y-%m-%d', time.gmtime())}"
        yield Finding("time", "problem", text, "Set the computer's clock.")


def _secret(settings: Settings) -> Finding:
    path = sqlite_path(settings.database.url)
    file = Path(path + ".secret") if path else None
    if file is not None and not settings.server.secret_key:
        if not file.exists():
            return Finding("secret", "ok", f"made at the first start, in {file.absolute()}")
        if len(_text(file)) < 32:
            cure = "Delete it: the next start makes a new one, and visitors begin anew."
            return Finding("secret", "problem", f"{file.absolute()} holds no key", cure)
        if file.stat().st_mode & 0o077:
            cure = f"chmod 600 {file.absolute()}"
            return Finding("secret", "warning", f"others can read {file.absolute()}", cure)
    try:
        keys = secret_keys(settings)
    except ConfigError as error:
        return Finding("secret", "problem", str(error))
    kept = "" if settings.server.secret_key or file is None else f", kept in {file.absolute()}"
    return Finding("secret", "ok", f"{len(keys)} {'key' if len(keys) == 1 else 'keys'}{kept}")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _port(settings: Settings) -> Finding:
    host, port = settings.server.host, settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        cure = "Well if Frontdesk runs already; else choose another with --port or server.port."
        text = f"cannot listen on {host}, port {port}: {error.strerror or error}"
        return Finding("port", "warning", text, cure)
    return Finding("port", "ok", f"{host}, port {port} is free")


def _plugins(desk: Desk) -> Iterator[Finding]:
    used: list[str] = []
    for name, plugin in desk.plugins.found.items():
        if plugin.status == "quarantined":
            yield Finding("plugins", "problem", f"{name} is set aside: {plugin.said}", plugin.cure)
        elif plugin.status == "enabled":
            used.append(name)
            if plugin.reason:
                yield Finding("plugins", "warning", f"{name}: {plugin.said}")
    for said in wanted.of_settings(desk.settings, desk.plugins):
        yield Finding("plugins", "warning", said, "Correct the name, or enable its plugin.")
    for section in desk.settings.sections:
        if section not in desk.plugins.found:
            text = f"[plugins.{section}] is in the configuration, but there is no such plugin"
            yield Finding("plugins", "warning", text, "Install the plugin or remove the section.")
    for name in desk.settings.plugins.disabled:
        if name not in desk.plugins.found:
            text = f"plugins.disabled names {name}, but there is no such plugin"
            yield Finding("plugins", "warning", text, "Correct the name; `plugins list` has all.")
    yield Finding("plugins", "ok", ", ".join(used) or "none")


def _packs(desk: Desk) -> Iterator[Finding]:
    used: list[str] = []
    for pack, problems in check_all(desk.packs.values(), desk.plugins):
        if problems:
            count = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}"
            cure = f"See all with `frontdesk packs check {pack.name}`."
            yield Finding("packs", "problem", f"{pack.name}: {count}, first: {problems[0]}", cure)
        else:
            used.append(pack.name)
    if used:
        yield Finding("packs", "ok", ", ".join(used))
    else:
        cure = "Install one, or give `serve` a folder with --pack."
        yield Finding("packs", "warning", "no pack can be used", cure)


def _models(desk: Desk) -> Iterator[Finding]:
    every = models(desk)
    for name, why in every:
        if why:
            cure = "Put that right, or take it out of [model] use."
            yield Finding("models", "warning", f"{name} cannot be used: {why}", cure)
    used = [name for name, why in every if not why]
    if used:
        yield Finding("models", "ok", ", then ".join(used))
    else:
        cure = 'Set a key, or add "offline" to [model] use.'
        yield Finding("models", "problem", "no model can answer", cure)


async def _database(desk: Desk) -> AsyncIterator[Finding]:
    shown = shown_database(desk.settings)
    if missing := missing_file(desk.settings):
        if missing.parent.is_dir():
            yield Finding("database", "ok", f"{shown}, made at the first start")
        else:
            cure = f"Make the folder {missing.parent}, or correct database.url."
            yield Finding("database", "problem", f"{shown}: there is no such folder", cure)
        return
    try:
        await desk.open_database()
    except ConfigError as error:
        yield Finding("database", "problem", str(error))
        return
    try:
        async for finding in _opened(desk, shown):
            yield finding
    finally:
        await desk.database.stop()


async def _opened(desk: Desk, shown: str) -> AsyncIterator[Finding]:
    left = await pending(desk.database, desk.apps)
    if left and not desk.database.is_sqlite:
        text = f"{shown}: {len(left)} migrations are pending"
        yield Finding("database", "problem", text, "Run `frontdesk db migrate`.")
    elif left:
        text = f"{shown}: {len(left)} migrations are pending; the next start runs them"
        yield Finding("database", "warning", text, "Or run `frontdesk db migrate` now.")
    else:
        yield Finding("database", "ok", shown)
    if not desk.database.is_sqlite:
        row = await desk.database.one("SELECT EXTRACT(EPOCH FROM clock_timestamp()) AS now")
        apart = abs(time.time() - float(row["now"])) if row else 0.0
        if apart > CLOCKS_APART:
            text = f"this clock and the database's are {apart:.0f} seconds apart"
            yield Finding("time", "warning", text, "Let a time service set both.")
    if not any(step.app == "frontdesk" for step in left):
        async for finding in _businesses(desk):
            yield finding


async def _businesses(desk: Desk) -> AsyncIterator[Finding]:
    rows = await desk.database.fetch("SELECT id, profile FROM business ORDER BY id")
    good: list[str] = []
    for row in rows:
        try:
            business = msgspec.json.decode(row["profile"], type=Business)
            problems = _problems(desk, business)
        except msgspec.ValidationError as error:
            yield Finding("business", "problem", f"{row['id']}: {error}")
            continue
        if problems:
            cure = f"Correct its file and run `frontdesk business apply` (`export {row['id']}` prints it)."
            text = "\n".join([f"{row['id']}: {problems[0]}", *problems[1:]])
            yield Finding("business", "problem", text, cure)
        else:
            good.append(row["id"])
            if business.language != "en" and "offline" in desk.settings.model.use:
                text = f"{row['id']} speaks {business.language}; the offline model understands English only"
                cure = "Set ANTHROPIC_API_KEY, so that Claude answers unless it is down."
                yield Finding("business", "warning", text, cure)
    if good:
        yield Finding("business", "ok", ", ".join(good))
    if not rows:
        cure = "Make one with `frontdesk business apply FILE`, or start with `serve --demo`."
        yield Finding("business", "warning", "there is no business yet", cure)


def _problems(desk: Desk, business: Business) -> list[str]:
    problems: list[str] = []
    if business.pack and desk.pack_of(business) is None:
        state = "has problems" if business.pack in desk.packs else "is not installed"
        problems.append(f"its pack {business.pack!r} {state}")
    problems += wanted.of_business(business, desk.plugins)
    try:
        read_business(as_toml(business), business.id, desk.plugins.business_settings)
    except ConfigError as error:  # the lines are those of an export, which nobody has before them
        place = re.compile(rf"^{re.escape(business.id)}:\d+: ", re.MULTILINE)
        problems += place.sub("", str(error)).splitlines()
    return problems
