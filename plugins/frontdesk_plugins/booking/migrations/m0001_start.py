"""The first tables, and the constraint that stands behind the transaction."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "resources, bookings, claims, holds, the waiting list"


def statements(engine: str) -> list[str]:
    serial = "INTEGER PRIMARY KEY AUTOINCREMENT" if engine == "sqlite" else "BIGSERIAL PRIMARY KEY"
    return [
        f"""CREATE TABLE booking_resource (
            id {serial}, business TEXT NOT NULL, key TEXT NOT NULL,
            version BIGINT NOT NULL DEFAULT 0)""",
        "CREATE UNIQUE INDEX booking_resource_key ON booking_resource (business, key)",
        *_booking(),
        f"""CREATE TABLE booking_claim (
            id {serial}, booking TEXT NOT NULL, resource BIGINT NOT NULL,
            starts BIGINT NOT NULL, ends BIGINT NOT NULL, gap_before BIGINT NOT NULL DEFAULT 0,
            gap_after BIGINT NOT NULL DEFAULT 0, seat_from BIGINT NOT NULL DEFAULT 0,
            seat_to BIGINT NOT NULL DEFAULT 1000000, session TEXT NOT NULL DEFAULT '',
            party BIGINT NOT NULL DEFAULT 0, expires BIGINT NOT NULL DEFAULT 0,
            active BOOLEAN NOT NULL DEFAULT TRUE)""",
        "CREATE INDEX booking_claim_time ON booking_claim (resource, starts)",
        "CREATE INDEX booking_claim_booking ON booking_claim (booking)",
        *(_triggers() if engine == "sqlite" else _exclusion()),
        """CREATE TABLE booking_hold (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            contact TEXT NOT NULL, purpose TEXT NOT NULL, proposal TEXT NOT NULL DEFAULT '',
            service TEXT NOT NULL DEFAULT '', variant TEXT NOT NULL DEFAULT '',
            party BIGINT NOT NULL, starts BIGINT NOT NULL, ends BIGINT NOT NULL,
            resources TEXT NOT NULL DEFAULT '[]', created BIGINT NOT NULL,
            expires BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX booking_hold_purpose ON booking_hold (conversation, purpose)",
        "CREATE INDEX booking_hold_expires ON booking_hold (expires)",
        f"""CREATE TABLE booking_history (
            id {serial}, booking TEXT NOT NULL, sequence BIGINT NOT NULL, what TEXT NOT NULL,
            by TEXT NOT NULL, before TEXT NOT NULL, at BIGINT NOT NULL)""",
        "CREATE INDEX booking_history_booking ON booking_history (booking, sequence)",
        *_waiting(),
        """CREATE TABLE booking_block (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, resource TEXT NOT NULL,
            starts BIGINT NOT NULL, ends BIGINT NOT NULL, source TEXT NOT NULL DEFAULT '',
            reason TEXT NOT NULL DEFAULT '', created BIGINT NOT NULL)""",
        "CREATE INDEX booking_block_time ON booking_block (business, ends)",
    ]


def _booking() -> list[str]:
    return [
        """CREATE TABLE booking (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, reference TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'confirmed', contact TEXT NOT NULL,
            conversation TEXT NOT NULL, channel TEXT NOT NULL DEFAULT '', call TEXT NOT NULL,
            service TEXT NOT NULL DEFAULT '', variant TEXT NOT NULL DEFAULT '',
            party BIGINT NOT NULL, starts BIGINT NOT NULL, ends BIGINT NOT NULL,
            timezone TEXT NOT NULL, wall TEXT NOT NULL, resources TEXT NOT NULL DEFAULT '[]',
            name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL DEFAULT '',
            notes TEXT NOT NULL, extra TEXT NOT NULL DEFAULT '{}', price BIGINT,
            currency TEXT NOT NULL DEFAULT '', policy TEXT NOT NULL DEFAULT '{}',
            sequence BIGINT NOT NULL DEFAULT 0, moves BIGINT NOT NULL DEFAULT 0,
            fee_told TEXT NOT NULL DEFAULT '', fee BIGINT NOT NULL DEFAULT 0,
            cancelled_by TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
            remind_at BIGINT NOT NULL DEFAULT 0, stranger_at BIGINT NOT NULL DEFAULT 0,
            attends BIGINT NOT NULL DEFAULT 0,
            created BIGINT NOT NULL, updated BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX booking_reference ON booking (business, reference)",
        "CREATE UNIQUE INDEX booking_call ON booking (call)",
        "CREATE INDEX booking_of_contact ON booking (contact, starts)",
        "CREATE INDEX booking_of_day ON booking (business, starts)",
        "CREATE INDEX booking_to_remind ON booking (remind_at) WHERE remind_at > 0",
        """CREATE INDEX booking_to_strangers ON booking (business, stranger_at)
            WHERE stranger_at > 0""",
    ]


def _waiting() -> list[str]:
    return [
        """CREATE TABLE booking_waiting (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            contact TEXT NOT NULL, channel TEXT NOT NULL, service TEXT NOT NULL DEFAULT '',
            variant TEXT NOT NULL DEFAULT '', resource TEXT NOT NULL DEFAULT '',
            party BIGINT NOT NULL, day TEXT NOT NULL, earliest BIGINT NOT NULL,
            latest BIGINT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'waiting', offered_until BIGINT NOT NULL DEFAULT 0,
            told BIGINT NOT NULL DEFAULT 0,
            created BIGINT NOT NULL, updated BIGINT NOT NULL)""",
        "CREATE INDEX booking_waiting_open ON booking_waiting (status, business, day)",
        "CREATE INDEX booking_waiting_contact ON booking_waiting (contact, status)",
    ]


def _exclusion() -> list[str]:
    # The numbers are wrapped in ranges because plain ones need the extension btree_gist.
    return [
        """ALTER TABLE booking_claim ADD CONSTRAINT booking_claim_overlap EXCLUDE USING gist (
            int8range(resource, resource, '[]') WITH &&, int8range(seat_from, seat_to) WITH &&,
            int8range(starts, ends + gap_after) WITH &&)
            WHERE (active)"""
    ]


def _triggers() -> list[str]:
    return [
        f"""CREATE TRIGGER booking_claim_{event.lower()} BEFORE {event} ON booking_claim
            WHEN NEW.active BEGIN
                SELECT RAISE(ABORT, 'booking_claim_overlap') FROM booking_claim
                WHERE resource = NEW.resource AND active AND id IS NOT NEW.id
                AND starts < NEW.ends + NEW.gap_after AND ends + gap_after > NEW.starts
                AND seat_from < NEW.seat_to AND seat_to > NEW.seat_from;
            END"""  # noqa: S608  the event is one of two words below
        for event in ("INSERT", "UPDATE")
    ]
