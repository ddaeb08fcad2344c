"""A business with its menu, and how it says no."""

from typing import Any

import msgspec

from frontdesk import ActionError, Business
from frontdesk.speech import money
from frontdesk_plugins.orders.phrases import say
from frontdesk_plugins.orders.rules import OrderRules


class Shop(msgspec.Struct, frozen=True):
    business: Business
    rules: OrderRules

    def error(
        self, key: str, data: dict[str, Any] | None = None, /, **values: object
    ) -> ActionError:
        """To raise: a phrase, and what the model can go on with."""
        return self.told(key, say(self.business, key, **values), data)

    def told(self, code: str, message: str, data: dict[str, Any] | None = None) -> ActionError:
        return ActionError(message, **(data or {}), code=code)

    def price(self, minor: int) -> str:
        return money(self.business, minor)
