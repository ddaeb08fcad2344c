"""What packs forbid is tried by their own scenarios: no rule stands there untested."""

import tomllib

import pytest

from frontdesk import packs, taboos
from frontdesk.packs import Pack
from frontdesk.scenarios import Scenario

INSTALLED = {pack.name: pack for pack in packs.read_installed()}
SCENARIOS = {name: packs.read_scenarios(pack)[0] for name, pack in INSTALLED.items()}


def _language(pack: Pack, scenario: Scenario) -> str:
    locale = tomllib.loads(pack.example).get("locale", "en-US")
    return str(scenario.business.get("locale", locale))[:2]


@pytest.mark.parametrize("name", INSTALLED)
def test_every_forbidden_sentence_is_tried_by_a_scripted_model(name: str) -> None:
    pack, manifest = INSTALLED[name], INSTALLED[name].manifest
    assert manifest is not None
    said = [
        (step.say, _language(pack, scenario))
        for scenario in SCENARIOS[name].values()
        for turn in scenario.turn
        for step in turn.model
        if step.say
    ]
    tried = {
        broken.taboo.name
        for text, language in said
        for broken in taboos.find(text, language, manifest.never_say)
    }
    assert manifest.never_say
    assert {taboo.name for taboo in manifest.never_say} - tried == set()


@pytest.mark.parametrize("name", INSTALLED)
def test_every_rule_for_customers_is_set_off_by_one(name: str) -> None:
    manifest = INSTALLED[name].manifest
    assert manifest is not None
    set_off = {
        turn.expect.trigger for scenario in SCENARIOS[name].values() for turn in scenario.turn
    }
    assert {trigger.name for trigger in manifest.triggers} - set_off == set()


@pytest.mark.parametrize("name", INSTALLED)
def test_there_are_scenarios_enough(name: str) -> None:
    """At least twenty, one of them by the offline model from the greeting to a committed row, and
    several by a scripted model that does what it must not."""
    scenarios = SCENARIOS[name].values()
    assert len(scenarios) >= 20
    offline = [one for one in scenarios if not one.is_scripted]
    assert any(one.rows and max(one.rows.values()) and len(one.turn) > 2 for one in offline)
    assert sum(one.is_scripted and not one.live for one in scenarios) >= 5
