"""Scenarios: what passes, what fails and how it is said, and files that are wrong."""

import shutil
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from click.testing import CliRunner

from frontdesk import packs, scenarios
from frontdesk.packs import Pack
from frontdesk.testing.scenarios import Run, run
from frontdesk_server.cli import root

HEAD = 'name = "x"\nnow = 2026-11-23T12:00:00-05:00\n'
BOOKS = """
[[turn]]
customer = "A table for two tomorrow at seven, Ann Lee, 212 555 0100"
model = [
  { call = "create_booking", arguments = { party_size = 2, date = "2026-11-24", time = "19:00", name = "Ann Lee", phone = "212 555 0100" } },
  { say = "Shall I book it?" },
]
"""  # noqa: E501
PRESSES = '[[turn]]\ncustomer = "Yes"\npress = true\nmodel = [ { say = "Here you are." } ]\n'


@pytest.fixture(scope="module")
def restaurant() -> Pack:
    return next(pack for pack in packs.read_installed() if pack.name == "restaurant")


async def played(pack: Pack, text: str) -> Run:
    scenario, problems = scenarios.read(HEAD + text, "x.toml")
    assert scenario is not None, problems
    return await run(pack, scenario)


async def test_what_happens_as_expected_passes(restaurant: Pack) -> None:
    expect = 'expect.proposed = ["create_booking"]\nexpect.done = []\n'
    done = (
        'expect.done = ["create_booking"]\nexpect.data = { create_booking = { party_size = 2 } }\n'
    )
    result = await played(restaurant, "rows = { booking = 1 }\n" + BOOKS + expect + PRESSES + done)
    assert result.failures == []
    assert result.trace[0].startswith("customer: A table for two")


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ('done = ["create_booking"]', "done: expected create_booking, got nothing"),
        ("proposed = []", "proposed: expected nothing, got create_booking"),
        ('never = ["create_booking"]', "never: create_booking must not be"),
        ('says = ["goodbye"]', "says: 'goodbye' is not in the reply"),
        ('says_not = ["SHALL I"]', "says_not: 'SHALL I' is in the reply"),
        ('outcome = "refusal"', "outcome: expected refusal, got answered"),
        ('status = "queued"', "status: expected queued, got bot"),
        ('trigger = "emergency"', "trigger: expected emergency, got none"),
        (
            "data = { create_booking = { party_size = 3 } }",
            "data: create_booking.party_size: expected 3, got 2",
        ),
        ("data = { get_menu = {} }", "data: get_menu was not called"),
    ],
)
async def test_what_goes_another_way_is_named(restaurant: Pack, expect: str, said: str) -> None:
    result = await played(restaurant, f"{BOOKS}expect.{expect}\n")
    assert len(result.failures) == 1
    assert result.failures[0].startswith(f"turn 1: {said}")


async def test_a_script_that_is_not_asked_for_and_rows(restaurant: Pack) -> None:
    more = BOOKS.replace('{ say = "Shall I book it?" }', '{ say = "Shall I?" }, { say = "Hm." }')
    result = await played(restaurant, "rows = { booking = 1, sofa = 1 }\n" + more)
    first, second, third = result.failures
    assert "1 steps of the model were not asked for" in first
    assert second == "rows: expected 1 in booking, got 0"
    assert third.startswith("rows: there is no table 'sofa'; known: ")


async def test_customers_are_apart(restaurant: Pack) -> None:
    text = BOOKS + '[[turn]]\nwho = "eve"\ncustomer = "Yes"\npress = true\n'
    result = await played(restaurant, text + 'model = [ { say = "Hello." } ]\n')
    assert result.failures == ["turn 2: nothing is proposed, so there is no button to press"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + "turn = []\n", 3, "turn"),
        (HEAD + '[[turn]]\ncustomer = "a"\nexpects = {}\n', 5, "expects"),
        (HEAD + '[[turn]]\ncustomer = "a"\nmodel = [ { arguments = { a = 1 } } ]\n', 5, "model"),
        ('name = "x"\nnow = 2026-11-23T12:00:00\n[[turn]]\ncustomer = "a"\n', 2, "offset"),
        (HEAD + "[[turn]\n", 3, "TOML"),
    ],
)
def test_wrong_files_are_named_with_their_lines(text: str, line: int, said: str) -> None:
    _, problems = scenarios.read(text, "salon/scenarios/a.toml")
    assert problems
    assert problems[0].startswith(f"salon/scenarios/a.toml:{line}: ")
    assert said in problems[0]


def copy_of_restaurant(tmp_path: Path) -> Path:
    """Without its scenarios."""
    folder = tmp_path / "restaurant"
    shutil.copytree(Path(__file__).parents[1] / "packs/frontdesk_packs/restaurant", folder)
    shutil.rmtree(folder / "scenarios")
    return folder


def test_the_command(tmp_path: Path) -> None:
    folder = copy_of_restaurant(tmp_path)
    (folder / "scenarios").mkdir()
    (folder / "scenarios/good.toml").write_text(HEAD.replace('"x"', '"good"') + BOOKS)
    (folder / "scenarios/bad.toml").write_text(
        HEAD.replace('"x"', '"bad"') + BOOKS + 'expect.done = ["create_booking"]\n'
    )
    junit = tmp_path / "junit.xml"
    result = CliRunner().invoke(root, ["packs", "test", str(folder), "--junit", str(junit)])
    assert result.exit_code == 1
    assert "ok   restaurant: good" in result.output
    assert "FAIL restaurant: bad" in result.output
    assert "restaurant: 1 passed, 1 failed" in result.output
    suite = ElementTree.parse(junit).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    only = CliRunner().invoke(
        root, ["packs", "test", str(folder), "-k", "good", "--times", "2", "--format", "json"]
    )
    assert only.exit_code == 0, only.output
    assert [each["passed"] for each in msgspec.json.decode(only.stdout)] == [True, True]


NEVER = """
[[never_say]]
name = "verdict"
patterns = { en = ["you(?: have|'ve got) a (?:strong |good )?case"] }
unless = { en = ["\\\\b(?:cannot|cant|not able to) (?:say|tell)"] }
note = "Nobody here judges cases in a chat."
instead = { en = "That is for an attorney to say." }
"""
ASKS = (
    '[[turn]]\ncustomer = "Do I have a case?"\nmodel = [ { say = "You\'ve got a strong case." }, '
)


@pytest.mark.parametrize(
    ("again", "outcome", "says"),
    [
        ("I should not have said that.", "answered", "should not"),
        ("As I said: you have a case!", "corrected", "That is for an attorney to say."),
    ],
)
async def test_what_must_not_be_said_is_taken_back(
    tmp_path: Path, again: str, outcome: str, says: str
) -> None:
    folder = copy_of_restaurant(tmp_path)
    with (folder / "pack.toml").open("a") as file:
        file.write(NEVER)
    pack = packs.read_folder(str(folder))
    assert pack.problems == ()
    text = (
        f'{ASKS} {{ say = "{again}" }} ]\nexpect.outcome = "{outcome}"\nexpect.says = ["{says}"]\n'
    )
    scenario, problems = scenarios.read(HEAD + text, "x.toml")
    assert scenario is not None, problems
    assert (await run(pack, scenario, packs=[str(folder)])).failures == []


async def test_what_only_looks_like_it_is_let_through(tmp_path: Path) -> None:
    folder = copy_of_restaurant(tmp_path)
    with (folder / "pack.toml").open("a") as file:
        file.write(NEVER)
    text = (
        '[[turn]]\ncustomer = "Do I?"\nmodel = [ { say = "I cannot tell whether you have a case." } ]\n'
        'expect.outcome = "answered"\n'
    )
    scenario, _ = scenarios.read(HEAD + text, "x.toml")
    assert scenario is not None
    pack = packs.read_folder(str(folder))
    assert (await run(pack, scenario, packs=[str(folder)])).failures == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        ("business.example.toml", 'currency = "USD"', 'currency = "usd"', 'currency = "usd"', "currency"),
        ("business.example.toml", "", "", "", "it is missing"),
        ("tools/get_hours.json", '"action": "get_hours"', '"action": "get_ours"', "get_ours", "install"),
        ("scenarios/good.toml", "[[turn]]", "[[turns]]", "[[turns]]", "did you mean `turn`"),
        ("scenarios/good.toml", "[[turn]]", "[business]\nstep = 1\n[[turn]]", "step = 1", "business.step"),
    ],
)  # fmt: skip
def test_nothing_is_run_where_nothing_could_pass(
    tmp_path: Path, file: str, old: str, new: str, line: str, said: str
) -> None:
    folder = copy_of_restaurant(tmp_path)
    (folder / "scenarios").mkdir()
    (folder / "scenarios/good.toml").write_text(HEAD + BOOKS)
    broken = folder / file
    text = broken.read_text(encoding="utf-8")
    if old:
        assert old in text
        broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    else:
        broken.unlink()
    result = CliRunner().invoke(root, ["packs", "test", str(folder)])
    assert (result.exit_code, result.stdout) == (1, "")
    first, *_, last = result.stderr.splitlines()
    lines = text.replace(old, new, 1).splitlines() if old else []
    number = next((n for n, one in enumerate(lines, 1) if line in one), 1)
    assert first.startswith(f"{broken}:{number}: ")
    assert said in first
    assert last.endswith(f"run `frontdesk packs check {folder}` first.")


def test_a_scenario_may_expect_the_tools_of_its_own_business(tmp_path: Path) -> None:
    folder = copy_of_restaurant(tmp_path)
    (folder / "tools/get_hours.json").unlink()
    (folder / "scenarios").mkdir()
    file = folder / "scenarios/a.toml"
    expects = (
        '[[turn]]\ncustomer = "Open?"\nexpect.done = ["get_hours"]\nexpect.refused = ["made_up"]\n'
    )
    checked = ["packs", "check", str(folder)]
    file.write_text(HEAD + expects)
    manifest = folder / "pack.toml"
    manifest.write_text(manifest.read_text().replace(', "get_hours"]', "]"))
    told = CliRunner().invoke(root, checked).output
    assert told.startswith(f"{file}:5: turn.0.expect.done.0: there is no tool 'get_hours'"), told
    file.write_text(HEAD + 'business.tools = ["get_hours"]\n' + expects)
    result = CliRunner().invoke(root, checked)
    assert result.output == "restaurant: ok, 25 tools, 1 scenario\n"
    found = msgspec.json.decode(CliRunner().invoke(root, [*checked, "--format", "json"]).output)
    assert [(one["tools"], one["scenarios"], one["problems"]) for one in found] == [(25, 1, [])]
