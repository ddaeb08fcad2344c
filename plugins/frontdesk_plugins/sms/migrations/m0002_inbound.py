"""What customers send."""

ID = "2026-11-22T12:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "inbound messages, media"


def statements(engine: str) -> list[str]:
    binary = "BLOB" if engine == "sqlite" else "BYTEA"
    return [
        """CREATE TABLE sms_inbound (
            sid TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            sender TEXT NOT NULL, recipient TEXT NOT NULL, outcome TEXT NOT NULL,
            reason TEXT NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL,
            confirmation TEXT NOT NULL DEFAULT '', token TEXT NOT NULL,
            received BIGINT NOT NULL)""",
        "CREATE INDEX sms_inbound_of_conversation ON sms_inbound (conversation, received)",
        "CREATE INDEX sms_inbound_of_sender ON sms_inbound (business, sender, received)",
        """CREATE INDEX sms_inbound_confirmation ON sms_inbound (confirmation)
            WHERE confirmation <> ''""",
        """CREATE TABLE sms_sender (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, number TEXT NOT NULL,
            recipient TEXT NOT NULL, seen BIGINT NOT NULL)""",
        f"""CREATE TABLE sms_media (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            sid TEXT NOT NULL, url TEXT NOT NULL, declared TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'new', type TEXT NOT NULL DEFAULT '',
            size BIGINT NOT NULL DEFAULT 0, content {binary}, error TEXT NOT NULL DEFAULT '',
            created BIGINT NOT NULL)""",
        "CREATE INDEX sms_media_of_conversation ON sms_media (business, conversation)",
    ]
