"""The first tables, and the constraint that stands behind the transaction."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "resources, bookings, claims"


def statements(engine: str) -> list[str]:
    serial = "INTEGER PRIMARY KEY AUTOINCREMENT" if engine == "sqlite" else "BIGSERIAL PRIMARY KEY"
    return [
        f"""CREATE TABLE booking_resource (
            id {serial}, business TEXT NOT NULL, key TEXT NOT NULL,
            version BIGINT NOT NULL DEFAULT 0)""",
        "CREATE UNIQUE INDEX booking_resource_key ON booking_resource (business, key)",
        """CREATE TABLE booking (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, reference TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'confirmed', contact TEXT NOT NULL,
            conversation TEXT NOT NULL, call TEXT NOT NULL, party BIGINT NOT NULL,
            starts BIGINT NOT NULL, ends BIGINT NOT NULL, timezone TEXT NOT NULL,
            wall TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL, notes TEXT NOT NULL,
            extra TEXT NOT NULL DEFAULT '{}', created BIGINT NOT NULL, updated BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX booking_reference ON booking (business, reference)",
        "CREATE UNIQUE INDEX booking_call ON booking (call)",
        "CREATE INDEX booking_of_contact ON booking (contact, starts)",
        "CREATE INDEX booking_of_day ON booking (business, starts)",
        f"""CREATE TABLE booking_claim (
            id {serial}, booking TEXT NOT NULL, resource BIGINT NOT NULL,
            starts BIGINT NOT NULL, ends BIGINT NOT NULL, active BOOLEAN NOT NULL DEFAULT TRUE)""",
        "CREATE INDEX booking_claim_time ON booking_claim (resource, starts)",
        "CREATE INDEX booking_claim_booking ON booking_claim (booking)",
        *(_triggers() if engine == "sqlite" else _exclusion()),
    ]


def _exclusion() -> list[str]:
    # The number is wrapped in a range because a plain one needs the extension btree_gist.
    return [
        """ALTER TABLE booking_claim ADD CONSTRAINT booking_claim_overlap EXCLUDE USING gist (
            int8range(resource, resource, '[]') WITH &&, int8range(starts, ends) WITH &&)
            WHERE (active)"""
    ]


def _triggers() -> list[str]:
    return [
        f"""CREATE TRIGGER booking_claim_{event.lower()} BEFORE {event} ON booking_claim
            WHEN NEW.active BEGIN
                SELECT RAISE(ABORT, 'booking_claim_overlap') FROM booking_claim
                WHERE resource = NEW.resource AND active AND id IS NOT NEW.id
                AND starts < NEW.ends AND ends > NEW.starts;
            END"""  # noqa: S608  the event is one of two words below
        for event in ("INSERT", "UPDATE")
    ]
