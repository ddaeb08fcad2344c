"""All pages of the console: what plugins brought, and who sees which."""

import re
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from frontdesk.business import Business
from frontdesk.errors import ConfigError, PluginError
from frontdesk.pages import Page, Staff
from frontdesk_server.console import own, rendering

if TYPE_CHECKING:
    from frontdesk.desk import Desk

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_TAKEN = ("api", "assets", "sign-in", "sign-out", "ws", "inbox", "demo")


class Owned(msgspec.Struct, frozen=True):
    page: Page
    plugin: str


class Group(msgspec.Struct, frozen=True):
    title: str
    pages: tuple[Page, ...]


def collect(desk: "Desk") -> dict[str, Owned]:
    """Our own pages and those of plugins, by name, also of those that rest. Plugins that are loaded
    later add theirs. A plugin whose pages are wrong is quarantined."""
    found = {page.name: Owned(page, "console") for page in own.pages(desk)}
    for name in desk.plugins.loaded:
        try:
            _add(desk, found, name)
        except ConfigError:
            raise
        except (Exception, SystemExit) as error:
            desk.plugins.quarantine(name, error)
    desk.when_loaded.append(partial(_add, desk, found))
    return found


def _add(desk: "Desk", found: dict[str, Owned], plugin: str) -> None:
    has, value = desk.plugins.call(plugin, "register_pages", desk=desk)
    brought = [_checked(page, found) for page in value] if has else []
    if len({page.name for page in brought}) < len(brought):
        raise PluginError("two pages have the same name")
    found |= {page.name: Owned(page, plugin) for page in brought}


def _checked(page: object, taken: dict[str, Owned]) -> Page:
    if not isinstance(page, Page):
        raise PluginError(f"register_pages must return pages, not {type(page).__name__}")
    if not _NAME.fullmatch(page.name) or page.name in _TAKEN or page.name in taken:
        raise PluginError(
            f"the page name {page.name!r} is taken, or not lower case letters, digits and -"
        )
    if not rendering.exists(page.template):
        raise PluginError(f"the page {page.name!r} has no template {page.template!r}")
    return page


def visible(desk: "Desk", owned: Owned, business: Business) -> bool:
    """Whether this business has the page: its plugin works and is not switched off."""
    plugin = desk.plugins.found.get(owned.plugin)
    is_there = plugin is not None and plugin.status == "enabled"
    return is_there and owned.plugin not in business.plugins.disabled


def _is_used(desk: "Desk", owned: Owned, business: Business) -> bool:
    actions = desk.plugins.found[owned.plugin].actions
    used = {bound.action.name for bound in desk.tools(business).values()}
    return not actions or not used.isdisjoint(actions)


def menu(
    desk: "Desk", pages: dict[str, Owned], business: Business, staff: Staff
) -> tuple[Group, ...]:
    """What this person sees, in groups; the first is without a title. Pages of plugins that no tool
    of the business leads to are left out, but stay at their addresses."""
    seen = sorted(
        (
            owned.page
            for owned in pages.values()
            if visible(desk, owned, business)
            and _is_used(desk, owned, business)
            and staff.may(owned.page.role)
            and owned.page.name != own.ACCOUNT
        ),
        key=lambda page: (page.place, page.title),
    )
    titles = ["", *dict.fromkeys(page.group for page in seen if page.group)]
    return tuple(
        Group(title, tuple(page for page in seen if page.group == title)) for title in titles
    )
