"""Text messages on their way out: in order, once whoever dies, at a number's pace, and what is told of it."""

import asyncio
import json
import logging
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import structlog
from sms_office import CUSTOMER, HELLO, Office, local, office

from frontdesk_plugins.sms.pace import Pace

__all__ = ["local", "office"]  # fixtures

# ---- order, processes, deaths ----------------------------------------------------------------


async def test_words_of_one_conversation_keep_their_order(office: Office) -> None:
    conversation, other = await office.conversation(), await office.conversation("+12125550177")
    await office.say(conversation, "one")
    office.twilio.then("429", "drop")
    await office.deliver()
    await office.say(conversation, "two")
    await office.deliver(1)  # "two" is due before "one" is, so it tries "one" first, in vain
    assert office.twilio.taken == []
    await office.say(other, "another")
    await office.deliver()
    assert [message.to for message in office.twilio.taken] == ["+12125550177"]
    await office.say(conversation, "three")
    await office.deliver(1)
    words = [message.body for message in office.twilio.taken if message.to == CUSTOMER]
    assert words == [HELLO + "one", "two", "three"]
    await office.deliver(20)
    assert len(office.twilio.taken) == 4
    assert await office.left() == []


async def test_what_was_given_up_holds_nothing_up(office: Office) -> None:
    conversation = await office.conversation()
    await office.say(conversation, "one")
    await office.say(conversation, "two")
    office.twilio.then("21617")
    await office.deliver()
    assert [message.body for message in office.twilio.taken] == [HELLO + "two"]
    assert [state for state, _ in await office.left()] == ["dead"]


async def test_two_processes_send_each_message_once(office: Office) -> None:
    conversations = [await office.conversation(f"+1212555{n:04}") for n in range(6)]
    for n in range(24):
        await office.say(conversations[n % 6], f"message {n}")
    other = office.process()
    async with asyncio.timeout(60):
        await asyncio.gather(office.courier.run(), other.run())
        while await office.left():
            office.clock.now += 15_000
            await asyncio.gather(office.courier.run(), other.run())
    said = [message.body.removeprefix(HELLO) for message in office.twilio.taken]
    assert Counter(said) == Counter(f"message {n}" for n in range(24))
    for number in {message.to for message in office.twilio.taken}:
        theirs = [m.body.removeprefix(HELLO) for m in office.twilio.taken if m.to == number]
        assert theirs == sorted(theirs, key=lambda words: int(words.split()[1]))


PROCESS = """
import asyncio, json, sys
from frontdesk import config
from frontdesk.desk import Desk
from frontdesk.outbox import Courier
from frontdesk_plugins.sms import sending, settings
async def main():
    desk = Desk(config.settings_of(json.loads(sys.argv[1])))
    desk.load()
    await desk.start(recover=False)
    await Courier(desk.database, sending.deliveries(desk, settings.load(desk.settings))).run()
asyncio.run(main())
"""


@pytest.mark.parametrize(("mode", "asked"), [("slow", 1), ("stuck", 2)])
async def test_a_process_dies_between_the_request_and_its_record(
    office: Office, mode: str, asked: int
) -> None:
    """Twilio took it, or did not; the process that asked can tell nobody."""
    conversation = await office.conversation()
    await office.say(conversation, "Hello.")
    office.twilio.then(mode)
    content = {
        "database": {"url": office.desk.settings.database.url},
        "plugins": {"sms": office.twilio.settings()},
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, json.dumps(content), stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    await office.twilio.was_asked()
    process.kill()
    await process.wait()
    assert await office.states() == [("trying", "")]
    await office.say(conversation, "Next.")
    await office.deliver(30)
    assert len(office.twilio.asked) == 1, "while the other may live, it is left alone"
    await office.deliver(200)
    assert {message.body for message in office.twilio.taken} == {HELLO + "Hello.", "Next."}
    assert len(office.twilio.asked) == asked + 1
    assert await office.states() == [("queued", "")] * 2
    assert await office.left() == []


async def test_a_process_that_stops_waits_for_its_answer(local: Office) -> None:
    conversation = await local.conversation()
    await local.say(conversation, "Hello.")
    local.twilio.then("slow")
    task = asyncio.create_task(local.courier.run())
    await local.twilio.was_asked()
    task.cancel()
    await asyncio.sleep(0)
    local.twilio.release()
    with pytest.raises(asyncio.CancelledError):
        await task
    await local.deliver(300)
    assert (len(local.twilio.asked), len(local.twilio.taken)) == (1, 1)
    assert await local.states() == [("queued", "")]


# ---- pace ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "speed"),
    [("+12025550188", 1), ("+18885550188", 3), ("55123", 100), ("+447700900123", 10)],
)
async def test_a_number_sends_so_many_segments_a_second(sender: str, speed: int) -> None:
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    pace = Pace(clock=lambda: now, sleep=sleep)
    for _ in range(40):
        assert await pace.take(sender, speed) == 0
    assert now == pytest.approx(29), "what ten seconds hold leaves at once, the rest at its rate"
    assert await pace.take(sender, 20 * speed) == 0
    assert await pace.take(sender, 1) == pytest.approx(20)
    other = sender[:-1] + "0"
    before = now
    assert await pace.take(other, 1) == 0
    assert now == before


# ---- around it -------------------------------------------------------------------------------


async def test_logs_tell_no_numbers_and_no_words(local: Office) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    conversation = await local.conversation()
    await local.say(conversation, "Secret words.")
    local.twilio.then("drop")
    with structlog.testing.capture_logs() as logs:
        await local.deliver()
        await local.deliver(15)
    assert len(logs) >= 4
    assert "Secret" not in str(logs)
    assert "2125550123" not in str(logs)


async def test_what_became_of_attempts_is_counted(local: Office) -> None:
    conversation = await local.conversation()
    local.twilio.then("429", "drop_taken")
    await local.say(conversation, "Hello.")
    for seconds in (0, 15, 75):
        await local.deliver(seconds)
    registry = local.desk.metrics.registry
    counts = {
        result: registry.get_sample_value("frontdesk_sms_sends_total", {"result": result})
        for result in ("taken", "found", "retry", "unknown", "permanent")
    }
    assert counts == {"taken": None, "found": 1, "retry": 1, "unknown": 1, "permanent": None}
    assert registry.get_sample_value("frontdesk_sms_segments_total") == 1


def test_a_start_imports_no_part_of_the_sdk(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from frontdesk import config\n"
        "from frontdesk.desk import Desk\n"
        "from frontdesk_plugins.sms import sending, settings\n"
        "from frontdesk_server.app import create_app\n"
        "sms = {'account_sid': 'AC' + '0' * 32, 'auth_token': 'x'}\n"
        "desk = Desk(config.settings_of({'plugins': {'sms': sms}})); desk.load()\n"
        "create_app(desk, with_demo=True)\n"
        "async def go():\n"
        "    await desk.start()\n"
        "    assert sending.deliveries(desk, settings.load(desk.settings))\n"
        "    await desk.stop()\n"
        "asyncio.run(go())\n"
        "print({'twilio', 'requests'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "set()"
