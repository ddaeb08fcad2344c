"""Totals and taxes, in integers of the currency's minor unit. No amount is ever a float."""

import msgspec

from frontdesk_plugins.orders.rules import Fulfilment, OrderRules, Zone

MILLION = 1_000_000


class Priced(msgspec.Struct, frozen=True):
    """An amount and the tax class that it is in."""

    amount: int
    tax: str | None


class FeeLine(msgspec.Struct, frozen=True):
    name: str
    amount: int


class TaxLine(msgspec.Struct, frozen=True):
    name: str
    rate: int
    """Millionths."""
    amount: int


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    subtotal: int
    """All lines."""
    fees: tuple[FeeLine, ...]
    taxes: tuple[TaxLine, ...]
    tax: int
    """Of all classes; already in the prices where they include it."""
    total: int
    """What is to be paid."""


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two numbers that are not negative, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def tax_of(amount: int, rate: int, *, included: bool) -> int:
    """The tax on an amount, or in it; the rate is in millionths."""
    return half_up(amount * rate, MILLION + rate if included else MILLION)


def totals(
    rules: OrderRules,
    lines: list[Priced],
    fulfilment: Fulfilment | None = None,
    zone: Zone | None = None,
) -> Totals:
    """Without a fulfilment, the fees that depend on it are left out."""
    subtotal = sum(line.amount for line in lines)
    charged = [
        (fee.name, Priced(fee.amount, fee.tax))
        for fee in rules.fees
        if (fee.on is None or fee.on == fulfilment) and (fee.below is None or subtotal < fee.below)
    ]
    if zone is not None and zone.fee:
        charged.append((zone.name, Priced(zone.fee, zone.fee_tax)))
    taxes = _taxes(rules, lines + [fee for _, fee in charged])
    tax = sum(line.amount for line in taxes)
    fees = sum(fee.amount for _, fee in charged)
    return Totals(
        subtotal=subtotal,
        fees=tuple(FeeLine(name, fee.amount) for name, fee in charged),
        taxes=taxes,
        tax=tax,
        total=subtotal + fees + (0 if rules.prices_include_tax else tax),
    )


def _taxes(rules: OrderRules, amounts: list[Priced]) -> tuple[TaxLine, ...]:
    """By class, in the order of the business's file; classes without tax are left out."""
    found: list[TaxLine] = []
    for name, rate in rules.taxes.items():
        bases = [priced.amount for priced in amounts if priced.tax == name]
        if rules.rounding == "order":
            bases = [sum(bases)]
        amount = sum(tax_of(base, rate, included=rules.prices_include_tax) for base in bases)
        if amount:
            found.append(TaxLine(name, rate, amount))
    return tuple(found)
