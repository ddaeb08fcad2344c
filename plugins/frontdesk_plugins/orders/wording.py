"""Reading what customers say of one item: "two large lattes with oat milk and no sugar"."""

import re
from collections.abc import Callable, Sequence

import msgspec

from frontdesk_plugins.orders.menu import Item, Variant
from frontdesk_plugins.orders.names import contained, find, plain_words, words_of
from frontdesk_plugins.orders.rules import OrderRules

NUMBERS = {
    word: number
    for number, words in {
        1: "one a an un una uno une ein eine einen einer eins",
        2: "two dos due deux zwei",
        3: "three tres tre trois drei",
        4: "four cuatro quattro quatre vier",
        5: "five cinco cinque cinq fünf funf",
        6: "six seis sei sechs",
        7: "seven siete sette sept sieben",
        8: "eight ocho otto huit acht",
        9: "nine nueve nove neuf neun",
        10: "ten diez dieci dix zehn",
        12: "twelve dozen doce dodici douze zwölf zwolf",
    }.items()
    for word in words.split()
}
_MULTIPLES = {"double": 2, "doble": 2, "doppio": 2, "doppia": 2, "doppelt": 2, "triple": 3}
"""Of an extra only: a double espresso is a kind of espresso."""
_FILLER = frozenset(
    word
    for line in (
        "the of please and some me i would like want have can get with to my for order add another",
        "el la los las de por favor con quiero il lo le gli di del con per favore vorrei du des",
        "avec s il vous plait je voudrais der die das den bitte mit ich mochte hatte gern",
    )
    for word in line.split()
)
_WITH = re.compile(r"\s*(?:,|;|\b(?:with|mit|con|avec)\b)\s*", re.IGNORECASE)
_PIECES = re.compile(r"\s*[,;+\n]\s*|\s+(?:with|mit|con|avec)\s+", re.IGNORECASE)
_AND = re.compile(r"\s*&\s*|\s+(?:and|but|y|e|ed|und|et)\s+", re.IGNORECASE)
_WITHOUT = re.compile(
    r"^(?:no|without|hold the|hold|leave out the|leave out|remove the|remove|minus|take off the|"
    r"sin|ohne|keine?n?|sans|pas de|senza|niente)\s+"
    r"(?:(?:the|any|el|la|los|las|die|den|das|der|le|les|il|lo|gli|i)\s+)?(.+)$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:extra|more|add|additional|más|mas|mehr|plus de|supplément|più|piu)\s+(.+)$", re.IGNORECASE
)
_TIMES = re.compile(r"^(?:(\d{1,4})\s*x?|x\s*(\d{1,4}))\s+(.+)$", re.IGNORECASE)
_TIMES_AFTER = re.compile(r"^(.+?)\s*(?:x\s*(\d{1,2})|(\d{1,2})\s*x)$", re.IGNORECASE)


class Wish(msgspec.Struct, frozen=True):
    """One thing that is wanted with or without."""

    words: str
    said: str
    quantity: int = 1
    without: bool = False


class Meant(msgspec.Struct, frozen=True):
    """The items that the words may mean (one, when all is well), and what else they said."""

    items: list[Item]
    variant: str = ""
    extras: tuple[str, ...] = ()
    quantity: int | None = None


def item_names(rules: OrderRules, item: Item) -> list[str]:
    names = [item.name, item.id, *item.aliases]
    return [*names, f"{rules.category(item.category).name} {item.name}"]


def variant_names(variant: Variant) -> list[str]:
    return [variant.name, variant.id, *variant.aliases]


def read_item(rules: OrderRules, said: str) -> Meant:
    """What item is meant, with the size and extras that were said in the same breath."""
    count, rest = _count(said.strip())

    def names(item: Item) -> list[str]:
        return item_names(rules, item)

    for text, quantity in ((said, None), (rest, count)):
        if found := find(text, rules.items, names):
            return Meant(found, quantity=quantity)
    head, *tail = _WITH.split(rest)
    plain, words = plain_words(head), words_of(head)
    hits = contained(words, rules.items, lambda item: [item.name, *item.aliases])
    if not hits:
        left = [word for word in plain if word not in _FILLER]
        return Meant(find(" ".join(left), rules.items, names), "", tuple(tail), count)
    used = frozenset[int]().union(*(places for _, places in hits))
    items = [item for item, _ in hits]
    if len(items) > 1:
        return Meant(items)
    here = contained(words, items[0].variants, variant_names)
    variant = here[0][0].id if len(here) == 1 else ""
    used |= here[0][1] if variant else frozenset()
    kind = plain_words(rules.category(items[0].category).name)
    left = [word for n, word in enumerate(plain) if n not in used and word not in _FILLER]
    extra = " ".join(word for word in left if word not in kind)
    return Meant(items, variant, tuple(piece for piece in (extra, *tail) if piece), count)


def content(said: str) -> str:
    """Without the words around what is named."""
    return " ".join(word for word in plain_words(said) if word not in _FILLER)


def _count(said: str) -> tuple[int | None, str]:
    """A number in front, and the rest."""
    if found := _TIMES.match(said):
        return int(found[1] or found[2]), found[3]
    first, _, rest = said.partition(" ")
    number = NUMBERS.get(first.casefold())
    return (number, rest) if number and rest else (None, said)


def read_wishes(said: str | Sequence[str], is_known: Callable[[str], bool]) -> list[Wish]:
    """Extras and omissions. A piece with "and" stays whole where something has just that name."""
    wishes: list[Wish] = []
    texts = [said] if isinstance(said, str) else list(said)
    for piece in [part for text in texts for part in _PIECES.split(f" {text.strip()}")]:
        parts = [piece] if is_known(piece) else _AND.split(piece)
        without = False
        for part in filter(None, map(str.strip, parts)):
            # "without ham and mushrooms" leaves both out; "no ham but extra cheese" does not.
            adds = bool(_MORE.match(part)) or " but " in f" {piece.casefold()} "
            wish = _wish(part, is_known)
            without = wish.without or (without and not adds)
            wishes.append(msgspec.structs.replace(wish, without=without))
    return wishes


def _wish(said: str, is_known: Callable[[str], bool]) -> Wish:
    if is_known(said):
        return Wish(said, said)
    if found := _WITHOUT.match(said):
        return Wish(found[1], said, without=True)
    count, rest = _count(said)
    first, _, after = said.partition(" ")
    if first.casefold() in _MULTIPLES and after:
        count, rest = _MULTIPLES[first.casefold()], after
    if count is None and (found := _TIMES_AFTER.match(said)):
        count, rest = int(found[2] or found[3]), found[1]
    if not is_known(rest) and (found := _MORE.match(rest)):
        rest = found[1]
    return Wish(rest, said, count or 1)
