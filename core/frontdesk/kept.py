"""What is made from a business's profile once, and kept until the profile changes."""

from collections.abc import Callable
from typing import Any, TypeVar

from frontdesk.business import Business

T = TypeVar("T")


class Kept:
    def __init__(self) -> None:
        self._all: dict[str, tuple[Business, dict[str, Any]]] = {}

    def of(self, business: Business, what: str, make: Callable[[], T]) -> T:
        """`what` that was made from this very profile, or made now."""
        known = self._all.get(business.id)
        if known is None or known[0] is not business:
            known = self._all[business.id] = (business, {})
        if what not in known[1]:
            known[1][what] = make()
        made: T = known[1][what]
        return made
