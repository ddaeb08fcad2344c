"""What happens in a conversation, as the frames of the widget's WebSocket."""

from typing import Any

import msgspec

from frontdesk.events import (
    CallSettled,
    CustomerSaid,
    Noticed,
    ProposalVoided,
    Replied,
    StaffSaid,
    StatusChanged,
    Stored,
)
from frontdesk.live import CUSTOMER, LiveTurn, as_action
from frontdesk.watch import Began, Chunk, Idle, Restart, Seen, Typing
from frontdesk_plugins.web import wire

_encode = msgspec.json.Encoder().encode


def frame(event: str, data: dict[str, Any], seq: int | None = None) -> str:
    """One frame. `seq` is there where the frame stands for a stored event."""
    content: dict[str, Any] = {"event": event, "data": data}
    if seq is not None:
        content["seq"] = seq
    return _encode(content).decode()


class Frames:
    """Turns what `watch` sees into frames. It remembers the turn, because only a few say it."""

    def __init__(self, conversation: str) -> None:
        self._conversation = conversation
        self._actions: dict[str, list[dict[str, Any]]] = {}
        """By turn, until its reply."""
        self._turn: LiveTurn | None = None

    def remember(self, stored: Stored) -> None:
        """An outcome that the reply of its turn will name, also when it was shown long ago."""
        if isinstance(stored.event, CallSettled) and stored.event.status != "refused":
            self._actions.setdefault(stored.turn, []).append(as_action(stored.event))

    def of(self, seen: Seen) -> list[str]:
        match seen:
            case Stored():
                return self._of_event(seen)
            case Began():
                self._turn = seen.turn
                return [frame("typing", {"isTyping": True, "isHuman": False})]
            case Chunk():
                data = {
                    "chunk": seen.text,
                    "conversationId": self._conversation,
                    "turnId": seen.position.turn,
                    "offset": seen.position.offset - len(seen.text),
                }
                return [frame("response_chunk", data)]
            case Typing() if seen.who != CUSTOMER:
                return [frame("typing", {"isTyping": seen.is_typing, "isHuman": True})]
            case Restart():
                return [frame("response_restart", {"turnId": seen.position.turn})]
            case Idle():
                return [frame("ping", {})]
            case _:
                return []

    def _of_event(self, stored: Stored) -> list[str]:
        event, seq = stored.event, stored.seq
        if isinstance(event, CustomerSaid | StaffSaid | Noticed):
            message = wire.message_of(stored, [])
            return [frame("message", msgspec.to_builtins(message), seq)]
        if isinstance(event, StatusChanged):
            return self._of_status(event, seq)
        if isinstance(event, ProposalVoided):
            return [frame("proposal_voided", {"proposalId": event.proposal}, seq)]
        if isinstance(event, CallSettled) and event.status != "refused":
            self.remember(stored)
            return [frame("action_performed", as_action(event), seq)]
        if isinstance(event, Replied):
            data = {
                "content": event.content,
                "actions": self._actions.pop(stored.turn, []),
                "handedOff": event.handed_off,
                "messageId": event.id,
                "turnId": stored.turn,
            }
            frames = [frame("response_complete", data, seq)]
            if self._turn is not None:
                self._turn = None
                frames.append(frame("typing", {"isTyping": False, "isHuman": False}))
            return frames
        return []

    def _of_status(self, event: StatusChanged, seq: int) -> list[str]:
        """Who has the conversation now, as far as the customer is told."""
        frames: list[str] = []
        if self._turn is not None and event.status != "bot":  # a turn that was silenced
            self._turn = None
            frames.append(frame("typing", {"isTyping": False, "isHuman": False}))
        if hands := wire.hands_of(event):
            name, is_here = hands
            kind = "human_joined" if is_here else "human_left"
            frames.append(frame(kind, {"agentName": name}, seq))
        return frames
