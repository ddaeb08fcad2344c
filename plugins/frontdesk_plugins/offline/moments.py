"""The date and the time of a task together."""

from frontdesk.tools import Tool
from frontdesk_plugins.offline import dates, holidays, times
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.roles import informs, roles
from frontdesk_plugins.offline.slots import Slot, slots_of
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


def day_told(tool: Tool) -> Slot | None:
    """The field for the day that a tool tells of and can do without."""
    found = [slot for slot in slots_of(tool) if slot.kind == "date" and not slot.past]
    return found[0] if found and informs(tool) and not found[0].required else None


def unknown_day(talk: Talk, tool: Tool, text: str) -> Slot | None:
    """The field to ask for when the message names a holiday without a date of its own: what is told
    of other days is no answer. Easter stands for its Sunday where something is only told of it."""
    slot, plain = day_told(tool), lower(tidy(text))
    if slot is None or slot.name in talk.state.filled or not holidays.is_occasion(plain):
        return None
    found, _ = dates.read(plain, talk.context)
    if not found or any(one.values for one in found):
        return None
    days = [one for one in slots_of(tool) if one.kind == "date"]
    if (period := holidays.period_in(plain, talk.context)) and len(days) > 1:
        whole = zip(days, period, strict=False)
        talk.state.filled |= {one.name: day.isoformat() for one, day in whole}
        return None
    sunday = holidays.easter_in(plain, talk.context)
    if sunday is None:
        talk.troubles[slot.name] = f"I do not know which date that is. {found[0].why}"
        return slot
    talk.state.filled[slot.name] = sunday.isoformat()
    return None
