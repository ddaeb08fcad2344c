"""What is known of the allergens and marks of a dish, in words. Nothing is ever called free of
something: what is not listed is only not listed."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from frontdesk import Business
from frontdesk_plugins.orders.menu import Item
from frontdesk_plugins.orders.names import words_of
from frontdesk_plugins.orders.phrases import LANGUAGES, join, say
from frontdesk_plugins.orders.shop import Shop

Words = Mapping[str, Sequence[str]]
"""By allergen or mark: how it is told, then how else people ask for it."""


@cache
def _read(language: str) -> dict[str, Words]:
    path = files("frontdesk_plugins.orders").joinpath("allergens.toml")
    known: dict[str, dict[str, Words]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return known[language if language in LANGUAGES else "en"]


def facts(shop: Shop, item: Item) -> str:
    """Every listed allergen and mark of a dish."""
    words, business = _read(shop.business.language), shop.business
    if item.allergens is None:
        text = say(business, "not_known", name=item.name)
    elif not item.allergens:
        text = say(business, "none_listed", name=item.name)
    else:
        names = join(business, [words["allergens"][one][0] for one in item.allergens])
        text = say(business, "listed", name=item.name, names=names)
    marks = join(business, [words["dietary"][one][0] for one in item.dietary])
    return f"{text} {say(business, 'marks', names=marks)}" if marks else text


def answers(shop: Shop, item: Item, said: str) -> list[str]:
    """What the words ask about a dish: "milk in the lasagne", "is the burrata vegan"."""
    business, words = shop.business, _read(shop.business.language)
    found: list[str] = []
    for allergen in _named(words["allergens"], said, item):
        key = "unknown_allergen"
        if item.allergens is not None:
            key = "contains" if allergen in item.allergens else "not_listed"
        found.append(_sentence(business, key, item, words["allergens"][allergen][0]))
    for mark in _named(words["dietary"], said, item):
        implied = mark == "vegetarian" and "vegan" in item.dietary
        key = "marked" if mark in item.dietary or implied else "not_marked"
        found.append(_sentence(business, key, item, words["dietary"][mark][0]))
    return found


def of_all(shop: Shop, said: str) -> list[str]:
    """Which dishes list the allergens that the words name."""
    business, words, texts = shop.business, _read(shop.business.language)["allergens"], list[str]()
    for allergen in _named(words, said):
        having = [item.name for item in shop.rules.items if allergen in (item.allergens or ())]
        key = "contains" if having else "not_listed"
        name = join(business, having) if having else business.name
        texts.append(say(business, key, name=name, what=words[allergen][0]))
    return texts


def marks_in(shop: Shop, said: str) -> list[str]:
    """ "Gluten free", but not "gluten" alone."""
    return _named(_read(shop.business.language)["dietary"], said)


def is_asked(shop: Shop, said: str) -> bool:
    """The words name an allergen or a mark."""
    return any(_named(words, said) for words in _read(shop.business.language).values())


def _sentence(business: Business, key: str, item: Item, what: str) -> str:
    text = say(business, key, name=item.name, what=what)
    return text[:1].upper() + text[1:]


def _named(words: Words, said: str, item: Item | None = None) -> list[str]:
    """The allergens or marks that the text names, beside the dish itself."""
    spoken = list(words_of(said))
    for name in (item.name, *item.aliases) if item else ():
        own = words_of(name)
        places = [n for n in range(len(spoken)) if tuple(spoken[n : n + len(own)]) == own]
        for n in places[:1]:
            del spoken[n : n + len(own)]
    text = f" {' '.join(spoken)} "
    return [
        key
        for key, names in words.items()
        if any(f" {' '.join(words_of(name))} " in text for name in names)
    ]
