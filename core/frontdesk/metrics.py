"""What the engine counts. Labels are few and bounded: never an id of a person or conversation."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from frontdesk.conversation import ModelCallRecord

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)


class Metrics:
    """The counters of one desk, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.turns = Counter(
            "frontdesk_turns", "Turns that ended", ["channel", "outcome"], registry=registry
        )
        self.turn_seconds = Histogram(
            "frontdesk_turn_seconds", "Length of turns", ["channel"], buckets=SECONDS,
            registry=registry,
        )  # fmt: skip
        self.running = Gauge("frontdesk_turns_running", "Turns running now", registry=registry)
        self.recovered = Counter(
            "frontdesk_turns_recovered", "Turns taken up after their process died",
            registry=registry,
        )  # fmt: skip
        self.tokens = Counter(
            "frontdesk_tokens", "Tokens by kind", ["provider", "kind"], registry=registry
        )
        self.cost = Counter(
            "frontdesk_model_cost_microdollars", "Cost where the price is known", ["provider"],
            registry=registry,
        )  # fmt: skip
        self.calls = Counter(
            "frontdesk_model_calls", "Calls of models", ["provider", "result"], registry=registry
        )
        self.call_seconds = Histogram(
            "frontdesk_model_seconds", "Length of model calls", ["provider"], buckets=SECONDS,
            registry=registry,
        )  # fmt: skip
        self.tools = Counter(
            "frontdesk_tool_calls", "Tool calls by outcome", ["tool", "status"], registry=registry
        )
        self.limited = Counter(
            "frontdesk_limited", "Requests refused by a limit", ["limit"], registry=registry
        )
        self.watchers = Gauge(
            "frontdesk_watchers", "Open streams and sockets", ["kind"], registry=registry
        )

    def model_call(self, call: ModelCallRecord) -> None:
        provider = call.provider
        self.calls.labels(provider, call.error.split(":")[0] or "ok").inc()
        self.call_seconds.labels(provider).observe(call.latency_ms / 1000)
        for kind in ("input", "output", "cache_read", "cache_write"):
            if count := getattr(call, kind):
                self.tokens.labels(provider, kind).inc(count)
        if call.cost:
            self.cost.labels(provider).inc(call.cost)
