"""What models may cost a business in a month."""

from datetime import datetime

from frontdesk import businesses
from frontdesk.business import Business
from frontdesk.database import Database

KNOWN_SECONDS = 60
"""How long a sum counts until it is looked up again."""


class Budget:
    """Of one process; it remembers what it looked up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._spent: dict[str, tuple[float, int]] = {}

    async def is_spent(self, business: Business, now: datetime) -> bool:
        if not business.monthly_budget:
            return False
        checked, cost = self._spent.get(business.id, (0.0, 0))
        if now.timestamp() - checked > KNOWN_SECONDS:
            cost = await businesses.cost_of_month(self._database, business.id, now)
            self._spent[business.id] = (now.timestamp(), cost)
        return cost >= business.monthly_budget * 10_000
