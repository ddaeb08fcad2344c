""" "Cancel", without a word of what."""

import re

from frontdesk_plugins.offline import roles, tasks
from frontdesk_plugins.offline.choices import offer
from frontdesk_plugins.offline.english import features
from frontdesk_plugins.offline.questions import example
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.state import Choice, Talk

_ALL = re.compile(r"\b(?:all|everything)\b")


def everything(talk: Talk, text: str) -> bool:
    """It is asked what to cancel, unless there is nothing but an order under way."""
    plain = lower(tidy(text))
    if "bare_cancel" not in features(plain) or not _ALL.search(plain):
        return False
    return not (talk.state.lines and not talk.state.done) and something(talk, text)


def something(talk: Talk, text: str) -> bool:
    """ "Cancel" and nothing more: what was spoken of last, or a question."""
    tools = [tool for tool in talk.usable if any(r.deed == "cancel" for r in roles.roles(tool))]
    recent = "order" if talk.state.begun else "booking" if talk.state.done else ""
    recent = "" if _ALL.search(lower(tidy(text))) else recent
    fitting = [t for t in tools if any(r.thing == recent for r in roles.roles(t))] or tools
    if len(fitting) > 1:
        options = [Choice(example(tool), tool=tool.name) for tool in fitting]
        offer(talk, options, "What shall I cancel?")
    elif fitting:
        tasks.start(talk, fitting[0], text)
    return bool(fitting)
