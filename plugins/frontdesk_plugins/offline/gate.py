"""Agreement. The engine answers a tool that the customer must agree to with a proposal; the same
call again carries it out. So it is repeated after a yes, and after nothing else."""

from frontdesk import consent, words
from frontdesk.model import Text
from frontdesk.tools import Tool
from frontdesk_plugins.offline.outcomes import Outcome
from frontdesk_plugins.offline.questions import read_back, sentence, whole_deed
from frontdesk_plugins.offline.roles import roles
from frontdesk_plugins.offline.slots import as_dict
from frontdesk_plugins.offline.state import Talk, arguments


def ask(talk: Talk, tool: Tool, outcome: Outcome) -> None:
    """Read the proposal back, as the engine says it, and ask for a yes."""
    state = talk.state
    state.proposed = arguments(tool, state.filled)
    said, data = sentence(outcome.message), as_dict(outcome.data)
    # Without an action's own words the engine reads the bare arguments back; ours are in words.
    if not said or "arguments" in data:
        state.read_back = read_back(talk, tool, str(data.get("title", "")))
    elif said.endswith("?"):
        state.read_back = said
    else:
        gap = "\n\n" if "\n" in said else " "  # below a list it would be overlooked
        state.read_back = f"{said}{gap}Shall I {whole_deed(tool)}?"
    _ask(talk)


def ask_plainly(talk: Talk, tool: Tool) -> None:
    """The engine was not sure of the yes, or there was none to this proposal."""
    state = talk.state
    if not state.proposed:
        state.proposed, state.read_back = arguments(tool, state.filled), read_back(talk, tool)
    repeat(talk)


def repeat(talk: Talk) -> None:
    """Once more, as plainly as can be."""
    _ask(talk)
    if not by_digits(talk):
        talk.said[-1] += " Please say yes or no."


def by_digits(talk: Talk) -> bool:
    """Text messages: there the engine offers digits, once a tool was called and waits for a yes."""
    return any(
        isinstance(block, Text) and words.has_choices(block.text)
        for message in talk.request.messages
        if message.role == "assistant"
        for block in message.blocks
    )


def _ask(talk: Talk) -> None:
    talk.state.stage, talk.state.asked = "confirm", ""
    talk.say(talk.state.read_back)


def is_open(talk: Talk, tool: Tool) -> bool:
    """The customer was asked about just this, and a further call would carry it out."""
    proposed = talk.state.proposed
    return bool(proposed) and proposed == arguments(tool, talk.state.filled)


def agrees(talk: Talk, text: str) -> bool | None:
    """Yes and no to a read-back, as the engine hears them; None when it is neither."""
    cancels = talk.tool is not None and any(role.deed == "cancel" for role in roles(talk.tool))
    answer = consent.answer(text, talk.request.business.language, cancels=cancels)
    return None if answer == "unclear" else answer == "yes"
