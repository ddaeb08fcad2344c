"""Machines that answer our answers: told by how often, and by saying the same again and again."""

from hashlib import sha256

from frontdesk.database import Database

WINDOW_MS = 600_000
"""Ten minutes."""
MOST_REPLIES = 20
"""Automatic ones to one number within the window."""
SAME = 3
"""Equal messages in a row, within the window."""
SHORT = 3
"""Characters up to which a text is an answer, such as 1 or yes, that people give again and again."""
LOOKED_AT = 500
"""Events at the end of a conversation: more than `MOST_REPLIES` turns leave."""


def digest(text: str) -> str:
    """The same for texts that differ in blanks and capitals only; empty for short ones."""
    plain = " ".join(text.casefold().split())
    return sha256(plain.encode()).hexdigest()[:32] if len(plain) > SHORT else ""


async def reason(
    database: Database, business: str, conversation: str, sender: str, now: int
) -> str:
    """Why this conversation looks like one with a machine; empty when it does not. The message that
    came last is recorded already. `now` is in milliseconds since the epoch."""
    last = await database.fetch(
        "SELECT digest FROM sms_inbound WHERE business = {} AND sender = {} AND received > {} "
        "ORDER BY received DESC, sid DESC LIMIT {}",
        business, sender, now - WINDOW_MS, SAME,
    )  # fmt: skip
    said = {row["digest"] for row in last}
    if len(last) == SAME and len(said) == 1 and said != {""}:
        return "the same text message three times in a row: a machine may be writing"
    row = await database.one(
        "SELECT COUNT(*) AS n FROM event e JOIN conversation c ON c.id = e.conversation "
        "WHERE c.id = {} AND c.business = {} AND e.seq > c.last_seq - {} AND e.at > {} "
        "AND e.type IN ('replied', 'noticed')",
        conversation, business, LOOKED_AT, now - WINDOW_MS,
    )  # fmt: skip
    if row is not None and row["n"] >= MOST_REPLIES:
        return "more than 20 automatic answers in ten minutes: a machine may be writing"
    return ""
