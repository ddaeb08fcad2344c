"""Going on where another model stopped."""

from frontdesk.model import Text, ToolUse
from frontdesk_plugins.offline import choosing, filling, intents, tasks
from frontdesk_plugins.offline.questions import summary
from frontdesk_plugins.offline.state import Talk


def pick_up(talk: Talk, text: str) -> bool:
    """The task and its values from the customer's last words."""
    said = _earlier(talk)
    for n in range(len(said) - 1, -1, -1):
        ranked = choosing.ranked(talk, said[n])
        if ranked and ranked[0][0] >= intents.CLEAR:
            tool = talk.tools[ranked[0][1]]
            tasks.open_task(talk, tool, said[n])
            for later in [*said[n + 1 :], text]:
                _expect(talk)
                filling.fill(talk, later)
            talk.said.clear()
            noted = summary(talk)
            talk.say("Let me go on with that." + (f" Noted so far: {noted}." if noted else ""))
            filling.advance(talk)
            return True
    return False


def _expect(talk: Talk) -> None:
    """The field that is the likely subject of the next words."""
    missing = [s for s in talk.slots if s.required and s.name not in talk.state.filled]
    words = {"text", "list", "message", "item", "query"}
    talk.state.asked = missing[0].name if missing and missing[0].kind not in words else ""


def _earlier(talk: Talk) -> list[str]:
    """The customer's last messages before the newest, back to the last call that was made."""
    messages = list(talk.request.messages)
    while messages and messages[-1].role == "user":
        messages.pop()
    said: list[str] = []
    for message in reversed(messages):
        if any(isinstance(block, ToolUse) for block in message.blocks) or len(said) >= 6:
            break
        if message.role == "user":
            said += [block.text for block in message.blocks if isinstance(block, Text)]
    return said[::-1]
