"""What a tool is for: by its name, the first sentence about it, and what customers say for it."""

from collections import Counter
from functools import lru_cache

from frontdesk.tools import Tool
from frontdesk_plugins.offline.aims import ALL, Aim, Deed, Thing, sure_aims
from frontdesk_plugins.offline.slots import Slot, slots_of, words_of

DEEDS: dict[str, Deed] = {
    "create": "make", "make": "make", "book": "make", "reserve": "make", "schedule": "make",
    "request": "make", "check": "check", "find": "find", "lookup": "find", "look": "find",
    "search": "find", "get": "show", "show": "show", "view": "show", "list": "show",
    "tell": "show", "change": "change", "update": "change", "reschedule": "change",
    "move": "change", "edit": "change", "modify": "change", "cancel": "cancel", "delete": "cancel",
    "see": "show", "join": "join", "add": "add", "put": "add",
    "remove": "remove", "drop": "remove", "confirm": "confirm", "place": "confirm",
    "submit": "confirm", "checkout": "confirm", "status": "status", "track": "status",
    "handoff": "hand", "transfer": "hand", "escalate": "hand", "take": "take", "leave": "take",
}  # fmt: skip
THINGS: dict[str, Thing] = {
    "booking": "booking", "bookings": "booking", "reservation": "booking", "table": "booking",
    "reservations": "booking", "appointment": "booking", "appointments": "booking",
    "availability": "availability", "slots": "availability", "available": "availability",
    "waitlist": "waitlist", "waiting": "waitlist", "order": "order", "orders": "order",
    "cart": "order", "basket": "order", "menu": "offer", "services": "service", "treatments": "service",
    "catalogue": "offer", "catalog": "offer", "products": "offer", "prices": "offer",
    "hours": "hours", "opening": "hours", "info": "place", "information": "place",
    "address": "place", "location": "place", "human": "person", "person": "person",
    "agent": "person", "message": "message", "faq": "question", "faqs": "question",
    "questions": "question",
}  # fmt: skip
ADD, CHANGE, REMOVE = Aim("add", "order"), Aim("change", "order"), Aim("remove", "order")
CONFIRM, CANCEL, SHOW = Aim("confirm", "order"), Aim("cancel", "order"), Aim("show", "order")
FIND_OFFER, SHOW_OFFER = Aim("find", "offer"), Aim("show", "offer")
PERSON, MESSAGE = Aim("hand", "person"), Aim("take", "message")
_ACTING = {"make", "change", "cancel", "join", "add", "remove", "confirm", "hand", "take"}


def roles(tool: Tool) -> tuple[Aim, ...]:
    """The name and the first sentence; where they leave it open, what most examples are after."""
    return _roles(tool.name, tool.description.split(".")[0].lower(), tool.examples)


@lru_cache(maxsize=512)
def _roles(name: str, about: str, examples: tuple[str, ...]) -> tuple[Aim, ...]:
    own, said = words_of(name), about.replace(",", " ").split()
    deeds: list[Deed] = [DEEDS[word] for word in own if word in DEEDS]
    things: list[Thing] = [THINGS[word] for word in own if word in THINGS]
    if things and not deeds:
        deeds = [DEEDS[word] for word in (s.removesuffix("s") for s in said[:2]) if word in DEEDS]
    if deeds and not things:
        things = [THINGS[word] for word in said if word in THINGS]
    if deeds and things and (named := Aim(deeds[0], things[-1])) in ALL:
        return (named,)
    counted = Counter(found[0] for example in examples if (found := sure_aims(example)))
    return tuple(aim for aim, count in counted.items() if 3 * count > len(examples))


def for_aim(tools: tuple[Tool, ...], aim: Aim) -> list[Tool]:
    found = [tool for tool in tools if aim in roles(tool)]
    if not found and aim.thing == "offer":  # what is offered where there is no menu
        return [tool for tool in tools if Aim("show", "service") in roles(tool)]
    return found


def acts(tool: Tool) -> bool:
    """It changes something: to begin it must not rest on a guess."""
    return tool.confirm or any(role.deed in _ACTING for role in roles(tool))


def informs(tool: Tool) -> bool:
    """It is known to tell something, and no more."""
    return bool(roles(tool)) and not acts(tool)


def item_slot(tool: Tool) -> Slot | None:
    """The field for the thing that the customer names: what is ordered, bought or removed."""
    return next((slot for slot in slots_of(tool) if slot.kind == "item"), None)


def builds(tool: Tool) -> bool:
    """It puts something into an order, or changes what is in it."""
    return bool({ADD, CHANGE, REMOVE} & set(roles(tool))) and item_slot(tool) is not None


def searches(tool: Tool) -> bool:
    """It needs nothing but what the customer asks for, and changes nothing."""
    needed = [slot.kind for slot in slots_of(tool) if slot.required]
    return needed == ["query"] and not acts(tool)
