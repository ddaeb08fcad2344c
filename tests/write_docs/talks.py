"""A scenario of a pack played again by the offline model, as `frontdesk chat` prints it."""

from datetime import timedelta
from pathlib import Path

from frontdesk.catalogue import read_business
from frontdesk.packs import Pack, read_scenarios
from frontdesk.scenarios import Scenario
from frontdesk.testing import open_desk
from frontdesk_server.commands.output import card

STAND_INS = ("7F3K-9QXM", "C4TR-2MHA", "P0WN-6B1D", "V8JE-5Y3S", "M2GK-Q7ZX", "R9HC-4T0F")
"""References are drawn at random; on the page the first is always the same."""


def main_scenario(pack: Pack) -> tuple[str, Scenario]:
    """(file, scenario) of what the pack is there for: one customer in the chat, from the first word to
    a row in the database, without a script. What is booked or ordered goes before what is passed on."""
    found = [
        (set(scenario.rows) <= {"record"}, name, scenario)
        for name, scenario in read_scenarios(pack)[0].items()
        if _is_whole(scenario)
    ]
    _, name, scenario = min(found, key=lambda one: one[:2])
    return name, scenario


def _is_whole(scenario: Scenario) -> bool:
    ends_done = bool(scenario.turn[-1].expect.done)
    is_plain = scenario.channel == "web" and not scenario.is_scripted and not scenario.business
    alone = len({turn.who for turn in scenario.turn}) == 1
    return is_plain and alone and ends_done and any(scenario.rows.values())


async def play(pack: Pack, scenario: Scenario, folder: Path) -> tuple[str, str]:
    """(the greeting, the conversation)."""
    async with open_desk(folder, settings={"model": {"use": ["offline"]}}) as desk:
        sections = desk.desk.plugins.business_settings
        business = read_business(pack.example, pack.shown, sections)
        await desk.add_business(business)
        now = scenario.now
        desk.set_time(now)
        talk = await desk.conversation(business.id)
        lines: list[str] = []
        references: dict[str, None] = {}
        proposal = ""
        for turn in scenario.turn:
            now += timedelta(hours=turn.later)
            desk.set_time(now)
            confirm = proposal if turn.press else None
            reply = await talk.say(turn.customer, confirm=confirm or None)
            drawn = [str(one.data["reference"]) for one in talk.actions if "reference" in one.data]
            references |= dict.fromkeys(drawn)
            pressed = "   (the button)" if confirm else ""
            proposed = [one for one in talk.actions if one.status == "needs_confirmation"]
            proposal = proposed[-1].call_id if proposed else ""
            lines += [f"> {turn.customer}{pressed}", *map(card, talk.actions)]
            lines += [reply.content if reply else "(a person has this conversation)", ""]
        wanted = set(scenario.turn[-1].expect.done or ())
        if not wanted <= {one.tool for one in talk.actions if one.status == "done"}:
            print(f"{pack.name}: its conversation fails, see `frontdesk packs test {pack.name}`")
        text = "\n".join(lines).rstrip()
        for reference, stand_in in zip(references, STAND_INS, strict=False):
            text = text.replace(reference, stand_in)
        return desk.desk.greeting(business), text
