"""Whose number it is that a customer wrote to."""

import re
import time
from typing import TYPE_CHECKING

import msgspec

from frontdesk.business import Business
from frontdesk.businesses import FRESH_SECONDS
from frontdesk_plugins.sms.settings import E164, of_business

if TYPE_CHECKING:
    from frontdesk.desk import Desk

_PERSON = re.compile(E164)


def is_person(sender: str) -> bool:
    """Whether a sender can be a customer's telephone. Short codes and names are machines, which would
    answer our answers; "whatsapp:+..." and the like are other channels."""
    return _PERSON.fullmatch(sender) is not None


class Directory:
    """Which businesses have which number, kept as long as no profile changes."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._checked = 0.0
        self._version: tuple[int, int] = (-1, -1)
        self._owners: dict[str, tuple[str, ...]] = {}

    async def owners(self, number: str) -> tuple[str, ...]:
        """The businesses that say they have this number: one, or something is wrong."""
        await self._refresh()
        if number not in self._owners:  # it may be a second old
            await self._refresh(at_once=True)
        return self._owners.get(number, ())

    async def is_ours(self, number: str) -> bool:
        await self._refresh()
        return number in self._owners

    async def _refresh(self, *, at_once: bool = False) -> None:
        if time.monotonic() - self._checked < FRESH_SECONDS and not at_once:
            return
        # `updated` rises with every change of a profile, so this sum tells them all.
        row = await self._desk.database.one(
            "SELECT COUNT(*) AS n, COALESCE(SUM(updated), 0) AS total FROM business"
        )
        assert row is not None
        version = (int(row["n"]), int(row["total"]))
        if version != self._version:
            self._owners = owners_of(await self._desk.businesses())
            self._version = version
        self._checked = time.monotonic()


def owners_of(businesses: list[Business]) -> dict[str, tuple[str, ...]]:
    """The ids of the businesses by number."""
    found: dict[str, tuple[str, ...]] = {}
    for business in businesses:
        try:
            section = of_business(business.settings.get("sms"))
        except msgspec.ValidationError:  # stored by another version; `frontdesk check` tells of it
            continue
        for number in section.numbers:
            found[number] = (*found.get(number, ()), business.id)
    return found
