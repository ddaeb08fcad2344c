"""What every turn is told about the customer's bookings."""

from datetime import datetime
from typing import Any, cast

from frontdesk.conversation import Conversation
from frontdesk.instants import instant, ms
from frontdesk.references import shown
from frontdesk_plugins.booking.tables import Booking, BookingHold


async def upcoming(conversation: Conversation, now: datetime) -> str:
    # Every turn asks, and composing the query would cost more than running it.
    found = await Booking.raw(  # pyright: ignore[reportUnknownVariableType]
        "SELECT reference, wall, party, service, status FROM booking WHERE contact = {} "
        "AND business = {} AND status IN ('pending', 'confirmed', 'arrived') AND ends > {} "
        "ORDER BY starts LIMIT 5",
        conversation.contact.id, conversation.business.id, ms(now),
    )  # fmt: skip
    rows = cast("list[dict[str, Any]]", found)
    return "; ".join(
        f"{shown(row['reference'])}: {row['wall'].replace('T', ' ')} for {row['party']}"
        f"{', ' + row['service'] if row['service'] else ''}"
        f"{', not confirmed by the team yet' if row['status'] == 'pending' else ''}"
        for row in rows
    )


async def offers(conversation: Conversation, now: datetime) -> str:
    """What became free for a customer who waits: it is theirs if they book it in time."""
    found = await BookingHold.raw(  # pyright: ignore[reportUnknownVariableType]
        "SELECT starts, party, service, expires FROM booking_hold WHERE conversation = {} "
        "AND purpose LIKE 'waitlist:%' AND expires > {} ORDER BY starts LIMIT 3",
        conversation.id, ms(now),
    )  # fmt: skip
    zone = conversation.business.zone
    return "; ".join(
        f"{instant(row['starts']).astimezone(zone).isoformat(timespec='minutes')} "
        f"(as slot_id) for {row['party']}{', ' + row['service'] if row['service'] else ''}, "
        f"held until {instant(row['expires']).astimezone(zone):%H:%M}. Tell the customer first."
        for row in cast("list[dict[str, Any]]", found)
    )
