"""Every error of the engine, as a table of contents.

An error that stops a start names the thing, the place and the cure. Errors of foreign libraries
are mapped where we call them, so that nothing above has to know those libraries.
"""

from typing import Any


class FrontdeskError(Exception):
    """The root of the tree."""


class ConfigError(FrontdeskError):
    """A configuration or business file is wrong. The text names file, line and what was expected."""


class PackError(FrontdeskError):
    """A pack cannot be used. `problems` holds every reason, each with file and line."""

    def __init__(self, pack: str, problems: list[str]) -> None:
        super().__init__(f"pack {pack!r}: " + "; ".join(problems))
        self.pack = pack
        self.problems = problems


class PluginError(FrontdeskError):
    """A plugin broke its contract with the engine. `place` is the file and line, where they are known."""

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(message)
        self.place = place


class ActionError(FrontdeskError):
    """An action could not do what was asked. The model reads the text and may try again.

    `data` goes with it to the model and to the customer's card, for example
    `ActionError("That time is taken.", alternatives=[...])`. What the action wrote is rolled back,
    unless `keep_writes`: then the failure itself is a fact to keep, such as a wrong guess.
    """

    def __init__(self, message: str, *, keep_writes: bool = False, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.keep_writes = keep_writes
        self.data = data


class UnknownConversationError(FrontdeskError):
    """There is no such conversation, or it is not the caller's."""


class ClientIdReusedError(FrontdeskError):
    """The same client id came with other content."""


class TurnLostError(FrontdeskError):
    """Another process or a member of staff owns the conversation now: this turn must not write."""


class StatusError(FrontdeskError):
    """The conversation is in no state for this: another member of staff has it, or had it first."""

    def __init__(self, status: str, agent: str, agent_name: str) -> None:
        who = agent_name or agent
        super().__init__(f"the conversation is {status}{f', with {who}' if who else ''}")
        self.status = status
        self.agent = agent
        self.agent_name = agent_name


class LimitError(FrontdeskError):
    """A limit was reached. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after
