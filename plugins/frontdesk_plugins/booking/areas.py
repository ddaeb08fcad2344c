"""Where a business comes to: for those that go to their customers."""

from typing import Any

from frontdesk import ActionCall, ActionError, Business
from frontdesk.postcodes import covers
from frontdesk_plugins.booking.params import ServiceArea
from frontdesk_plugins.booking.resources import Area
from frontdesk_plugins.booking.rules import rules_of
from frontdesk_plugins.booking.words import say


async def service_area(call: ActionCall, params: ServiceArea) -> dict[str, Any]:
    """Whether the business comes to a postcode, and what holds there."""
    if not rules_of(call.business).areas:
        said = say(call.business, "no_areas", name=call.business.name)
        raise ActionError(f"{said} {say(call.business, 'person')}", needs_person=True)
    area = _area(call.business, params.postcode)
    answer: dict[str, Any] = {"postcode": params.postcode, "served": area is not None}
    if area is None:
        return answer | {"message": _not_served(call.business, params.postcode)}
    said = say(call.business, "served", name=call.business.name, postcode=params.postcode)
    message = f"{said} {area.text}".strip()
    return answer | {"area": area.name, "message": message}


def check_area(business: Business, postcode: str) -> None:
    """Raises ActionError where the business does not come to, if it says where it comes to."""
    if not rules_of(business).areas:
        return
    if not postcode.strip():
        raise ActionError(say(business, "which_postcode"), needs="postcode")
    if _area(business, postcode) is None:
        raise ActionError(_not_served(business, postcode), needs="postcode")


def _area(business: Business, postcode: str) -> Area | None:
    areas = rules_of(business).areas
    return next((area for area in areas if covers(area.postcodes, postcode)), None)


def _not_served(business: Business, postcode: str) -> str:
    names = ", ".join(area.name for area in rules_of(business).areas)
    said = say(business, "not_served", name=business.name, postcode=postcode.strip()[:20])
    return f"{said} {say(business, 'areas', areas=names)}"
