"""What a pack's author should be told although a server could use the pack: it would not do what was
meant. A server does not ask for this when it starts."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from frontdesk.actions import Action
from frontdesk.business import unfilled
from frontdesk.catalogue import check_pack
from frontdesk.expected import hint
from frontdesk.locate import json_line, toml_line
from frontdesk.pack_layout import misplaced
from frontdesk.packs import Pack, PackFile, read_scenarios
from frontdesk.plugins import Plugins
from frontdesk.scenario_checks import business_problems, scenario_problems
from frontdesk.tools import Tool


def check_all_of(pack: Pack, plugins: Plugins) -> list[str]:
    """Everything that is wrong with a pack and its scenarios, each with file and line."""
    scenarios, wrong = read_scenarios(pack)
    problems = [*check_pack(pack, plugins), *wrong]
    problems += [
        f"{pack.shown}/{at}:1: {said}" for at, said in misplaced(pack, [*plugins.channels])
    ]
    if pack.manifest is not None:
        text = pack.texts["pack.toml"]
        problems += [
            f"{pack.shown}/pack.toml:{toml_line(text, key)}: {said}"
            for key, said in _manifest_problems(pack, pack.manifest, plugins)
        ]
    for name, tool in pack.tools.items():
        file = f"tools/{name}.json"
        text = pack.texts[file]
        problems += [
            f"{pack.shown}/{file}:{json_line(text, pointer)}: {said}"
            for pointer, said in _tool_problems(tool, text, pack, plugins)
        ]
    problems += scenario_problems(pack, scenarios, plugins)
    return list(dict.fromkeys(problems))


def unusable(pack: Pack, plugins: Plugins) -> list[str]:
    """Why its scenarios cannot be run, each with file and line: other things than what they expect."""
    scenarios, wrong = read_scenarios(pack)
    problems = list(dict.fromkeys([*check_pack(pack, plugins), *wrong]))
    return problems or business_problems(pack, scenarios, plugins)


def _manifest_problems(
    pack: Pack, manifest: PackFile, plugins: Plugins
) -> Iterator[tuple[str, str]]:
    used = {tool.action for tool in pack.tools.values()}
    are_all_read = len(pack.tools) == sum(file.startswith("tools/") for file in pack.texts)
    for n, action in enumerate(manifest.requires):
        if are_all_read and action in plugins.actions and action not in used:
            cure = f'add one with "action": "{action}", or take it out{hint(action, used)}'
            yield f"requires.{n}", f"requires {action!r}, which no tool of the pack uses: {cure}"
    texts: list[tuple[str, str, Sequence[str]]] = [
        ("defaults.greeting", manifest.defaults.greeting, ("name",))
    ]
    texts += [
        (f"defaults.suggestions.{n}", text, ())
        for n, text in enumerate(manifest.defaults.suggestions)
    ]
    texts += [(f"disclosures.{key}", text, ()) for key, text in manifest.disclosures.items()]
    for key, text, names in texts:
        yield from ((key, f"{key}: {said}") for said in unfilled(text, names))


def _tool_problems(
    tool: Tool, text: str, pack: Pack, plugins: Plugins
) -> Iterator[tuple[str, str]]:
    action = plugins.actions.get(tool.action)
    if action is None:
        return  # it is told of already
    # What the customer should see before it is done: whoever means otherwise has to say so.
    if action.propose is not None and "confirm" not in msgspec.json.decode(text):
        yield (
            "/action",
            (
                f'{action.name!r} is done without the customer\'s yes: add "confirm": true, or '
                '"confirm": false if that is meant'
            ),
        )
    known = _kinds_taken(action, pack, plugins)
    if known is not None:
        for kind in _kinds(tool):
            if kind not in known:
                takes = f"; known: {', '.join(sorted(known))}" if known else ""
                said = f"no tool of the pack keeps anything of the kind {kind!r}{takes}"
                yield "/bind/kind", said + hint(kind, known)


def _kinds_taken(action: Action, pack: Pack, plugins: Plugins) -> set[str] | None:
    """For an action that reads what another of its plugin keeps by `kind`: the kinds that tools of the
    pack keep. None for other actions."""
    owner = plugins.action_owner[action.name]
    writing = {
        name
        for name, other in plugins.actions.items()
        if other.changes and plugins.action_owner[name] == owner
        and "kind" in other.schema.get("properties", {})
    }  # fmt: skip
    if action.changes or not writing:
        return None
    return {kind for tool in pack.tools.values() if tool.action in writing for kind in _kinds(tool)}


def _kinds(tool: Tool) -> Iterable[str]:
    bound = tool.bind.get("kind", ())
    return (bound,) if isinstance(bound, str) else bound
