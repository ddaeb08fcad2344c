"""Totals and taxes: integers, to the cent, whatever the order of things."""

from fractions import Fraction
from math import floor
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from support_cafe import cafe

from frontdesk_plugins.orders.cart import Cart, Line
from frontdesk_plugins.orders.choose import Request, choose
from frontdesk_plugins.orders.money import Priced, half_up, tax_of, totals
from frontdesk_plugins.orders.rules import Fee, OrderRules, Zone, rules_of
from frontdesk_plugins.orders.shop import Shop

SHOP = Shop(cafe(), rules_of(cafe()))
NEW_YORK = 88_750


@pytest.mark.parametrize(("rounding", "tax"), [("line", 54), ("order", 53)])
def test_three_at_1_99_with_8_875_percent(rounding: Literal["line", "order"], tax: int) -> None:
    rules = OrderRules(taxes={"standard": NEW_YORK}, rounding=rounding)
    sums = totals(rules, [Priced(199, "standard")] * 3)
    assert (sums.subtotal, sums.tax, sums.total) == (597, tax, 597 + tax)


@pytest.mark.parametrize(
    ("amount", "rate", "included", "tax"),
    [
        (1000, 100_000, False, 100),
        (5, 100_000, False, 1),  # half a cent goes up
        (4, 100_000, False, 0),
        (1190, 190_000, True, 190),
        (100, 70_000, True, 7),
        (0, 190_000, True, 0),
        (100, 0, False, 0),
    ],
)
def test_tax_on_and_in_a_price(amount: int, rate: int, included: bool, tax: int) -> None:
    assert tax_of(amount, rate, included=included) == tax


@given(st.integers(0, 10**12), st.integers(1, 10**7))
def test_half_up_is_what_fractions_say(numerator: int, denominator: int) -> None:
    exact = floor(Fraction(numerator, denominator) + Fraction(1, 2))
    assert half_up(numerator, denominator) == exact


amounts = st.integers(0, 10**8)
classes = st.sampled_from(["standard", "drinks", None])
lines = st.lists(st.builds(Priced, amounts, classes), max_size=12)
some_rules = st.builds(
    OrderRules,
    taxes=st.fixed_dictionaries(
        {"standard": st.integers(0, 10**6), "drinks": st.integers(0, 10**6)}
    ),
    prices_include_tax=st.booleans(),
    rounding=st.sampled_from(["line", "order"]),
    fees=st.lists(
        st.builds(
            Fee,
            id=st.just("fee"),
            name=st.just("Fee"),
            amount=st.integers(0, 10**5),
            on=st.sampled_from([None, "pickup", "delivery"]),
            below=st.none() | st.integers(0, 10**6),
            tax=classes,
        ),
        max_size=3,
    ).map(tuple),
)
ZONE = Zone(id="near", name="Delivery", postcodes=("1",), fee=300, fee_tax="standard")


@given(some_rules, lines, st.sampled_from([(None, None), ("pickup", None), ("delivery", ZONE)]))
def test_totals_add_up(rules: OrderRules, items: list[Priced], how: Any) -> None:
    sums = totals(rules, items, *how)
    assert sums.subtotal == sum(item.amount for item in items)
    assert sums.tax == sum(tax.amount for tax in sums.taxes)
    charged = sums.subtotal + sum(fee.amount for fee in sums.fees)
    assert sums.total == charged + (0 if rules.prices_include_tax else sums.tax)
    everything: list[Any] = [
        sums.subtotal,
        sums.tax,
        sums.total,
        *[fee.amount for fee in sums.fees],
    ]
    assert all(type(one) is int and one >= 0 for one in everything)
    if rules.prices_include_tax:
        assert sums.tax <= charged
    # The exact tax is never further away than half a unit for each time that was rounded.
    bases = [*items, *[Priced(fee.amount, fee.tax) for fee in rules.fees]]
    assert not bases or abs(sums.tax - _exact(rules, items, how)) <= Fraction(len(bases) + 1, 2)


def _exact(rules: OrderRules, items: list[Priced], how: Any) -> Fraction:
    subtotal = sum(item.amount for item in items)
    fulfilment, zone = how
    fees = [
        Priced(fee.amount, fee.tax)
        for fee in rules.fees
        if fee.on in (None, fulfilment) and (fee.below is None or subtotal < fee.below)
    ]
    fees += [Priced(zone.fee, zone.fee_tax)] if zone else []
    exact = Fraction(0)
    for one in [*items, *fees]:
        rate = rules.taxes.get(one.tax or "", 0)
        exact += Fraction(one.amount * rate, 10**6 + (rate if rules.prices_include_tax else 0))
    return exact


@given(some_rules, lines, st.randoms())
def test_the_order_of_lines_changes_nothing(
    rules: OrderRules, items: list[Priced], random: Any
) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    assert totals(rules, shuffled) == totals(rules, items)


# ---- modifiers -------------------------------------------------------------------------------

wishes = st.lists(
    st.sampled_from(["ham", "mushrooms", "salt and pepper", "no onions", "no tomato"]),
    unique=True,
    max_size=5,
)


@given(wishes, st.randoms())
def test_the_order_of_wishes_changes_nothing(said: list[str], random: Any) -> None:
    item = SHOP.rules.item("margherita")
    assert item is not None
    shuffled = list(said)
    random.shuffle(shuffled)

    def line(words: list[str]) -> Line:
        return choose(SHOP, item, Request(variant="small", modifiers=", ".join(words)))

    assert line(said) == line(shuffled)
    # The dearest topping is the free one.
    prices = [{"ham": 250, "mushrooms": 150, "salt and pepper": 0}.get(word) for word in said]
    toppings = [price for price in prices if price is not None]
    assert line(said).unit == 1000 + sum(toppings) - max(toppings, default=0)


@given(wishes)
def test_saying_it_at_once_or_one_by_one_is_the_same(said: list[str]) -> None:
    item = SHOP.rules.item("margherita")
    assert item is not None
    once = choose(SHOP, item, Request(variant="small", modifiers=", ".join(said)))
    by_one = choose(SHOP, item, Request(variant="small"))
    for words in said:
        by_one = choose(SHOP, item, Request(modifiers=words), by_one)
    assert by_one == once


# ---- the cart --------------------------------------------------------------------------------


class Carts(RuleBasedStateMachine):
    """Whatever is done to a cart: its numbers are never given twice, its version counts changes."""

    def __init__(self) -> None:
        super().__init__()
        self.cart = Cart()
        self.seen: set[str] = set()
        self.counts: dict[str, int] = {}
        self.changes = 0

    @rule(
        item=st.sampled_from(["cola", "beer"]),
        quantity=st.integers(1, 5),
        note=st.sampled_from(["", "ice"]),
    )
    def add(self, item: str, quantity: int, note: str) -> None:
        before = {line.line_id for line in self.cart.lines}
        line = Line(line_id="", item=item, name=item, quantity=quantity, note=note, unit=199)
        self.cart = self.cart.with_line(line)
        new = {line.line_id for line in self.cart.lines} - before
        assert not new & self.seen
        self.seen |= new
        self.counts[item + note] = self.counts.get(item + note, 0) + quantity
        self.changes += 1

    @precondition(lambda self: self.cart.lines)
    @rule(data=st.data(), quantity=st.integers(1, 5))
    def change(self, data: st.DataObject, quantity: int) -> None:
        line = data.draw(st.sampled_from(self.cart.lines))
        self.cart = self.cart.replaced(msgspec.structs.replace(line, quantity=quantity))
        self.counts[line.item + line.note] = quantity
        self.changes += 1

    @precondition(lambda self: self.cart.lines)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        line = data.draw(st.sampled_from(self.cart.lines))
        self.cart = self.cart.without(line.line_id)
        del self.counts[line.item + line.note]
        self.changes += 1

    @invariant()
    def it_is_what_was_done(self) -> None:
        assert self.cart.version == self.changes
        held = {line.item + line.note: line.quantity for line in self.cart.lines}
        assert held == self.counts
        assert self.cart.count == sum(self.counts.values())
        assert sum(line.total for line in self.cart.lines) == 199 * self.cart.count


TestCarts = Carts.TestCase
