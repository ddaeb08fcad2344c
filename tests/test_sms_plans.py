"""What a text message asks of SQLite is looked up in an index, however many there are."""

import re
from pathlib import Path
from typing import Any

import pytest
from sms_office import CUSTOMER, Office, open_office

from frontdesk.testing.fake_twilio import OURS
from frontdesk_plugins.sms import inbound, messages, statuses
from frontdesk_plugins.sms.inbound import Switchboard, Text

GROWING = re.compile(r"SCAN (contact|k|sms_message|m|sms_inbound|sms_sender|text_consent)\b")
"""Steps of a plan that read a whole table, or a whole index, which grows with every customer."""


async def test_no_table_that_grows_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(tmp_path) as office:
        engine = office.database.engine
        fetch, asked = engine.fetch, dict[str, Any]()

        async def listening(sql: str, args: Any = ()) -> Any:
            asked[sql] = args
            return await fetch(sql, args)

        with monkeypatch.context() as patched:
            patched.setattr(engine, "fetch", listening)
            await live(office)
        assert len(asked) > 40
        plans = {sql: await fetch(f"EXPLAIN QUERY PLAN {sql}", args) for sql, args in asked.items()}
    found = [
        sql for sql, plan in plans.items() if any(GROWING.match(row["detail"]) for row in plan)
    ]
    assert found == []


async def live(office: Office) -> None:
    """Texts go and come, and what becomes of them is told."""
    conversation = await office.conversation()
    await office.say(conversation, "Hello.")
    await office.deliver()
    (message,) = office.twilio.taken
    for sid in (message.sid, "SM" + "0" * 32):
        await statuses.report(office.desk, {"MessageSid": sid, "MessageStatus": "delivered"})
    await statuses.forget_orphans(office.database)
    await messages.known(office.database, [message.sid])
    board = Switchboard(office.desk, office.section)
    for n, body in enumerate(("Hi", "STOP")):
        text = Text(sid=f"SM{n:032}", sender=CUSTOMER, recipient=OURS, body=body)
        await inbound.take(board, text)
    await office.say(conversation, "Nobody may read this.")
    await office.deliver()
