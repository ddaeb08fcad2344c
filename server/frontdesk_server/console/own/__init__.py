"""The pages that the console brings itself."""

from typing import TYPE_CHECKING

from frontdesk.pages import Page

if TYPE_CHECKING:
    from frontdesk.desk import Desk

ACCOUNT = "account"
"""It is not in the menu: the name of whoever is signed in leads there."""


def pages(desk: "Desk") -> list[Page]:
    from frontdesk_server.console.own import (  # noqa: PLC0415  only a web server has pages
        account,
        audit_log,
        canned,
        letters,
        on_call,
        team,
    )

    return [
        make(desk)
        for make in (
            canned.page, on_call.page, letters.page, team.page, audit_log.page, account.page,
        )
    ]  # fmt: skip
