"""The step that comes next, for whoever needs it."""

from frontdesk_plugins.offline import choices, filling
from frontdesk_plugins.offline.questions import HONEST, abilities, label, question
from frontdesk_plugins.offline.state import Talk


def repeat(talk: Talk) -> None:
    """Ask once more what we were waiting for."""
    state = talk.state
    slot = talk.slot(state.asked)
    if state.stage == "ask" and slot:
        talk.say(question(slot, talk.slots))
    elif state.stage == "pick":
        choices.offer(talk, state.choices, "Please choose one:")
    elif state.stage == "offer" and talk.tool:
        talk.say("Shall I go on with it? Please say yes or no.")
    elif state.stage == "leave":
        talk.say('Shall I leave it? Say "yes" to leave it, or "no" to go on with it.')
    elif state.stage == "change":
        names = ", ".join(label(one) for one in talk.slots if one.name in state.filled)
        talk.say(f'What should I change: {names}? Or say "stop" to leave it.')
    else:
        proceed(talk)


def proceed(talk: Talk) -> None:
    """The next step of the task, or an offer to begin one."""
    if talk.tool:
        filling.advance(talk)
    elif not talk.said:
        talk.say(f"{HONEST} {abilities(talk)}")
