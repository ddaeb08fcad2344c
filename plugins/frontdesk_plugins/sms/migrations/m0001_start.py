"""Messages that leave, and what Twilio tells of them."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "messages, orphaned statuses, unreachable numbers"


def statements(engine: str) -> list[str]:
    return [
        """CREATE TABLE sms_message (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL DEFAULT '',
            event TEXT NOT NULL, part BIGINT NOT NULL, to_number TEXT NOT NULL,
            from_number TEXT NOT NULL, body TEXT NOT NULL,
            discloses BOOLEAN NOT NULL DEFAULT FALSE, segments BIGINT NOT NULL,
            segments_billed BIGINT, state TEXT NOT NULL DEFAULT 'new',
            rank BIGINT NOT NULL DEFAULT 0, sid TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT '', tried BIGINT NOT NULL DEFAULT 0,
            busy_until BIGINT NOT NULL DEFAULT 0, created BIGINT NOT NULL,
            updated BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX sms_message_part ON sms_message (business, event, part)",
        "CREATE UNIQUE INDEX sms_message_sid ON sms_message (sid) WHERE sid <> ''",
        "CREATE INDEX sms_message_of_conversation ON sms_message (conversation)",
        """CREATE TABLE sms_orphan (
            sid TEXT PRIMARY KEY, state TEXT NOT NULL, rank BIGINT NOT NULL, error TEXT NOT NULL,
            created BIGINT NOT NULL)""",
        "CREATE INDEX sms_orphan_created ON sms_orphan (created)",
        """CREATE TABLE sms_unreachable (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, number TEXT NOT NULL,
            error TEXT NOT NULL, created BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX sms_unreachable_number ON sms_unreachable (business, number)",
    ]
