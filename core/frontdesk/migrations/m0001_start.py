"""The first tables."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "businesses, contacts, conversations, events, usage, prompts, outbox"

_FOR_STAFF = (
    # The resolved ones are most, and are listed by another index.
    """CREATE INDEX conversation_open ON conversation (business, status, updated)
        WHERE status <> 'resolved'""",
    "CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE status = 'snoozed'",
    "CREATE INDEX conversation_of_contact ON conversation (contact)",
)


def statements(engine: str) -> list[str]:
    serial = "INTEGER PRIMARY KEY AUTOINCREMENT" if engine == "sqlite" else "BIGSERIAL PRIMARY KEY"
    return [
        """CREATE TABLE business (
            id TEXT PRIMARY KEY, profile TEXT NOT NULL, updated BIGINT NOT NULL)""",
        """CREATE TABLE contact (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, visitor TEXT NOT NULL DEFAULT '',
            name TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '',
            email TEXT NOT NULL DEFAULT '', phone_verified BOOLEAN NOT NULL DEFAULT FALSE,
            email_verified BOOLEAN NOT NULL DEFAULT FALSE,
            opted_out BOOLEAN NOT NULL DEFAULT FALSE, blocked BOOLEAN NOT NULL DEFAULT FALSE,
            created BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX contact_visitor ON contact (business, visitor) WHERE visitor <> ''",
        """CREATE UNIQUE INDEX contact_phone ON contact (business, phone)
            WHERE phone_verified AND phone <> ''""",
        """CREATE TABLE conversation (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, contact TEXT NOT NULL,
            channel TEXT NOT NULL, outbox TEXT NOT NULL DEFAULT '',
            status TEXT NOT NULL DEFAULT 'bot',
            owner_epoch BIGINT NOT NULL DEFAULT 0, agent TEXT NOT NULL DEFAULT '',
            changed BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
            urgency TEXT NOT NULL DEFAULT '', snoozed_until BIGINT NOT NULL DEFAULT 0,
            last_seq BIGINT NOT NULL DEFAULT 0, said BIGINT NOT NULL DEFAULT 0,
            answered BIGINT NOT NULL DEFAULT 0, window_start BIGINT NOT NULL DEFAULT 0,
            turn TEXT NOT NULL DEFAULT '',
            attempt BIGINT NOT NULL DEFAULT 0, lease_owner TEXT NOT NULL DEFAULT '',
            lease_until BIGINT NOT NULL DEFAULT 0, created BIGINT NOT NULL,
            updated BIGINT NOT NULL)""",
        "CREATE INDEX conversation_of_business ON conversation (business, updated)",
        *_FOR_STAFF,
        # What recovery looks for; it stays small however many conversations there are.
        """CREATE INDEX conversation_unanswered ON conversation (lease_until)
            WHERE said > answered AND status = 'bot'""",
        """CREATE INDEX conversation_idle ON conversation (updated)
            WHERE status IN ('bot', 'human')""",
        """CREATE TABLE conversation_state (
            conversation TEXT PRIMARY KEY, current_order_items TEXT NOT NULL DEFAULT '[]',
            booking_draft TEXT NOT NULL DEFAULT '{}', custom_data TEXT NOT NULL DEFAULT '{}',
            commitments TEXT NOT NULL DEFAULT '[]',
            last_activity BIGINT NOT NULL DEFAULT 0)""",
        f"""CREATE TABLE event (
            id {serial}, conversation TEXT NOT NULL, seq BIGINT NOT NULL, type TEXT NOT NULL,
            at BIGINT NOT NULL, turn TEXT NOT NULL DEFAULT '', client_id TEXT,
            body TEXT NOT NULL)""",
        "CREATE UNIQUE INDEX event_seq ON event (conversation, seq)",
        "CREATE UNIQUE INDEX event_client_id ON event (conversation, client_id)",
        """CREATE TABLE ai_usage (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            turn TEXT NOT NULL, round BIGINT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
            input_tokens BIGINT NOT NULL DEFAULT 0, output_tokens BIGINT NOT NULL DEFAULT 0,
            cache_read_tokens BIGINT NOT NULL DEFAULT 0,
            cache_write_tokens BIGINT NOT NULL DEFAULT 0, tool_calls BIGINT NOT NULL DEFAULT 0,
            cost BIGINT, estimated BOOLEAN NOT NULL DEFAULT FALSE,
            latency_ms BIGINT NOT NULL DEFAULT 0, first_ms BIGINT, stop TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT '', request_id TEXT NOT NULL DEFAULT '',
            prompt TEXT NOT NULL DEFAULT '', created BIGINT NOT NULL)""",
        "CREATE INDEX ai_usage_of_business ON ai_usage (business, created)",
        "CREATE INDEX ai_usage_of_conversation ON ai_usage (conversation)",
        "CREATE TABLE prompt (id TEXT PRIMARY KEY, body TEXT NOT NULL, created BIGINT NOT NULL)",
        *_others(serial),
    ]


def _others(serial: str) -> list[str]:
    return [
        """CREATE TABLE guess (
            key TEXT PRIMARY KEY, failures TEXT NOT NULL DEFAULT '[]', updated BIGINT NOT NULL)""",
        "CREATE INDEX guess_updated ON guess (updated)",
        """CREATE TABLE outbox (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'new', attempts BIGINT NOT NULL DEFAULT 0,
            next_at BIGINT NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '',
            created BIGINT NOT NULL)""",
        "CREATE INDEX outbox_due ON outbox (state, next_at)",
        f"""CREATE TABLE text_consent (
            id {serial}, business TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL,
            source TEXT NOT NULL, disclosure TEXT NOT NULL DEFAULT '', created BIGINT NOT NULL)""",
        "CREATE INDEX text_consent_of_number ON text_consent (business, number, id)",
    ]
