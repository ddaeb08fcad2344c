"""What is wrong with a pack's scenarios beside the pack: names that nothing has."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from frontdesk import configtree
from frontdesk.business import Business
from frontdesk.catalogue import business_of, triggers_of
from frontdesk.errors import ConfigError
from frontdesk.expected import hint
from frontdesk.locate import toml_line
from frontdesk.packs import Pack
from frontdesk.plugins import Plugins
from frontdesk.scenarios import Scenario, Turn

if TYPE_CHECKING:
    from piccolo.table import Table


def business_for(pack: Pack, scenario: Scenario, plugins: Plugins) -> Business:
    """The pack's example with the scenario's own [business] over it. Raises ConfigError."""
    business, problems = _business(pack, scenario, plugins)
    if problems or business is None:
        raise ConfigError("\n".join(f"{key}: {said}" for key, said in problems))
    return business


def _business(
    pack: Pack, scenario: Scenario, plugins: Plugins
) -> tuple[Business | None, list[tuple[str, str]]]:
    tree = configtree.merge(tomllib.loads(pack.example), scenario.business)
    return business_of(tree | {"id": pack.name}, plugins.business_settings)


def business_problems(pack: Pack, scenarios: Mapping[str, Scenario], plugins: Plugins) -> list[str]:
    """What is wrong with the scenarios' own [business], each with file and line. The example must be
    right."""
    return [
        _told(pack, name, f"business.{key}", f"business.{key}: {said}")
        for name, scenario in scenarios.items()
        if scenario.business
        for key, said in _business(pack, scenario, plugins)[1]
    ]


def scenario_problems(pack: Pack, scenarios: Mapping[str, Scenario], plugins: Plugins) -> list[str]:
    """Everything, each with file and line."""
    found = business_problems(pack, scenarios, plugins) if _is_right(pack, plugins) else []
    tables = _tables(plugins)
    rules = [trigger.name for trigger in triggers_of(pack)]
    first: dict[str, str] = {}
    for name, scenario in scenarios.items():
        other = first.setdefault(scenario.name, name)
        if other != name:
            said = (
                f"name: scenarios/{other}.toml has the same name: reports could not tell them apart"
            )
            found.append(_told(pack, name, "name", said))
        for table in scenario.rows:
            if table not in tables:
                better = hint(table, tables) or f"; known: {', '.join(sorted(tables))}"
                said = f"rows: there is no table {table!r}{better}"
                found.append(_told(pack, name, f"rows.{table}", said))
        channels = ("web", "sms", *plugins.channels)
        if scenario.channel not in channels and (meant := hint(scenario.channel, channels)):
            # One that is like none may come with a plugin that is not here.
            said = f"channel: there is no {scenario.channel!r}{meant}"
            found.append(_told(pack, name, "channel", said))
        tools = _tools(pack, scenario)
        for n, turn in enumerate(scenario.turn):
            found += [
                _told(pack, name, f"turn.{n}.expect.{key}", f"turn.{n}.expect.{key}: {said}")
                for key, said in _unknown(turn, tools, rules)
            ]
    return found


def _unknown(turn: Turn, tools: set[str], rules: list[str]) -> Iterator[tuple[str, str]]:
    """Tools and rules that a turn expects and nobody has. What is refused may be a tool that a model
    made up."""
    expect = turn.expect
    named: list[tuple[str, str]] = [(f"data.{tool}", tool) for tool in expect.data]
    for field in ("done", "proposed", "failed", "never"):
        values: tuple[str, ...] = getattr(expect, field) or ()
        named += [(f"{field}.{n}", tool) for n, tool in enumerate(values)]
    for key, tool in named:
        if tool not in tools:
            yield key, f"there is no tool {tool!r}{hint(tool, tools)}"
    if expect.trigger and expect.trigger not in rules:
        yield "trigger", f"there is no rule {expect.trigger!r}{hint(expect.trigger, rules)}"


def _tools(pack: Pack, scenario: Scenario) -> set[str]:
    """Those of the pack, of its example business and of the scenario's own."""
    try:
        tree = configtree.merge(tomllib.loads(pack.example), scenario.business)
    except tomllib.TOMLDecodeError:
        tree = scenario.business
    own = tree.get("custom_tools", ())
    files = [file for file in pack.texts if file.startswith("tools/")]  # those that are broken too
    return {
        *(file.removeprefix("tools/").removesuffix(".json") for file in files),
        *tree.get("tools", ()),
        *(tool["name"] for tool in own if "name" in tool),
    }


def _tables(plugins: Plugins) -> set[str]:
    from frontdesk.tables import TABLES  # noqa: PLC0415  it takes long and only checks need it

    every: list[type[Table]] = [
        *TABLES,
        *(table for app in plugins.tables.values() for table in app.tables),
    ]
    return {table._meta.tablename for table in every}  # pyright: ignore[reportPrivateUsage]


def _is_right(pack: Pack, plugins: Plugins) -> bool:
    """Whether the example business is, without anything over it."""
    try:
        return not business_of(tomllib.loads(pack.example), plugins.business_settings)[1]
    except tomllib.TOMLDecodeError:
        return False


def _told(pack: Pack, name: str, key: str, said: str) -> str:
    file = f"scenarios/{name}.toml"
    text = (pack.folder / file).read_text(encoding="utf-8") if pack.folder else ""
    return f"{pack.shown}/{file}:{toml_line(text, key)}: {said}"
