"""What a message is after: a deed, and the thing it is done to."""

from functools import lru_cache
from typing import Literal

import msgspec

from frontdesk.business import Business
from frontdesk_plugins.offline import goods
from frontdesk_plugins.offline.english import features
from frontdesk_plugins.offline.reading import lower, tidy

Deed = Literal[
    "", "make", "check", "find", "show", "change", "cancel", "join", "add", "remove", "confirm",
    "status", "hand", "take",
]  # fmt: skip
Thing = Literal[
    "", "booking", "availability", "waitlist", "order", "offer", "hours", "place", "person",
    "message", "question", "service", "any",
]  # fmt: skip
"""What a thing is; "any" is one that only the business's own names can tell."""


class Aim(msgspec.Struct, frozen=True):
    deed: Deed
    thing: Thing


class _Rule(msgspec.Struct, frozen=True):
    """An aim, and the features that show it: one of each group, and none of the last."""

    aim: Aim
    needs: tuple[frozenset[str], ...]
    without: frozenset[str]


def _rule(deed: Deed, thing: Thing, needs: str, without: str = "") -> _Rule:
    groups = tuple(frozenset(group.split("|")) for group in needs.split())
    return _Rule(Aim(deed, thing), groups, frozenset(without.split()))


_RULES = (
    _rule("take", "message", "message|tell_them|call_back", "frees waitlist person"),
    _rule("hand", "person", "person"),
    _rule("join", "waitlist", "waitlist frees"),
    _rule("join", "waitlist", "waitlist", "cancel existing"),
    _rule("join", "waitlist", "frees tell_me"),
    # Orders that exist.
    _rule("remove", "order", "take_off rid|cancel|discard|unwanted"),
    _rule("cancel", "order", "cancel|discard order", "take_off"),
    _rule("confirm", "order", "confirm|checkout"),
    _rule("confirm", "order", "all order"),
    _rule("status", "order", "whereabouts order|food", "existing"),
    _rule("show", "order", "show|total order", "whereabouts"),
    _rule("show", "order", "did_you order", "whereabouts"),
    _rule("show", "order", "ordered|total|bare_order"),
    # Bookings that exist.
    _rule("cancel", "booking", "unable", "order food reschedule otherwise"),
    _rule("change", "booking", "change|otherwise existing|noun", "cancel"),
    _rule("change", "booking", "make_it existing", "cancel order"),
    _rule("change", "booking", "reschedule|than_booked"),
    _rule("cancel", "booking", "cancel|discard existing|booking|meal", "order food"),
    _rule("cancel", "booking", "cancel day", "order food"),
    _rule("find", "booking", "booked|find existing", "anew which_times"),
    _rule("find", "booking", "i_booked", "change unable"),
    _rule("find", "booking", "booked"),
    _rule("find", "booking", "make_sure noun", "anew"),
    # An order's items.
    _rule("remove", "order", "unwanted", "booking"),
    _rule("remove", "any", "rid_of_item", "booking"),
    _rule("change", "order", "change order"),
    _rule("change", "any", "add_to_item", "booking waitlist meal"),
    _rule("change", "any", "swap|make_it", "booking calendar"),
    _rule("change", "any", "instead portion", "booking"),
    _rule("change", "any", "corrected", "booking calendar"),
    # New bookings.
    _rule("show", "service", "services", "menu dishes"),
    _rule("check", "availability", "which_times|booked_out", "until"),
    _rule("check", "availability", "is_there free", "anew hours menu dishes diet"),
    _rule("make", "booking", "anew|for_some|another"),
    _rule("make", "booking", "dine", "serve otherwise"),
    _rule("make", "booking", "book", "order"),
    # What there is.
    _rule("show", "offer", "menu"),
    _rule("show", "place", "place", "order food existing"),
    _rule("find", "offer", "price|contents", "order"),
    _rule("find", "offer", "look_for dishes|diet"),
    _rule("show", "offer", "serve", "booking hours"),
    _rule("show", "hours", "hours", "charge"),
    _rule("add", "order", "order_verb|to_go"),
    _rule("add", "order", "add order"),
    _rule("add", "any", "want|add|count_first|asked_for", "booking"),
    _rule("find", "any", "look_for"),
)


ALL = frozenset(rule.aim for rule in _RULES) | {Aim("find", "question")}
"""Every aim that a message can have."""


def sure_aims(text: str) -> tuple[Aim, ...]:
    """Those that do not depend on what the business sells."""
    return tuple(aim for aim in _aims(lower(tidy(text))) if aim.thing != "any")


def aims(text: str, business: Business | None = None, *, ordering: bool = False) -> tuple[Aim, ...]:
    """All that the message may be after, the likeliest first.

    Where the business's settings name what it sells, "I'd like ..." and "do you have ..." are about
    that only when they name some of it, or while an order is under way (`ordering`).
    """
    found = _aims(lower(tidy(text)))
    sold = business is None or goods.may_be_about(text, business)
    settled = (_settled(one, sold=sold, ordering=ordering) for one in found)
    return tuple(dict.fromkeys(aim for aim in settled if aim))


def _settled(aim: Aim, *, sold: bool, ordering: bool) -> Aim | None:
    if aim.thing != "any":
        return aim
    if aim.deed == "find":
        return Aim("find", "offer" if sold else "question")
    return Aim(aim.deed, "order") if sold or (ordering and aim.deed != "add") else None


@lru_cache(maxsize=4096)
def _aims(plain: str) -> tuple[Aim, ...]:
    shown = features(plain)
    found = [
        rule.aim
        for rule in _RULES
        if all(group & shown for group in rule.needs) and not rule.without & shown
    ]
    return tuple(dict.fromkeys(found))
