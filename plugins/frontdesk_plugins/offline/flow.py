"""What comes after a task."""

from frontdesk_plugins.offline import basket, needs, openings, steps
from frontdesk_plugins.offline.state import Talk


def resume(talk: Talk) -> None:
    """After a task: what the tools still need, the task that waits, the next wish, "anything else?"."""
    state = talk.state
    if talk.calls:
        return
    if state.waiting and not state.tool:
        needs.next_one(talk)
    elif state.tool or state.choices:
        steps.repeat(talk)
    elif state.later:
        openings.one(talk, state.later.pop(0))


def end(talk: Talk, *, building: bool) -> None:
    resume(talk)
    if building:
        basket.more(talk)
