"""The cart: lines with the prices they were added at. It lives in the conversation's state, so it
changes with the outcome of the call that changed it, or not at all."""

from collections.abc import Iterable
from typing import Any

import msgspec

from frontdesk import ActionCall
from frontdesk.conversation import ConversationState


class Picked(msgspec.Struct, frozen=True, kw_only=True):
    """A modifier of a line."""

    group: str
    id: str
    name: str
    quantity: int = 1
    price: int
    """What it adds to one of the line, after what is free."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    line_id: str
    item: str
    name: str
    variant: str = ""
    variant_name: str = ""
    modifiers: tuple[Picked, ...] = ()
    quantity: int
    note: str = ""
    unit: int
    """The price of one, with its modifiers."""

    @property
    def total(self) -> int:
        return self.unit * self.quantity

    @property
    def kind(self) -> tuple[Any, ...]:
        """Equal for lines that differ in nothing but their number."""
        picked = sorted((one.group, one.id, one.quantity) for one in self.modifiers)
        return (self.item, self.variant, picked, self.note, self.unit)


class Cart(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    """The call that began it; empty as long as nothing was added."""
    version: int = 0
    """Rises with every change that the customer makes."""
    made: int = 0
    """How many lines there ever were: a line's number is never given again."""
    lines: tuple[Line, ...] = ()

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.line_id == line_id), None)

    def with_line(self, line: Line) -> "Cart":
        """Add a line; one of the same kind only grows."""
        same = next((old for old in self.lines if old.kind == line.kind), None)
        if same is not None:
            quantity = same.quantity + line.quantity
            return self.replaced(msgspec.structs.replace(same, quantity=quantity))
        line = msgspec.structs.replace(line, line_id=str(self.made + 1))
        return msgspec.structs.replace(
            self, version=self.version + 1, made=self.made + 1, lines=(*self.lines, line)
        )

    def replaced(self, line: Line) -> "Cart":
        lines = tuple(line if old.line_id == line.line_id else old for old in self.lines)
        return msgspec.structs.replace(self, version=self.version + 1, lines=lines)

    def without(self, line_id: str) -> "Cart":
        lines = tuple(line for line in self.lines if line.line_id != line_id)
        return msgspec.structs.replace(self, version=self.version + 1, lines=lines)


class Head(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a cart stands beside its lines, as `custom_data["order"]`."""

    id: str = ""
    version: int = 0
    made: int = 0
    placed: str = ""
    """The order that the last cart became."""


def head_of(state: ConversationState) -> Head:
    return msgspec.convert(state.custom_data.get("order", {}), Head)


def cart_of(state: ConversationState) -> Cart:
    head = head_of(state)
    lines = msgspec.convert(state.current_order_items, tuple[Line, ...])
    return Cart(id=head.id, version=head.version, made=head.made, lines=lines)


def keep(call: ActionCall, cart: Cart) -> None:
    """The cart as it is when the call's outcome is committed."""
    head = Head(id=cart.id or call.id, version=cart.version, made=cart.made)
    _patch(call, cart.lines, head)


def close(call: ActionCall, order: str) -> None:
    """The cart became an order; the next one begins empty."""
    _patch(call, (), Head(placed=order))


def _patch(call: ActionCall, lines: Iterable[Line], head: Head) -> None:
    call.patch["current_order_items"] = msgspec.to_builtins(list(lines))
    call.patch["custom_data"] = {"order": msgspec.to_builtins(head)}
