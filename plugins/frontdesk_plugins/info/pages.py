"""The pages of the console about what a business tells its customers."""

from typing import TYPE_CHECKING

from frontdesk.pages import Page
from frontdesk_plugins.info import faq, week

if TYPE_CHECKING:
    from frontdesk.desk import Desk


def pages(desk: "Desk") -> list[Page]:
    return [faq.page(desk), week.page(desk)]
