"""Looking things up on a business's list. Only what is on it is told."""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from frontdesk import ActionCall, ActionError, speech
from frontdesk.plain import plain
from frontdesk.tongues import is_small
from frontdesk_plugins.catalogue.items import Item, fits, rules_of
from frontdesk_plugins.catalogue.words import say

MOST = 6
LEAST = 3
"""An item has one in so many of the words that are looked for, or it is not what was meant."""
_PRICES = ("price", "min_price", "max_price")
_WORD = re.compile(r"[^\W_]+")
Kind = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class SearchItems(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pack's tool binds `kind` and adds the fields that can be asked for, see `items.fits`."""

    kind: Kind
    query: Annotated[str, Meta(max_length=200)] = ""
    prices: Literal["minor", "whole"] = "minor"
    """What `min_price` and `max_price` are in: cents, or whole units of the currency as people say
    them. The tool binds it."""
    none: Annotated[str, Meta(max_length=500)] = ""
    """What is said when nothing fits; the tool binds it."""


class GetItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: Kind
    id: Annotated[str, Meta(min_length=1, max_length=63)]


async def search_items(call: ActionCall, params: SearchItems) -> dict[str, Any]:
    rules = rules_of(call.business)
    wishes = _in_minor(call, params)
    own = [item for item in rules.items if item.kind == params.kind and fits(item, wishes)]
    found = _ranked(own, params.query)
    if not found:
        return {"items": [], "message": params.none or say(call.business, "none")}
    cards = [_card(call, item) for item in found[:MOST]]
    lines = [card["label"] for card in cards]
    return {
        "items": cards,
        "more": len(found) - len(cards),
        "message": "\n".join(["; ".join(lines) + ".", *_as_of(call)]),
    }


async def get_item(call: ActionCall, params: GetItem) -> dict[str, Any]:
    wanted = params.id.casefold()
    for item in rules_of(call.business).items:
        if item.kind == params.kind and item.id.casefold() == wanted:
            card = _card(call, item)
            text = ". ".join(part.rstrip(".") for part in (card["label"], item.text) if part)
            return card | {"text": item.text, "message": "\n".join([text + ".", *_as_of(call)])}
    raise ActionError(say(call.business, "unknown"), needs="id")


def _card(call: ActionCall, item: Item) -> dict[str, Any]:
    card: dict[str, Any] = {"id": item.id, "title": item.title, **item.fields}
    label = f"{item.title} ({item.id})"
    if item.price is not None:
        card |= {"price": item.price, "currency": call.business.currency, "per": item.per}
        amount = speech.money(call.business, item.price)
        label += f", {amount}/{item.per}" if item.per else f", {amount}"
    return card | {"label": label} | ({"url": item.url} if item.url else {})


def _as_of(call: ActionCall) -> list[str]:
    as_of = rules_of(call.business).as_of
    return [say(call.business, "as_of", day=speech.day(call.business, as_of))] if as_of else []


def _in_minor(call: ActionCall, params: SearchItems) -> dict[str, Any]:
    """What is wished for, with prices as the list has them."""
    if params.prices == "minor":
        return call.extra
    unit = 10 ** speech.decimals(call.business.currency)
    return {
        key: value * unit if key in _PRICES and isinstance(value, int | float) else value
        for key, value in call.extra.items()
    }


def _ranked(items: list[Item], query: str) -> list[Item]:
    """The items that have enough of the words that say something, the best first; all of them where
    no word does."""
    wanted = {word for word in _words(query) if not is_small(word)}
    if not wanted:
        return items
    hits = {item.id: _hits(item, wanted) for item in items}
    found = [item for item in items if hits[item.id] * LEAST >= len(wanted)]
    return sorted(found, key=lambda item: -hits[item.id])


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(plain(text)) if len(word) > 1]


def _hits(item: Item, wanted: set[str]) -> int:
    values = [str(value) for value in item.fields.values()]
    text = " ".join([item.id, item.title, item.text, *values])
    stems = {word[:5] for word in _words(text)}
    return sum(word[:5] in stems for word in wanted)
