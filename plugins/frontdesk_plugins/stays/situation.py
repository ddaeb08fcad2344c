"""What every turn is told about the guest's own stays."""

from datetime import datetime
from typing import Any, cast

from frontdesk.conversation import Conversation
from frontdesk.references import shown
from frontdesk_plugins.stays.tables import Stay


async def own_stays(conversation: Conversation, now: datetime) -> str:
    found = await Stay.raw(  # pyright: ignore[reportUnknownVariableType]
        "SELECT reference, check_in, check_out, room_type, status, COUNT(*) AS rooms FROM stay "
        "WHERE contact = {} AND business = {} AND status IN ('confirmed', 'arrived') "
        "AND check_out >= {} GROUP BY reference, check_in, check_out, room_type, status "
        "ORDER BY check_in, reference LIMIT 5",
        conversation.contact.id, conversation.business.id, now.date().isoformat(),
    )  # fmt: skip
    rows = cast("list[dict[str, Any]]", found)
    return "; ".join(
        f"{shown(row['reference'])}: {row['check_in']} to {row['check_out']}, "
        f"{row['rooms']} x {row['room_type']}, {row['status']}"
        for row in rows
    )
