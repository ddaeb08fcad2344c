"""For the tests of plugins and packs: a scripted model, a desk to talk to, fakes of wires."""

from frontdesk.testing.desk import Conversation, TestDesk, open_desk, read_toml
from frontdesk.testing.scripted import Call, ScriptedModel, Step, check_history

__all__ = [
    "Call",
    "Conversation",
    "ScriptedModel",
    "Step",
    "TestDesk",
    "check_history",
    "open_desk",
    "read_toml",
]
