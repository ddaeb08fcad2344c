"""Which tool a message calls for: its likeness to what the tools say, and what it is after."""

from collections.abc import Iterator

from frontdesk.business import Business
from frontdesk.tools import Tool
from frontdesk_plugins.offline import goods, intents
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.roles import ADD, acts, for_aim, item_slot, roles
from frontdesk_plugins.offline.state import Talk

_GRAVE, _LIGHT = 0.8, 0.55
_FIRST, _FURTHER, _EXACT = 1.0, 0.15, 3.0
"""What an aim adds to the likeness: more than any but nearly the words of an example."""


def ranked(talk: Talk, text: str) -> list[tuple[float, str]]:
    """The tools by how well the text fits them, the best first; `intents.ENOUGH` and more is a
    choice. A tool that is known by the words people ask for it with, and not asked for with them,
    needs to be very like an example."""
    tools, business = talk.usable, talk.request.business
    likeness = dict(_likeness(text, tools, business))
    scores = {name: score for name, score in likeness.items() if score >= _least(talk.tools[name])}
    scores |= dict.fromkeys(examples_of(talk, text), _EXACT)
    for n, aim in enumerate(aims(text, business, ordering=talk.state.begun is not None)):
        for tool in for_aim(tools, aim):
            if aim != ADD or item_slot(tool):
                bonus = _FURTHER if n else _FIRST
                own = scores.get(tool.name, likeness.get(tool.name, 0.0))
                scores[tool.name] = own + bonus
    return sorted(((round(s, 4), name) for name, s in scores.items()), key=lambda o: (-o[0], o[1]))


def examples_of(talk: Talk, text: str) -> list[str]:
    """The tools that give just these words as an example."""
    said = intents.stems(text, keep=True)
    return [
        tool.name
        for tool in talk.usable
        if any(intents.stems(example, keep=True) == said for example in tool.examples)
    ]


def _least(tool: Tool) -> float:
    if not roles(tool):
        return 0.0
    return _GRAVE if acts(tool) else _LIGHT


def _likeness(
    text: str, tools: tuple[Tool, ...], business: Business
) -> Iterator[tuple[str, float]]:
    """What is sold tells nothing about what is to be done with it."""
    name = goods.find(text, business)
    rest = text.replace(name, " ") if name else text
    for said, asked in ((text, False), (rest, True)):
        for score, tool in intents.rank(said, tools):
            if asked == any(role.thing == "order" for role in roles(_by_name(tools, tool))):
                yield tool, score


def _by_name(tools: tuple[Tool, ...], name: str) -> Tool:
    return next(tool for tool in tools if tool.name == name)
