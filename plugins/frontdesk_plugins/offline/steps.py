"""The step that comes next, for whoever needs it."""

from frontdesk_plugins.offline import choices, filling, gate, staff
from frontdesk_plugins.offline.questions import HONEST, abilities, question, what_to_change
from frontdesk_plugins.offline.state import Talk


def repeat(talk: Talk) -> None:
    """Ask once more what we were waiting for."""
    state = talk.state
    slot = talk.slot(state.asked)
    if state.stage == "ask" and slot:
        talk.say(question(slot, talk.slots))
    elif state.stage == "confirm" and state.proposed:
        if talk.tool and talk.request.may_call and gate.by_digits(talk):
            talk.call(talk.tool, "do")  # no yes was heard: the engine refuses it, and asks again
        else:
            gate.repeat(talk)
    elif state.stage == "pick":
        choices.offer(talk, state.choices, "Please choose one:")
    elif state.stage == "offer" and talk.tool:
        talk.say(f"{staff.offered(talk.tool)} Please say yes or no.")
    elif state.stage == "leave":
        talk.say('Shall I leave it? Say "yes" to leave it, or "no" to go on with it.')
    elif state.stage == "change":
        filled = [slot for slot in talk.slots if slot.name in state.filled]
        new = filling.changeable(talk.tool) if talk.tool else []
        talk.say(f'{what_to_change(new or filled)} Or say "never mind" to leave it.')
    else:
        proceed(talk)


def proceed(talk: Talk) -> None:
    """The next step of the task, or an offer to begin one."""
    if talk.tool:
        filling.advance(talk)
    elif not talk.said:
        talk.say(f"{HONEST} {abilities(talk)}")
