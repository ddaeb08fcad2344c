"""Plugins: a broken one is named and set aside, and the rest starts and goes on."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from frontdesk import Action, ConfigError, Settings, config, context, hookimpl
from frontdesk.migrate import Tables
from frontdesk.model import Situation, ToolResult
from frontdesk.plugins import Plugin, Plugins
from frontdesk.testing import Call, ScriptedModel, open_desk, read_toml

SHOP = read_toml('id = "shop"\nname = "Shop"\ntools = ["echo", "get_hours"]')


class Params(msgspec.Struct):
    text: str = ""


async def echo(call: Any, params: Params) -> dict[str, Any]:
    return {"text": params.text}


ECHO = Action(name="echo", description="Echo.", params=Params, run=echo, changes=False)


def plugin(**hooks: Callable[..., Any]) -> SimpleNamespace:
    """A plugin of these hooks."""
    return SimpleNamespace(**{name: hookimpl(function) for name, function in hooks.items()})


def _same(module: Any) -> Any:
    return module


def loaded(*modules: Any, **settings: Any) -> Plugins:
    """Plugins p0, p1 ... and nothing that is installed."""
    plugins = Plugins(Settings(plugins=config.Plugins(**settings)))
    for n, module in enumerate(modules):
        plugins.add(Plugin(name=f"p{n}", distribution=f"d{n}"), partial(_same, module))
    plugins.collect()
    return plugins


def reasons(plugins: Plugins) -> dict[str, str]:
    return {name: p.reason for name, p in plugins.found.items() if p.status == "quarantined"}


GOOD = plugin(register_actions=lambda: [ECHO])


def test_a_good_plugin() -> None:
    plugins = loaded(GOOD)
    found = plugins.found["p0"]
    assert (found.status, found.hooks, found.actions) == (
        "enabled",
        ("register_actions",),
        ("echo",),
    )
    assert plugins.actions == {"echo": ECHO}


async def _coroutine() -> list[Action]:
    return [ECHO]


def _raises(error: BaseException) -> Any:
    raise error


def renamed(name: str, **more: Any) -> Action:
    return msgspec.structs.replace(ECHO, name=name, **more)


NO_SCHEMA: dict[str, Any] = {"type": "nothing"}
BROKEN: dict[str, tuple[Any, str]] = {
    "misspelt": (plugin(register_action=lambda: [ECHO]),
                 "unknown hook 'register_action': did you mean register_actions?"),
    "unknown parameter": (plugin(register_actions=lambda setings: [ECHO]),
                          "has no parameter 'setings'; it may take: settings; did you mean `settings`?"),
    "async": (plugin(register_actions=_coroutine), "the hook register_actions is async"),
    "raises": (plugin(register_actions=lambda: _raises(RuntimeError("no"))), "RuntimeError: no"),
    "returns nothing": (plugin(register_actions=lambda: None),
                        "register_actions must return a list of Action, not None"),
    "no action": (plugin(register_actions=lambda: ["echo"]),
                  "register_actions must return Action, not str"),
    "one action": (plugin(register_actions=lambda: ECHO),
                   "register_actions must return a list of Action, not Action"),
    "bad name": (plugin(register_actions=lambda: [renamed("Echo!")]),
                 "the action name 'Echo!' must be lower case letters, digits and _"),
    "twice": (plugin(register_actions=lambda: [ECHO, ECHO]), "the action 'echo' is there twice"),
    "bad schema": (plugin(register_actions=lambda: [renamed("x", params=NO_SCHEMA)]), "nothing"),
    "no model": (plugin(register_models=lambda: [object()]),
                 "register_models returned object, which is no model"),
    "two models": (plugin(register_models=lambda: [ScriptedModel(), ScriptedModel()]),
                   "the model 'scripted' is there twice"),
    "no channel": (plugin(register_channels=lambda: ["web"]),
                   "register_channels returned str, which is no channel"),
    "tables": (plugin(register_tables=lambda: [ECHO]), "register_tables must return Tables, not list"),
    "no migrations": (plugin(register_tables=lambda: Tables(app="x", tables=(), migrations="no.such")),
                      "ModuleNotFoundError: No module named 'no'"),
    "core's tables": (plugin(register_tables=lambda: Tables(
        app="frontdesk", tables=(), migrations="frontdesk.migrations")), "'frontdesk' is taken"),
    "sections": (plugin(register_business_settings=lambda: [1]),
                 "register_business_settings must return a mapping, not list"),
    "no section": (plugin(register_business_settings=lambda: {"x": dict}),
                   "'x' must be a msgspec.Struct type"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_is_named_and_the_others_stay(name: str) -> None:
    module, reason = BROKEN[name]
    other = plugin(register_actions=lambda: [renamed("other")])
    plugins = loaded(GOOD, module, other) if name != "twice" else loaded(other, module, GOOD)
    assert list(reasons(plugins)) == ["p1"]
    assert reason in reasons(plugins)["p1"]
    assert set(plugins.actions) == set(plugins.action_owner) == {"echo", "other"}
    assert plugins.enabled() == ["p0", "p2"]
    assert not plugins.models
    assert not plugins.channels
    assert not plugins.business_settings
    assert not plugins.tables


def test_a_plugin_that_cannot_be_imported() -> None:
    plugins = Plugins(Settings())
    plugins.add(Plugin(name="x"), lambda: _raises(ModuleNotFoundError("No module named 'y'")))
    plugins.add(Plugin(name="z"), lambda: GOOD)
    plugins.collect()
    assert reasons(plugins) == {"x": "ModuleNotFoundError: No module named 'y'"}
    assert plugins.enabled() == ["z"]


def test_the_first_keeps_a_name() -> None:
    channel = SimpleNamespace(name="pigeon", markdown=False, cards=False, outbox="")
    taken = plugin(
        register_actions=lambda: [renamed("mine")],
        register_channels=lambda: [channel],
        register_business_settings=lambda: {"mine": Params},
    )
    action = plugin(register_actions=lambda: [renamed("other"), renamed("mine")])
    other = SimpleNamespace(name="owl", markdown=False, cards=False, outbox="")
    channels = plugin(register_channels=lambda: [other, channel])
    sections = plugin(register_business_settings=lambda: {"yours": Params, "mine": Params})
    plugins = loaded(taken, action, channels, sections)
    assert list(reasons(plugins)) == ["p1", "p2", "p3"]
    assert all("'mine'" in r or "'pigeon'" in r for r in reasons(plugins).values())
    assert set(plugins.actions) == {"mine"}
    assert plugins.channels == {"pigeon": channel}
    assert plugins.business_settings == {"mine": Params}
    plugins.add(Plugin(name="p0", distribution="copy"), lambda: GOOD)
    assert plugins.found["p0 (copy)"].reason == "the name 'p0' is taken by d0"


def test_all_that_a_broken_plugin_brought_goes() -> None:
    late = plugin(
        register_tables=lambda: Tables(app="x", tables=(), migrations="frontdesk.migrations"),
        register_business_settings=lambda: {"x": Params},
        register_actions=lambda: [ECHO],
        register_models=lambda: [ScriptedModel()],
        register_channels=lambda: _raises(OSError("late")),
    )
    plugins = loaded(late)
    assert reasons(plugins) == {"p0": "OSError: late"}
    assert not plugins.tables
    assert not plugins.business_settings
    assert not plugins.actions
    assert not plugins.models


def test_disabled_plugins_are_not_even_loaded() -> None:
    plugins = Plugins(Settings(plugins=config.Plugins(disabled=("x",))))
    plugins.add(Plugin(name="x"), lambda: _raises(AssertionError("loaded")))
    plugins.collect()
    assert plugins.found["x"].status == "disabled"
    assert plugins.enabled() == []


@pytest.mark.parametrize(
    ("module", "settings", "reason"),
    [
        (GOOD, {"required": ("p1",)}, "'p1' cannot be used: it is not installed"),
        (GOOD, {"required": ("p0",), "disabled": ("p0",)}, "'p0' cannot be used: disabled"),
        (BROKEN["raises"][0], {"required": ("p0",)}, "'p0' cannot be used: RuntimeError: no"),
        (BROKEN["misspelt"][0], {"required": ("p0",)}, "'p0' cannot be used: "),
    ],
)
def test_a_required_plugin_that_cannot_be_used_stops_the_start(
    module: Any, settings: Any, reason: str
) -> None:
    with pytest.raises(ConfigError, match=f"the required plugin {reason}"):
        loaded(module, **settings)


def test_a_wrong_configuration_is_the_operators_not_the_plugins() -> None:
    with pytest.raises(ConfigError, match="turn it"):
        loaded(plugin(register_models=lambda: _raises(ConfigError("turn it"))))


async def test_startup(tmp_path: Path) -> None:
    started: list[Any] = []
    good = plugin(startup=lambda desk: started.append(desk.packs.keys()))
    broken = plugin(startup=lambda: _raises(OSError("no")), register_actions=lambda: [ECHO])
    async with open_desk(tmp_path, plugins=[broken, good], broken=True) as desk:
        assert len(started) == 1
        assert desk.desk.plugins.found["test-0"].reason == "OSError: no"
        assert "echo" not in desk.desk.plugins.actions
    required = {"plugins": {"required": ["test-0"]}}
    with pytest.raises(ConfigError, match="required plugin 'test-0' cannot be used: OSError: no"):
        async with open_desk(tmp_path, plugins=[broken], settings=required):
            pass


# ---- in a turn -------------------------------------------------------------------------------


async def turn(folder: Path, *plugins: Any, call: str = "echo", **settings: Any) -> Any:
    """(the reply's words, the situation, the result that the model read) of one turn."""
    model = ScriptedModel(Call(call), "Fine.")
    async with open_desk(folder, models=[model], plugins=[GOOD, *plugins], **settings) as desk:
        await desk.add_business(SHOP)
        reply = await (await desk.conversation("shop")).say("x")
        assert reply is not None
    situation = model.requests[0].messages[0].blocks[0]
    (result,) = model.requests[1].messages[-1].blocks
    assert isinstance(situation, Situation)
    assert isinstance(result, ToolResult)
    return reply.content, situation.text, result.text


async def test_facts_for_the_situation(tmp_path: Path) -> None:
    async def later() -> str:
        return "later"

    facts = plugin(
        extend_context=lambda now: {
            "Now": f"{now:%H}",
            "Later": later(),
            "Empty": "",
            "B": "{{ 1 }}",
        }
    )
    words, situation, _ = await turn(tmp_path, facts, plugin(extend_context=lambda: None))
    assert words == "Fine."
    assert "Now: 12\nLater: later\nB: {{ 1 }}" in situation
    assert "Empty" not in situation


async def test_facts_that_fail_or_hang_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "FACT_SECONDS", 0.01)

    async def hangs() -> str:
        await asyncio.Event().wait()
        return "never"

    async def fails() -> str:
        raise ValueError("secret detail")

    words, situation, _ = await turn(
        tmp_path,
        plugin(extend_context=lambda: {"Hangs": hangs()}),
        plugin(extend_context=lambda: {"Fails": fails()}),
        plugin(extend_context=lambda: _raises(KeyError("secret detail"))),
        plugin(extend_context=lambda: ["no mapping"]),
        plugin(extend_context=lambda: {"Good": "fact"}),
    )
    assert words == "Fine."
    assert "Good: fact" in situation
    assert all(word not in situation for word in ("Hangs", "Fails", "secret", "no mapping"))


async def test_events_are_told_in_order_and_a_listener_that_fails_breaks_nothing(
    tmp_path: Path,
) -> None:
    heard: list[int] = []
    words, _, _ = await turn(
        tmp_path,
        plugin(on_event=lambda: _raises(RuntimeError("no"))),
        plugin(on_event=lambda event: heard.append(event.seq)),
    )
    assert words == "Fine."
    assert heard == list(range(1, len(heard) + 1))
    assert len(heard) >= 4


async def test_a_call_is_refused_by_one_reason_or_one_failure(tmp_path: Path) -> None:
    asked: list[str] = []

    def no(call: Any, arguments: Any) -> str:
        asked.append(call.tool)
        return "not on Sundays"

    hooks: list[tuple[Any, str]] = [
        (no, "not on Sundays"),
        (lambda: _raises(OSError("secret")), "not possible at the moment"),
    ]
    for n, (hook, reason) in enumerate(hooks):
        (tmp_path / str(n)).mkdir()
        words, _, result = await turn(
            tmp_path / str(n), plugin(before_action=lambda: None), plugin(before_action=hook)
        )
        assert words == "Fine."
        assert reason in result
        assert "secret" not in result
    assert asked == ["echo"]


async def test_a_business_may_switch_a_plugin_off(tmp_path: Path) -> None:
    model = ScriptedModel("One.", "Two.")
    off = msgspec.convert({"disabled": ["test-0"]}, type(SHOP.plugins))
    async with open_desk(tmp_path, models=[model], plugins=[GOOD]) as desk:
        await desk.add_business(SHOP)
        await desk.add_business(msgspec.structs.replace(SHOP, id="off", plugins=off))
        for name in ("shop", "off"):
            await (await desk.conversation(name)).say("x")
    tools = [[tool.name for tool in request.tools] for request in model.requests]
    assert tools == [["echo", "get_hours"], ["get_hours"]]
