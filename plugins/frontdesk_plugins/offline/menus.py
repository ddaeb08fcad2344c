"""Questions about what is sold and how it is brought: they search, and order nothing."""

import re

from frontdesk.tools import Tool
from frontdesk_plugins.offline import choosing, filling, goods, intents, reader, tasks
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.remainders import remainder
from frontdesk_plugins.offline.roles import FIND_OFFER, SHOW_OFFER, for_aim, searches
from frontdesk_plugins.offline.slots import Slot, slots_of
from frontdesk_plugins.offline.state import Talk

_LIST = re.compile(r"\b(?P<what>[^\W\d_]+(?:'s)?) (?:list|menu|card)s?\b")
_KINDS = {
    "wine", "wines", "beer", "beers", "cocktail", "cocktails", "drink", "drinks", "dessert",
    "desserts", "kids", "kid's", "kids'", "children's", "childrens", "breakfast", "brunch", "tea",
    "coffee", "tasting", "vegan", "vegetarian",
}  # fmt: skip
_DELIVERY = re.compile(r"\b(?:deliver|delivers|delivery|deliveries)\b")
_ALLERGEN = (
    r"(?:gluten|wheat|milk|dairy|lactose|nuts?|peanuts?|eggs?|fish|shellfish|soya?|sesame|mustard"
    r"|celery|lupin|sul[fp]h?ites?|crustaceans?|mollus[ck]s?)"
)
_HAS = re.compile(
    rf"\b(?:contains?|have|has|with|without|no|allerg\w+|intoleran\w+)\b.*\b{_ALLERGEN}\b"
    rf"|\b{_ALLERGEN} (?:allerg|intoleran)"
)
_ASKS = re.compile(r"\W*(?:is|are|do|does|how much|what|what's|where|which|any)\b")
_NOT_IN_GENERAL = re.compile(r"\b(?:my|our|it|them|this|late|long|when|order|food)\b")


def ask(talk: Talk, text: str) -> bool:
    """Search what is sold for what the question names: a dish, a kind of card, the delivery."""
    searching = [tool for tool in for_aim(talk.usable, FIND_OFFER) if searches(tool)]
    own = [talk.tools[name] for name in choosing.examples_of(talk, text)]
    tool = next((tool for tool in [*own, *searching] if _query(tool)), None)
    words = _asked(talk, text) if tool else ""
    if tool is None or not words or not talk.request.may_call:
        return False
    query, misses = _query(tool), talk.state.misses
    assert query is not None
    tasks.open_task(talk, tool, "")
    talk.state.filled[query.name] = words[: int(query.schema.get("maxLength", 300))]
    talk.state.tried, talk.state.why, talk.state.misses = [], "", misses
    filling.advance(talk)
    return True


def aside(talk: Talk, text: str) -> bool:
    """The same while something else is asked, which comes again afterwards."""
    if talk.state.stage not in {"ask", "pick"} or not talk.state.tool or not _asked(talk, text):
        return False
    before = talk.state
    tasks.pause(talk)
    if ask(talk, text):
        return True
    talk.state = before
    return False


def _query(tool: Tool) -> Slot | None:
    return next((slot for slot in slots_of(tool) if slot.kind == "query"), None)


def _asked(talk: Talk, text: str) -> str:
    plain, business = lower(tidy(text)), talk.request.business
    if _DELIVERY.search(plain) and _ASKS.match(plain) and not _NOT_IN_GENERAL.search(plain):
        return tidy(text)
    if kind := list_of(text):
        return kind
    found = aims(text, business)[:1]
    is_offer = bool(found) and found[0].thing == "offer"
    if not is_offer or not (intents.is_question(text) or plain.startswith("any")):
        return ""
    if goods.dishes(text, business):
        return tidy(text)
    return remainder(text) if _HAS.search(plain) and not _is_diet(talk, text) else ""


def _is_diet(talk: Talk, text: str) -> bool:
    """It can be told by a field: "vegan", "gluten free"."""
    slots = [s for tool in for_aim(talk.usable, SHOW_OFFER) for s in slots_of(tool)]
    return bool(reader.read(text, [s for s in slots if s.kind == "enum"], talk.context))


def list_of(text: str) -> str:
    """ "wine" for "is there a wine list?"; empty for the whole menu."""
    match = _LIST.search(lower(tidy(text)))
    return match["what"] if match and match["what"] in _KINDS else ""
