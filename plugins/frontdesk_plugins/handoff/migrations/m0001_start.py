"""Requests for a person, and messages for the team."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "requests, promises"


def statements(engine: str) -> list[str]:
    return [
        """CREATE TABLE handoff (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            contact TEXT NOT NULL, call TEXT NOT NULL, seq BIGINT NOT NULL, reason TEXT NOT NULL,
            summary TEXT NOT NULL, collected TEXT NOT NULL, urgency TEXT NOT NULL,
            language TEXT NOT NULL, said TEXT NOT NULL, status TEXT NOT NULL,
            created BIGINT NOT NULL, answer_by BIGINT NOT NULL, accepted_by TEXT NOT NULL DEFAULT '',
            accepted_at BIGINT)""",
        "CREATE UNIQUE INDEX handoff_call ON handoff (call)",
        "CREATE INDEX handoff_of_business ON handoff (business, created)",
        "CREATE INDEX handoff_waiting ON handoff (conversation) WHERE status = 'waiting'",
        """CREATE TABLE promise (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            contact TEXT NOT NULL, call TEXT NOT NULL, topic TEXT NOT NULL, text TEXT NOT NULL,
            name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, urgency TEXT NOT NULL,
            callback_window TEXT NOT NULL, due BIGINT NOT NULL, state TEXT NOT NULL DEFAULT 'open',
            created BIGINT NOT NULL, done_by TEXT NOT NULL DEFAULT '', done_at BIGINT)""",
        "CREATE UNIQUE INDEX promise_call ON promise (call)",
        "CREATE INDEX promise_of_business ON promise (business, state, due)",
        "CREATE INDEX promise_of_conversation ON promise (conversation)",
    ]
