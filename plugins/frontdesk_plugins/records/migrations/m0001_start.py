"""Records."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "records"


def statements(engine: str) -> list[str]:
    return [
        """CREATE TABLE record (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, kind TEXT NOT NULL,
            reference TEXT NOT NULL, conversation TEXT NOT NULL, contact TEXT NOT NULL,
            call TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL,
            urgency TEXT NOT NULL, fields TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'new',
            told TEXT NOT NULL DEFAULT '', version BIGINT NOT NULL DEFAULT 0,
            created BIGINT NOT NULL, updated BIGINT NOT NULL, agent TEXT NOT NULL DEFAULT '')""",
        "CREATE UNIQUE INDEX record_call ON record (call)",
        "CREATE UNIQUE INDEX record_reference ON record (business, reference)",
        "CREATE INDEX record_of_business ON record (business, state, created)",
        "CREATE INDEX record_of_contact ON record (contact)",
    ]
