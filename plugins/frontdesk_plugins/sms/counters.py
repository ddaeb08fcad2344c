"""What is counted of text messages, in the registry of the desk."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from prometheus_client import CollectorRegistry, Counter

if TYPE_CHECKING:
    from frontdesk.desk import Desk


class Counters:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.sends = Counter(
            "frontdesk_sms_sends", "Attempts to send a text message, by what came of them",
            ["result"], registry=registry,
        )  # fmt: skip
        self.segments = Counter(
            "frontdesk_sms_segments", "Segments of text messages that were taken",
            registry=registry,
        )  # fmt: skip
        self.statuses = Counter(
            "frontdesk_sms_statuses", "Status callbacks", ["state"], registry=registry
        )
        self.webhooks = Counter(
            "frontdesk_sms_webhooks", "Webhooks of Twilio", ["kind", "result"], registry=registry
        )


_counters: "WeakKeyDictionary[Desk, Counters]" = WeakKeyDictionary()


def of(desk: "Desk") -> Counters:
    """A registry takes each name once, so a desk has them once."""
    if desk not in _counters:
        _counters[desk] = Counters(desk.metrics.registry)
    return _counters[desk]
