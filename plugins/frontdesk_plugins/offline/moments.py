"""The date and the time of a task together."""

from frontdesk_plugins.offline import times
from frontdesk_plugins.offline.roles import roles
from frontdesk_plugins.offline.slots import Slot
from frontdesk_plugins.offline.state import Talk


def moment(talk: Talk) -> tuple[Slot | None, Slot | None]:
    """The date and the time that belong together, when there is one of each."""
    dates = [slot for slot in talk.slots if slot.kind == "date" and not slot.past]
    walls = [slot for slot in talk.slots if slot.kind == "time"]
    return (dates[0] if len(dates) == 1 else None), (walls[0] if len(walls) == 1 else None)


def narrow(talk: Talk) -> None:
    """Readings of a time that the date and the opening hours rule out."""
    state = talk.state
    day_slot, wall_slot = moment(talk)
    if not wall_slot or wall_slot.name not in state.maybe:
        return
    day = state.filled.get(day_slot.name) if day_slot else None
    if day_slot and not day and not day_slot.required and not _changes(talk):
        day = talk.context.today.isoformat()  # "at seven", where nobody has to name a day
    left = times.narrow(state.maybe[wall_slot.name], day, talk.context)
    if len(left) == 1 and (day or not day_slot):
        state.filled[wall_slot.name] = left[0]
        del state.maybe[wall_slot.name]


def _changes(talk: Talk) -> bool:
    return talk.tool is not None and any(role.deed == "change" for role in roles(talk.tool))


def look_at(talk: Talk) -> None:
    """Times that are over, or that the clocks skip."""
    state = talk.state
    day_slot, wall_slot = moment(talk)
    if not day_slot or not wall_slot:
        return
    day, wall = state.filled.get(day_slot.name), state.filled.get(wall_slot.name)
    if not day or not wall:
        return
    why = times.trouble(day, wall, talk.context)
    if why:
        del state.filled[wall_slot.name]
        talk.troubles[wall_slot.name] = why
