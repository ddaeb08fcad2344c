"""The first tables, with the constraints that stand behind the transactions."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "kitchen, windows, stock, holds, orders, history, attempts"


def statements(engine: str) -> list[str]:
    serial = "INTEGER PRIMARY KEY AUTOINCREMENT" if engine == "sqlite" else "BIGSERIAL PRIMARY KEY"
    return [
        """CREATE TABLE order_kitchen (
            business TEXT PRIMARY KEY, version BIGINT NOT NULL DEFAULT 0)""",
        f"""CREATE TABLE order_window (
            id {serial}, business TEXT NOT NULL, starts BIGINT NOT NULL, capacity BIGINT NOT NULL,
            taken BIGINT NOT NULL DEFAULT 0,
            CONSTRAINT order_window_room CHECK (taken >= 0 AND taken <= capacity))""",
        "CREATE UNIQUE INDEX order_window_starts ON order_window (business, starts)",
        f"""CREATE TABLE order_stock (
            id {serial}, business TEXT NOT NULL, item TEXT NOT NULL, day TEXT NOT NULL,
            stock BIGINT NOT NULL, taken BIGINT NOT NULL DEFAULT 0,
            CONSTRAINT order_stock_left CHECK (taken >= 0 AND taken <= stock))""",
        "CREATE UNIQUE INDEX order_stock_item ON order_stock (business, day, item)",
        """CREATE TABLE order_hold (
            proposal TEXT PRIMARY KEY, business TEXT NOT NULL, conversation TEXT NOT NULL,
            cart TEXT NOT NULL, cart_version BIGINT NOT NULL, total BIGINT NOT NULL,
            promised BIGINT NOT NULL, load TEXT NOT NULL, active BOOLEAN NOT NULL DEFAULT TRUE,
            expires BIGINT NOT NULL)""",
        "CREATE INDEX order_hold_of_business ON order_hold (business, expires)",
        """CREATE TABLE customer_order (
            id TEXT PRIMARY KEY, business TEXT NOT NULL, reference TEXT NOT NULL,
            status TEXT NOT NULL, version BIGINT NOT NULL DEFAULT 1, contact TEXT NOT NULL,
            conversation TEXT NOT NULL, call TEXT NOT NULL, cart TEXT NOT NULL,
            cart_version BIGINT NOT NULL, fulfilment TEXT NOT NULL,
            asap BOOLEAN NOT NULL DEFAULT FALSE, ready BIGINT NOT NULL, promised BIGINT NOT NULL,
            timezone TEXT NOT NULL, wall TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL,
            address TEXT NOT NULL DEFAULT '', postcode TEXT NOT NULL DEFAULT '',
            lines TEXT NOT NULL, sums TEXT NOT NULL, total BIGINT NOT NULL CHECK (total >= 0),
            currency TEXT NOT NULL, load TEXT NOT NULL, extra TEXT NOT NULL DEFAULT '{}',
            placed BIGINT NOT NULL, alerted BIGINT NOT NULL DEFAULT 0, updated BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX customer_order_reference ON customer_order (business, reference)",
        "CREATE UNIQUE INDEX customer_order_call ON customer_order (call)",
        "CREATE UNIQUE INDEX customer_order_cart ON customer_order (cart, cart_version)",
        "CREATE INDEX customer_order_of_contact ON customer_order (contact, promised)",
        "CREATE INDEX customer_order_of_day ON customer_order (business, promised)",
        # What the sweep looks for; it stays small however many orders there are.
        "CREATE INDEX customer_order_waiting ON customer_order (placed) WHERE status = 'placed'",
        f"""CREATE TABLE order_history (
            id {serial}, business TEXT NOT NULL, customer_order TEXT NOT NULL,
            version BIGINT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
            actor TEXT NOT NULL, who TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
            at BIGINT NOT NULL)""",
        "CREATE UNIQUE INDEX order_history_version ON order_history (customer_order, version)",
    ]
