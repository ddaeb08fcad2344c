"""Pages of the staff console that plugins bring: a table, a form, no script.

The console signs people in, checks their role and the form's token, writes what was posted into the
audit log, and renders the template. A page only loads and changes what is its plugin's.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from frontdesk.business import Business
from frontdesk.errors import FrontdeskError

Role = Literal["agent", "manager", "owner"]
ROLES: tuple[Role, ...] = ("agent", "manager", "owner")
"""From the least to the most that one may do."""


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """A person who is signed in."""

    id: str
    name: str
    """As customers see it."""
    role: Role

    def may(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


class PageRequest(msgspec.Struct, frozen=True, kw_only=True):
    business: Business
    staff: Staff
    now: datetime
    """Aware, in the business's zone."""
    query: Mapping[str, str]
    form: Mapping[str, str] = {}
    """What was posted, of each field the last value."""
    fields: Mapping[str, tuple[str, ...]] = {}
    """The same with all values of each field."""


class PageError(FrontdeskError):
    """What was posted cannot be done. The text is shown above the page, so it names what and why."""


Load = Callable[[PageRequest], Awaitable[Mapping[str, Any]]]
"""The values of the template."""
Post = Callable[[PageRequest], Awaitable[str]]
"""Does what a form asks for; what to say about it. Raises PageError."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """The last part of its address, /console/NAME."""
    title: str
    template: str
    """PACKAGE:PATH of a Jinja template that extends "page.html.j2", for example
    "frontdesk_plugins.booking:pages/bookings.html.j2". Everything in it is escaped."""
    load: Load
    posts: Mapping[str, Post] = {}
    """By the value of the form's field `do`."""
    role: Role = "agent"
    """Who sees it."""
    post_role: Role = "agent"
    """Who may post."""
    place: int = 50
    """Its order in the menu."""
    group: str = ""
    """A heading in the menu; empty for what is used all day."""


# ---- what the inbox shows of plugins' things --------------------------------------------------


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    text: str
    """For example "Table for 4, Tue, Nov 24, 7:00 PM"."""
    detail: str = ""
    status: str = ""
    href: str = ""
    """A page of the console, for example "/console/bookings?date=2026-11-24"."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin knows of a customer, the newest first. One without rows is not shown."""

    title: str
    rows: tuple[Row, ...] = ()


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message that was sent."""

    state: str
    """queued | sent | delivered | failed | held"""
    error: str = ""
    """In words for staff, with what to do."""
