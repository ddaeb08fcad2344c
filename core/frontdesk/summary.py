"""What a long conversation's window no longer shows, in a few lines for the model.

Made by rules from the events themselves: it costs nothing, invents nothing, and is the same
whenever it is made again.
"""

from frontdesk.events import CallSettled, CustomerSaid, Replied, StaffSaid, Stored

LARGEST = 800
"""Characters; the oldest lines go first."""
LONGEST_LINE = 120


def summarise(previous: str, cut: list[Stored]) -> str:
    """The earlier summary and the events that leave the window, one line each."""
    lines = previous.splitlines() + [line for item in cut if (line := _line(item))]
    while lines and sum(map(len, lines)) + len(lines) > LARGEST:
        del lines[0]
    return "\n".join(lines)


def _line(stored: Stored) -> str:
    match stored.event:
        case CustomerSaid(text=text, is_aside=False):
            return _cut(f"Customer: {text}")
        case CallSettled(status="done", patch=patch) as settled if patch.get("commitments"):
            return _cut(f"Done ({settled.tool}): {settled.data.get('message', '')}")
        case Replied(text=text):
            return _cut(f"Desk: {text}")
        case StaffSaid(text=text, agent_name=name):
            return _cut(f"{name or 'A person'}: {text}")
        case _:
            return ""


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
