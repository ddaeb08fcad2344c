"""The digit that declines what the engine asked on its own: something is to be changed."""

from frontdesk.context import DECLINED, MEANWHILE
from frontdesk.model import Situation
from frontdesk_plugins.offline import reader, tasks, wishes
from frontdesk_plugins.offline.slots import slots_of
from frontdesk_plugins.offline.state import Talk


def declines(talk: Talk) -> bool:
    """The newest message is the digit that declines what was asked."""
    return DECLINED in _told(talk)


def declines_notice(talk: Talk) -> bool:
    """And what was asked were not our own words."""
    return declines(talk) and any(text.startswith(MEANWHILE) for text in _told(talk))


def change(talk: Talk) -> None:
    """Begin to change the booking, by the reference that the engine named."""
    talk.state = talk.state.kept()
    talk.state.topic = ""
    tool = wishes.tool_for(talk, "change", "")
    if tool is None:
        talk.say("All right, I have not done it. What can I do for you?")
        return
    codes = [slot for slot in slots_of(tool) if slot.required and slot.kind in {"code", "pattern"}]
    for text in _told(talk):
        found = reader.read(text, codes, talk.context)
        talk.state.known |= {name: one.values[-1] for name, one in found.items() if one.values}
    tasks.start(talk, tool, "")


def _told(talk: Talk) -> list[str]:
    """What stands beside the newest message."""
    blocks = talk.request.messages[-1].blocks
    return [block.text for block in blocks if isinstance(block, Situation)]
