"""A café that takes orders: its menu, and the hour at which it is asked."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from frontdesk import Business
from frontdesk.catalogue import read_business
from frontdesk_plugins.orders.rules import OrderRules

CAFE = """
id = "cafe"
name = "Cafe Uno"
timezone = "America/New_York"
phone = "+1 212 555 0142"
tools = ["get_menu", "search_menu", "add_to_order", "update_order", "remove_from_order",
    "view_order", "confirm_order", "order_status", "cancel_order"]
[hours]
mon = ["08:00-22:00"]
tue = ["08:00-22:00"]
fri = ["18:00-02:00"]
[settings.orders]
taxes = { standard = 100000, drinks = 50000 }
prep = 15
last_order = 30
days_ahead = 2
categories = [
  { id = "coffee", name = "Coffee" }, { id = "pizza", name = "Pizza" },
  { id = "sweets", name = "Sweets" },
  { id = "lunch", name = "Lunch", available = [{ days = ["mon", "tue"], hours = ["12:00-15:00"] }] },
]
fees = [
  { id = "small", name = "Small order", amount = 100, below = 500, tax = "standard" },
]
[[settings.orders.zones]]
id = "near"
name = "Delivery"
postcodes = ["10002", "1000 9", "112*"]
fee = 300
minimum = 2000
minutes = 20
[[settings.orders.groups]]
id = "milk"
name = "Milk"
min = 1
max = 1
modifiers = [
  { id = "whole", name = "Whole milk" }, { id = "oat", name = "Oat milk", price = 80 },
  { id = "soy", name = "Soy milk", price = 60, sold_out = true } ]
[[settings.orders.groups]]
id = "extras"
name = "Extras"
max_per_option = 3
max = 4
modifiers = [ { id = "shot", name = "Extra shot", price = 100, aliases = ["Shot"] },
  { id = "decaf", name = "Decaf" } ]
[[settings.orders.groups]]
id = "base"
name = "On it"
modifiers = [ { id = "tomato", name = "Tomato", default = true },
  { id = "onions", name = "Onions", default = true } ]
[[settings.orders.groups]]
id = "toppings"
name = "Toppings"
max = 3
max_per_option = 2
free_count = 1
modifiers = [ { id = "mushrooms", name = "Mushrooms", price = 150 },
  { id = "ham", name = "Ham", price = 250 }, { id = "salt", name = "Salt and pepper" } ]
[[settings.orders.items]]
id = "latte"
name = "Latte"
category = "coffee"
aliases = ["Caffè latte"]
variant_name = "Size"
variants = [ { id = "small", name = "Small", price = 400 },
  { id = "medium", name = "Medium", price = 450 },
  { id = "large", name = "Large", price = 500, aliases = ["Big"] } ]
groups = ["milk", "extras"]
tax = "drinks"
[[settings.orders.items]]
id = "iced-latte"
name = "Iced latte"
category = "coffee"
price = 600
[[settings.orders.items]]
id = "espresso"
name = "Espresso"
category = "coffee"
variants = [ { id = "single", name = "Single", price = 300 },
  { id = "double", name = "Double", price = 400 } ]
[[settings.orders.items]]
id = "margherita"
name = "Margherita"
category = "pizza"
description = "Tomato, mozzarella, basil."
variant_name = "Size"
variants = [ { id = "small", name = "Small", price = 1000 }, { id = "large", name = "Large", price = 1400 } ]
groups = ["base", "toppings"]
allergens = ["gluten", "milk"]
dietary = ["vegetarian"]
[[settings.orders.items]]
id = "cola"
name = "Cola"
category = "sweets"
aliases = ["Coke"]
price = 199
dietary = ["vegan"]
[[settings.orders.items]]
id = "tiramisu"
name = "Tiramisù"
category = "sweets"
price = 700
stock = 1
[[settings.orders.items]]
id = "cake"
name = "Carrot cake"
category = "sweets"
price = 500
sold_out = true
[[settings.orders.items]]
id = "cookies"
name = "Cookies"
category = "sweets"
price = 250
max_qty = 3
[[settings.orders.items]]
id = "special"
name = "Lunch special"
category = "lunch"
price = 1100
[[settings.orders.items]]
id = "beer"
name = "Beer"
category = "sweets"
price = 600
age_restricted = 21
"""
MONDAY_NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""12:00 in New York."""


def cafe(text: str = CAFE, /, **changes: Any) -> Business:
    """The café; `changes` are keys of [settings.orders]."""
    sections: dict[str, type[msgspec.Struct]] = {"orders": OrderRules}
    business = read_business(text, "cafe.toml", sections)
    orders = business.settings["orders"] | changes
    return msgspec.structs.replace(business, settings={"orders": orders})


def with_item(business: Business, item: str, **changes: Any) -> Business:
    """The same business, an item changed."""
    orders = business.settings["orders"]
    items = [one | changes if one["id"] == item else one for one in orders["items"]]
    return msgspec.structs.replace(business, settings={"orders": orders | {"items": items}})
