"""The first tables."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one-time codes and how often they were asked for"


def statements(engine: str) -> list[str]:
    return [
        """CREATE TABLE verify_code (
            contact TEXT PRIMARY KEY, business TEXT NOT NULL, phone TEXT NOT NULL,
            digest TEXT NOT NULL, tries BIGINT NOT NULL DEFAULT 0, expires BIGINT NOT NULL)""",
        "CREATE INDEX verify_code_expires ON verify_code (expires)",
        """CREATE TABLE verify_sent (
            key TEXT PRIMARY KEY, moments TEXT NOT NULL DEFAULT '[]',
            updated BIGINT NOT NULL DEFAULT 0)""",
        "CREATE INDEX verify_sent_updated ON verify_sent (updated)",
    ]
