"""What somebody who texts is told while text messages are switched off, for all or for one business.

The words go with the webhook's own answer, because deliveries rest. Each sender reads them once in some
hours, so that no machine is answered again and again; who opted out or is blocked reads nothing. What
law and carriers ask for does not rest: STOP, START and HELP are obeyed, and a danger to life is
answered with the number to call. The message itself is kept for staff and answered by nobody, also
later: by then it would be too late.
"""

from typing import TYPE_CHECKING

from frontdesk import triggers
from frontdesk.business import Business
from frontdesk.database import Database
from frontdesk.instants import now_ms
from frontdesk_plugins.sms.words import say

if TYPE_CHECKING:
    from frontdesk.desk import Desk

REASON = "text messages are switched off"
TOLD = f"{REASON}, and the customer was told"
"""Reasons of the table `sms_inbound`."""
AGAIN_MS = 6 * 3_600_000


async def reason(database: Database, business: str, sender: str) -> str:
    """`TOLD` when this message is to be answered with `words`. The caller holds the sender's row."""
    told = await database.one(
        "SELECT 1 AS yes FROM sms_inbound WHERE business = {} AND sender = {} AND reason = {} "
        "AND received > {} LIMIT 1",
        business, sender, TOLD, now_ms() - AGAIN_MS,
    )  # fmt: skip
    return REASON if told else TOLD


def urgent(desk: "Desk", business: Business, text: str) -> str:
    """The words of a rule for danger to life; empty when the message meets none."""
    rule = triggers.find(text, business.language, "sms", desk.triggers(business))
    return triggers.reply(rule, business) if rule and rule.urgency == "urgent" else ""


def words(business: Business) -> str:
    text = say(business, "off", name=business.name)
    if business.phone:
        text += say(business, "off_call", phone=business.phone)
    if business.website:
        text += say(business, "off_site", website=business.website)
    return text
