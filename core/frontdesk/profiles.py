"""Changing the profile of a business while it runs, so that nobody's change is lost."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from frontdesk.business import Business, problems
from frontdesk.errors import ConfigError
from frontdesk.pages import PageError

if TYPE_CHECKING:
    from frontdesk.desk import Desk


async def change(desk: "Desk", business: str, make: Callable[[Business], Business]) -> Business:
    """Apply what `make` makes of the profile as it is now; nobody else changes it meanwhile.

    Raises PageError for what is not valid, with the field and the cure. `make` may raise it too.
    """
    async with desk.database.transaction():
        row = await desk.database.one(
            "UPDATE business SET updated = updated WHERE id = {} RETURNING profile", business
        )
        if row is None:
            raise PageError("This business is gone.")
        before = msgspec.json.decode(row["profile"], type=Business)
        after = make(before)
        if found := problems(after):
            raise PageError("; ".join(f"{key}: {said}" for key, said in found))
        for name, section in after.settings.items():
            if section != before.settings.get(name):
                _check(desk, name, section)
        try:
            await desk.apply(after)
        except ConfigError as error:
            raise PageError(str(error)) from error
    return after


def _check(desk: "Desk", name: str, section: dict[str, Any]) -> None:
    try:
        msgspec.convert(section, desk.plugins.business_settings[name])
    except msgspec.ValidationError as error:
        raise PageError(f"settings.{name}: {error}") from error


def with_section(business: Business, name: str, **values: Any) -> Business:
    """The business with other keys in the section of a plugin."""
    section = business.settings.get(name, {}) | values
    return msgspec.structs.replace(business, settings=business.settings | {name: section})
