"""Staff, their sessions and what they read, canned replies, the audit log, marks of the on-call job."""

ID = "2026-11-22T18:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "staff, sessions, canned replies, audit"


def statements(engine: str) -> list[str]:
    return [
        """CREATE TABLE staff (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, email TEXT NOT NULL, name TEXT NOT NULL,
            role TEXT NOT NULL, password TEXT NOT NULL DEFAULT '',
            active BOOLEAN NOT NULL DEFAULT TRUE, created BIGINT NOT NULL,
            seen BIGINT NOT NULL DEFAULT 0)""",
        "CREATE UNIQUE INDEX staff_email ON staff (business, email)",
        "CREATE INDEX staff_by_email ON staff (email)",
        """CREATE TABLE staff_session (
            id TEXT PRIMARY KEY, staff TEXT NOT NULL, csrf TEXT NOT NULL,
            notice TEXT NOT NULL DEFAULT '', created BIGINT NOT NULL, seen BIGINT NOT NULL,
            expires BIGINT NOT NULL)""",
        "CREATE INDEX staff_session_of ON staff_session (staff)",
        "CREATE INDEX staff_session_expires ON staff_session (expires)",
        """CREATE TABLE staff_seen (
            id TEXT PRIMARY KEY, staff TEXT NOT NULL, conversation TEXT NOT NULL,
            seq BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX staff_seen_of ON staff_seen (conversation, staff)",
        """CREATE TABLE staff_presence (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, staff TEXT NOT NULL, node TEXT NOT NULL,
            until BIGINT NOT NULL)""",
        "CREATE INDEX staff_presence_of_business ON staff_presence (business, until)",
        "CREATE INDEX staff_presence_of_node ON staff_presence (node)",
        """CREATE TABLE canned_reply (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, shortcut TEXT NOT NULL,
            text TEXT NOT NULL, created BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX canned_reply_shortcut ON canned_reply (business, shortcut)",
        """CREATE TABLE audit (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, staff TEXT NOT NULL,
            staff_name TEXT NOT NULL, page TEXT NOT NULL, did TEXT NOT NULL,
            fields TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '',
            created BIGINT NOT NULL)""",
        "CREATE INDEX audit_of_business ON audit (business, id)",
        """CREATE TABLE on_call_mark (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            epoch BIGINT NOT NULL, created BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX on_call_mark_of ON on_call_mark (conversation, epoch)",
        "CREATE INDEX on_call_mark_of_business ON on_call_mark (business, created)",
    ]
