"""The code in the docs runs, and what they say of keys, events and rules is so.

A block of code names its file after its language ("```python square.py"). All files of a page are
written into one folder, over the plugins that its commands make; each folder in it with a
pyproject.toml counts as installed, and the tests among them are run.
"""

import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from frontdesk import config, events, packs, scenarios, status, triggers, webhooks
from frontdesk.business import Business, Faq, HoursException
from frontdesk.catalogue import check_pack, read_business
from frontdesk.config import Settings
from frontdesk.packs import PackFile
from frontdesk.plugins import Plugins
from frontdesk.tools import ToolFile
from frontdesk.urls import Reach
from frontdesk_plugins.booking import ical, policies, resources, rules, services
from frontdesk_plugins.claude.settings import ClaudeSettings
from frontdesk_plugins.handoff.staffed import HandoffSettings
from frontdesk_plugins.info.entries import Entry, InfoSettings
from frontdesk_plugins.orders import menu
from frontdesk_plugins.orders import rules as order_rules
from frontdesk_plugins.stays import rules as stay_rules
from frontdesk_server.console.settings import ConsoleSettings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FRAGMENT = 'id = "example"\nname = "Example"\n'


def text_of(page: str) -> str:
    return (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """(language, file, code) of each."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def write_files(page: Path, folder: Path) -> list[str]:
    """The files of a page; what has to be in PYTHONPATH."""
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"\bfrontdesk plugins new (\w+)", text):
        subprocess.run(  # in a process that has imported none of them
            [sys.executable, "-m", "frontdesk_server", "plugins", "new", name],
            cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    for _, name, code in blocks(page):
        if name:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(code, encoding="utf-8")
    projects = sorted(folder.rglob("pyproject.toml"))
    for project in projects:
        _install(project)
    return [str(project.parent) for project in projects]


def _install(project: Path) -> None:
    """Found by its entry points, as after `pip install .`"""
    tree = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    info = project.parent / f"{tree['name'].replace('-', '_')}-{tree['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {tree['name']}\nVersion: {tree['version']}\n"
    )
    groups = [
        "\n".join([f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())])
        for group, entries in tree["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(groups) + "\n")


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    found = Plugins(Settings())
    found.load_installed()
    found.collect()
    return found


# ---- code ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_code_runs(page: Path, tmp_path: Path) -> None:
    unnamed = [code for language, name, code in blocks(page) if language == "python" and not name]
    assert unnamed == [], "name its file, so that it is run"
    installed = write_files(page, tmp_path)
    tests = sorted(path.name for path in tmp_path.rglob("test_*.py"))
    if not tests:
        return
    for suite in suites(installed) or [str(tmp_path)]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", suite],
            cwd=tmp_path, capture_output=True, text=True, check=False,
            env={"PATH": "", "PYTHONPATH": ":".join([*installed, str(tmp_path)])},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def suites(projects: list[str]) -> list[str]:
    """Those that say how pytest is to run in them."""
    files = {project: Path(project, "pyproject.toml").read_text("utf-8") for project in projects}
    return [project for project, text in files.items() if "[tool.pytest" in text]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_packs_are_right(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for installed in write_files(page, tmp_path):
        monkeypatch.syspath_prepend(installed)
    found = Plugins(Settings())
    found.load_installed()
    found.collect()
    for manifest in tmp_path.rglob("pack.toml"):
        name = tomllib.loads(manifest.read_text(encoding="utf-8"))["name"]
        pack = packs.read(name, "docs", manifest.parent, shown=name)
        assert check_pack(pack, found) == []


def _toml() -> Iterator[Any]:
    for page in PAGES:
        for n, (language, name, code) in enumerate(blocks(page)):
            if language == "toml":
                yield pytest.param(name, code, id=f"{page.stem}-{n}")


@pytest.mark.parametrize(("name", "code"), list(_toml()))
def test_toml_is_what_it_says(name: str, code: str, plugins: Plugins) -> None:
    """A file, a configuration, a business, or the part of a business that a page is about."""
    tree = tomllib.loads(code)
    if "project" in tree:
        assert set(tree["project"]["entry-points"]) <= {"frontdesk", "frontdesk.packs"}
    elif name.endswith("pack.toml"):
        msgspec.convert(tree, PackFile)
    elif "turn" in tree:
        assert scenarios.read(code, name)[1] == []
    elif set(tree) <= CONFIGURATION:
        config.settings_of(tree)
    elif "parking" not in tree.get("settings", {}):
        text = code if "id" in tree else FRAGMENT + code
        business = read_business(text, "docs", plugins.business_settings)
        webhooks.check_business(business, Reach())


def test_a_receiver_knows_us(tmp_path: Path) -> None:
    write_files(ROOT / "docs" / "ordering.md", tmp_path)
    spec = spec_from_file_location("receiver", tmp_path / "receiver.py")
    assert spec
    assert spec.loader
    receiver = module_from_spec(spec)
    spec.loader.exec_module(receiver)
    secret, body, now = "sixteen letters or more", b'{"event":"order.placed"}', int(time.time())
    header = webhooks.sign(body, secret, now)
    assert receiver.is_ours(header, body, secret)
    assert not receiver.is_ours(header, body + b" ", secret)
    assert not receiver.is_ours(header, body, "another secret of theirs")
    assert not receiver.is_ours(webhooks.sign(body, secret, now - 301), body, secret)
    for nonsense in ("", "t=1", "v1=00", "t=now,v1=00", header.replace("v1", "v0")):
        assert not receiver.is_ours(nonsense, body, secret)


# ---- tables ----------------------------------------------------------------------------------

BUSINESS: dict[str, type[msgspec.Struct]] = {
    "": Business,
    "exceptions.": HoursException,
    "faq.": Faq,
    "settings.booking.": rules.BookingRules,
    "settings.booking.services.": services.Service,
    "settings.booking.services.variants.": services.Variant,
    "settings.booking.resources.": resources.Resource,
    "settings.booking.combinations.": resources.Combination,
    "settings.booking.areas.": resources.Area,
    "settings.booking.blocks.": resources.Block,
    "settings.booking.closures.": resources.Closure,
    "settings.booking.policy.": policies.Policy,
    "settings.booking.pacing.": policies.Pacing,
    "settings.booking.feeds.": ical.FeedRules,
    "settings.orders.": order_rules.OrderRules,
    "settings.orders.categories.": menu.Category,
    "settings.orders.categories.available.": menu.Window,
    "settings.orders.items.": menu.Item,
    "settings.orders.items.variants.": menu.Variant,
    "settings.orders.groups.": menu.Group,
    "settings.orders.groups.modifiers.": menu.Modifier,
    "settings.orders.fees.": order_rules.Fee,
    "settings.orders.zones.": order_rules.Zone,
    "settings.orders.webhook.": webhooks.Endpoint,
    "settings.stays.": stay_rules.StayRules,
    "settings.stays.rooms.": stay_rules.RoomType,
    "settings.stays.seasons.": stay_rules.Season,
    "settings.stays.plans.": stay_rules.RatePlan,
    "settings.stays.closed.": stay_rules.Closed,
    "settings.handoff.": HandoffSettings,
    "settings.console.": ConsoleSettings,
    "settings.console.webhook.": webhooks.Endpoint,
    "settings.info.": InfoSettings,
    "settings.info.faq.": Entry,
}
SECTIONS: dict[str, type[msgspec.Struct]] = {
    "outgoing.": Reach, "plugins.claude.": ClaudeSettings,
}  # fmt: skip
CONFIGURATION = {"server", "database", "bus", "model", "plugins", "limits", "outgoing"}
PACK: dict[str, type[msgspec.Struct]] = {
    "": PackFile,
    "defaults.": packs.Defaults,
    "triggers.": triggers.TriggerFile,
    "claims.": packs.ClaimFile,
}


def rows(of: dict[str, type[msgspec.Struct]]) -> Iterator[tuple[str, str]]:
    """Every key, with the start of the row that a table must have for it."""
    for prefix, struct in of.items():
        for field in msgspec.structs.fields(struct):
            key = prefix + field.encode_name
            yield key, f"| `{key}` | {_default(field)}|"


def _default(field: msgspec.structs.FieldInfo) -> str:
    """As the tables have it: nothing for a key that has no default, or none that can be written."""
    value: Any = field.default
    if value is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
        value = field.default_factory()
    if value is None or value is msgspec.NODEFAULT:
        return ""
    return f"`{msgspec.json.encode(_said(value)).decode()}` "


def _said(value: Any) -> Any:
    """Structs whose own keys have rows are left empty."""
    return {} if isinstance(value, msgspec.Struct) else value


@pytest.mark.parametrize(
    ("page", "key", "start"),
    [("configuration", *row) for row in rows(SECTIONS | BUSINESS)]
    + [("packs", *row) for row in rows(PACK)],
)
def test_every_key_has_its_row(page: str, key: str, start: str) -> None:
    found = [line for line in text_of(page).splitlines() if line.startswith(f"| `{key}` |")]
    assert len(found) == 1
    assert found[0].startswith(start)


def test_no_key_is_made_up() -> None:
    known = {key for key, _ in rows(BUSINESS)}
    said = set(re.findall(r"^\| `([a-z_.]+)` \|", text_of("configuration"), re.MULTILINE))
    assert {key for key in said if key.partition(".")[0] not in CONFIGURATION} <= known


def test_every_event_and_change_of_hands_is_told() -> None:
    page = text_of("architecture")
    for event in get_args(events.AnyEvent):
        assert f"| `{event.__struct_config__.tag}` |" in page
    for verb, steps in status.STEPS.items():
        found = re.findall(rf"^\| `{verb}` \| (.+) \| (\w+)", page, re.MULTILINE)
        assert {start: to for starts, to in found for start in starts.split(", ")} == steps


def test_every_key_of_a_tool_and_every_rule_of_the_engine_is_told() -> None:
    page = text_of("packs")
    for field in msgspec.structs.fields(ToolFile):
        start = f'| `"{field.encode_name}"` | {_default(field)}|'
        assert [line for line in page.splitlines() if line.startswith(start)]
    for trigger in triggers.core_triggers():
        assert f"| `{trigger.name}` |" in page
