"""What one booking takes: a service for a party, with all rules that hold for it."""

from itertools import product

import msgspec

from frontdesk_plugins.booking.policies import Policy
from frontdesk_plugins.booking.resources import Resource
from frontdesk_plugins.booking.rules import BookingRules, may_serve
from frontdesk_plugins.booking.services import Service, Variant


class Option(msgspec.Struct, frozen=True, order=True):
    """Resources that can serve a visit together. The least is the best."""

    spare: int
    """Places that would stay empty."""
    count: int
    resources: tuple[str, ...]


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    service: Service
    party: int
    minutes: int
    before: int
    after: int
    """Minutes that are kept free around it."""
    step: int
    lead: int
    horizon: int
    policy: Policy
    variant: str = ""
    price: int | None = None
    resource: str = ""
    """The one that is wished for; empty when any will do."""
    options: tuple[Option, ...] = ()
    """What can serve it, the best first. Empty for a class that needs only its seats."""

    @property
    def is_class(self) -> bool:
        return self.service.capacity > 0

    @property
    def keys(self) -> list[str]:
        """Every resource that may be taken."""
        return sorted({key for option in self.options for key in option.resources})


def visit_of(
    rules: BookingRules,
    service: Service,
    party: int = 1,
    *,
    variant: Variant | None = None,
    resource: str = "",
) -> Visit:
    """`resource` narrows the choice. A visit that nothing can serve has no options."""
    duration = (variant and variant.duration) or service.duration or rules.minutes_for(party)
    price = variant.price if variant and variant.price is not None else service.price
    after = rules.buffer if service.buffer_after is None else service.buffer_after
    options = options_for(rules, service, party) if service.needs_resources else []
    return Visit(
        service=service,
        party=party,
        minutes=duration,
        before=service.buffer_before,
        after=after,
        step=service.step or rules.step,
        lead=rules.lead if service.lead is None else service.lead,
        horizon=rules.horizon if service.horizon is None else service.horizon,
        policy=service.policy or rules.policy,
        variant=variant.id if variant else "",
        price=price,
        resource=resource,
        options=tuple(one for one in options if not resource or resource in one.resources),
    )


def options_for(rules: BookingRules, service: Service, party: int) -> list[Option]:
    """What fits, the best first.

    In a class everyone shares the resources, so their size does not matter, only the seats do.
    """
    able = [r for r in rules.resources if r.active and may_serve(r, service)]
    fits = [r for r in able if service.capacity or r.min <= party <= r.max]
    if service.kinds:
        by_kind = [[r for r in fits if r.kind == kind] for kind in service.kinds]
        return sorted(_option(party, *chosen) for chosen in product(*by_kind))
    options = [_option(party, resource) for resource in fits]
    if not service.capacity:
        known = {resource.id for resource in able}
        options += [
            Option(one.max - party, len(one.resources), one.resources)
            for one in rules.combinations
            if one.min <= party <= one.max and set(one.resources) <= known
        ]
    return sorted(options)


def _option(party: int, *resources: Resource) -> Option:
    spare = sum(max(0, resource.max - party) for resource in resources)
    return Option(spare, len(resources), tuple(resource.id for resource in resources))


def largest_party(rules: BookingRules, service: Service) -> int:
    """What can be booked online at most."""
    if service.capacity:
        sizes = [service.capacity]
    else:
        able = [r for r in rules.resources if r.active and may_serve(r, service)]
        sizes = [r.max for r in able]
        if service.kinds:
            of_kinds = [max((r.max for r in able if r.kind == kind), default=0)
                        for kind in service.kinds]  # fmt: skip
            sizes = [min(of_kinds)]
        else:
            known = {r.id for r in able}
            sizes += [c.max for c in rules.combinations if set(c.resources) <= known]
    return min(max(sizes, default=0), rules.max_online_party or 1000)
