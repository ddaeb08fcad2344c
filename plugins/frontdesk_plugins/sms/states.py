"""The states of a text message that leaves, and which may follow which.

Ours come first: `new` (nothing was asked of Twilio), `trying` (Twilio was asked, and has not answered
or did not say whether it took it). What follows are Twilio's own words. A state only ever rises, so
reports may come twice and in any order. `held` was not sent for a reason of ours.
"""

RANKS = {
    "new": 0,
    "trying": 1,
    "accepted": 2,
    "scheduled": 2,
    "queued": 3,
    "sending": 4,
    "sent": 5,
    "delivered": 6,
    "undelivered": 6,
    "failed": 6,
    "canceled": 6,
    "held": 6,
    "read": 7,
}
TRYING = RANKS["trying"]
SENT = RANKS["sent"]
FINAL = RANKS["delivered"]
BAD = frozenset({"undelivered", "failed", "canceled"})

RISES = (
    "(rank < {} AND (rank < 6 OR (state = 'delivered' AND {} = 'read')))"  # 6: what is final stays
)
"""The condition under which a row takes a new rank and state, as SQL with both as places."""


def shown(states: list[str]) -> str:
    """What became of a message whose parts are in these states, as staff see it."""
    if any(state in BAD for state in states):
        return "failed"
    if "held" in states:
        return "held"
    lowest = min(RANKS[state] for state in states)
    return "delivered" if lowest >= FINAL else "sent" if lowest >= SENT else "queued"
