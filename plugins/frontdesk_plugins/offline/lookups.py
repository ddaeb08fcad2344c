"""Searching: the tools that only want to know what for, one after the other until one knows."""

from frontdesk.tools import Tool
from frontdesk_plugins.offline import filling, goods, menus, tasks
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.intents import stems
from frontdesk_plugins.offline.roles import roles, searches
from frontdesk_plugins.offline.state import Talk

_LONGEST = 30
"""Words of a message that is taken for a question."""


def begin(talk: Talk, text: str) -> bool:
    """Search for words that no tool asked for."""
    tools = _in_order(talk, text)
    if not tools or not stems(text) or len(text.split()) > _LONGEST:
        return False
    misses = talk.state.misses
    tasks.open_task(talk, tools[0], text)
    talk.state.tried, talk.state.why, talk.state.misses = [], "", misses
    filling.advance(talk)
    return True


def go_on(talk: Talk, why: str) -> bool:
    """Search the next place for the same."""
    state, tool = talk.state, talk.tool
    if tool is None or not talk.request.may_call or menus.list_of(state.topic):
        return False
    tried, misses = [*state.tried, tool.name], state.misses
    following = next((one for one in _in_order(talk, state.topic) if one.name not in tried), None)
    if following is None:
        return False
    tasks.open_task(talk, following, state.topic)
    talk.state.tried, talk.state.why, talk.state.misses = tried, why, misses
    filling.advance(talk)
    return True


def _in_order(talk: Talk, text: str) -> list[Tool]:
    """What is sold first where the words are about it, else what people ask."""
    business = talk.request.business
    sold = goods.named(text, goods.goods(business).items)
    about_offer = sold or any(aim.thing == "offer" for aim in aims(text, business))
    return sorted(
        (tool for tool in talk.usable if searches(tool)),
        key=lambda tool: any(role.thing == "offer" for role in roles(tool)) != about_offer,
    )
