"""Stays, and the constraint by which no night of a room is sold twice."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "stays and their nights"


def statements(engine: str) -> list[str]:
    return [
        """CREATE TABLE stay (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, reference TEXT NOT NULL,
            room BIGINT NOT NULL, contact TEXT NOT NULL, conversation TEXT NOT NULL,
            channel TEXT NOT NULL, call TEXT NOT NULL DEFAULT '',
            proposal TEXT NOT NULL DEFAULT '', status TEXT NOT NULL,
            room_type TEXT NOT NULL, unit BIGINT NOT NULL, rate_plan TEXT NOT NULL,
            check_in TEXT NOT NULL, check_out TEXT NOT NULL,
            adults BIGINT NOT NULL, children TEXT NOT NULL DEFAULT '[]', pet BOOLEAN NOT NULL,
            name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL DEFAULT '',
            wishes TEXT NOT NULL DEFAULT '', extra TEXT NOT NULL DEFAULT '{}',
            total BIGINT NOT NULL, currency TEXT NOT NULL, policy TEXT NOT NULL,
            fee_told TEXT NOT NULL DEFAULT '', fee BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
            agent TEXT NOT NULL DEFAULT '', expires BIGINT NOT NULL DEFAULT 0,
            version BIGINT NOT NULL DEFAULT 0,
            created BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX stay_reference ON stay (business, reference, room)",
        "CREATE UNIQUE INDEX stay_call ON stay (call, room) WHERE call <> ''",
        "CREATE INDEX stay_of_contact ON stay (contact, check_in)",
        "CREATE INDEX stay_of_day ON stay (business, check_in)",
        "CREATE INDEX stay_held ON stay (conversation, proposal) WHERE status = 'held'",
        """CREATE TABLE stay_night (
            business TEXT NOT NULL, room_type TEXT NOT NULL, unit BIGINT NOT NULL,
            night TEXT NOT NULL, stay TEXT NOT NULL, expires BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (business, room_type, unit, night))""",
        "CREATE INDEX stay_night_date ON stay_night (business, night)",
        "CREATE INDEX stay_night_stay ON stay_night (stay)",
        """CREATE TABLE stay_lock (
            business TEXT NOT NULL, room_type TEXT NOT NULL, version BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (business, room_type))""",
    ]
