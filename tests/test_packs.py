"""Packs: the one that ships is clean, and a broken one is told everything that is wrong."""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from frontdesk import packs
from frontdesk.business import Business
from frontdesk.catalogue import check_pack, read_business
from frontdesk.config import Settings
from frontdesk.errors import ConfigError
from frontdesk.pack_checks import check_all_of
from frontdesk.plugins import Plugins
from frontdesk.testing import Call, ScriptedModel, open_desk

RESTAURANT = Path(__file__).parent.parent / "packs/frontdesk_packs/restaurant"


@cache
def plugins() -> Plugins:
    found = Plugins(Settings())
    found.load_installed()
    found.collect()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the restaurant pack, to be broken."""
    copy = tmp_path / "restaurant"
    shutil.copytree(RESTAURANT, copy)
    return copy


def problems(folder: Path) -> list[str]:
    """What is wrong, each with the path inside the pack."""
    found = check_pack(packs.read_folder(str(folder)), plugins())
    return [problem.removeprefix(f"{folder}/") for problem in found]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(file: Path, text: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return 1 + next(n for n, line in enumerate(lines) if text in line)


def test_every_installed_pack_is_clean() -> None:
    installed = packs.read_installed()
    assert "restaurant" in [pack.name for pack in installed]
    for pack in installed:
        assert check_all_of(pack, plugins()) == []


def test_a_copy_is_clean(folder: Path) -> None:
    assert problems(folder) == []


Break = tuple[str, str, str, str, str]
"""File, old text, new text, the text of the line that is named, what the message must hold."""

BREAKS: dict[str, Break] = {
    "unknown key": ("pack.toml", "title =", "tilte =", "tilte =",
                    "tilte: unknown key; did you mean `title`? expected one of name, title"),
    "unknown key deeper": ("pack.toml", "greeting =", "greting =", "greting =",
                           "defaults.greting: unknown key; did you mean `greeting`? expected one of"),
    "wrong name": ("pack.toml", 'name = "restaurant"', 'name = "bistro"', "bistro",
                   "the name 'bistro' must be 'restaurant'"),
    "wrong type": ("pack.toml", 'languages = ["en"]', 'languages = "en"', "languages",
                   "languages: it must be a list, in [ ]; this is text"),
    "no TOML": ("pack.toml", "requires = [", "requires = [[", "languages", "not valid TOML"),
    "unknown requirement": ("pack.toml", '"get_hours"]', '"get_hors"]', "get_hors",
                            "requires 'get_hors', which no enabled plugin provides: install"),
    "missing personality": ("pack.toml", '"playful"', '"grumpy"', "grumpy",
                            "there is no personality 'grumpy'"),
    "unknown key of a tool": ("tools/get_hours.json", '"action"', '"axion"', '"axion"',
                              "axion: unknown key; did you mean `action`? expected one of name"),
    "tool of another name": ("tools/get_hours.json", '"name": "get_hours"', '"name": "getHours"',
                             "getHours", "the name 'getHours' must be 'get_hours', as the file"),
    "unknown action": ("tools/get_hours.json", '"action": "get_hours"', '"action": "get_ours"',
                       "get_ours", "no enabled plugin provides the action 'get_ours': install"),
    "no JSON": ("tools/get_hours.json", '"title": "Date",', '"title": "Date"', '"description": "A',
                "not valid JSON"),
    "no JSON number": ("tools/get_hours.json", '"date",', "NaN,", "NaN", "not valid JSON"),
    "duplicate key": ("tools/get_hours.json", '"title": "Date",', '"title": "Date", "type": "x",',
                      '"title"', "the key 'type' stands twice"),
    "open schema": ("tools/get_hours.json", '"additionalProperties": false', '"title": "x"',
                    '"input_schema"', '"additionalProperties": false is missing'),
    "root no object": ("tools/get_business_info.json", '"type": "object"', '"type": "array"',
                       '"input_schema"', 'the root must have "type": "object"'),
    "no schema": ("tools/get_hours.json", '"type": "string"', '"type": "strin"', '"input_schema"',
                  "not a valid JSON Schema 2020-12"),
    "outside reference": ("tools/get_hours.json", '"format": "date"', '"$ref": "http://x/y.json"',
                          '"input_schema"', "not a valid JSON Schema 2020-12"),
    "bad property key": ("tools/get_hours.json", '"date": {', '"the date": {', '"the date"',
                         "only letters, digits, _ . - and 64 at most in a key"),
    "missing required": ("tools/create_booking.json", '"time", "name", "phone"]', '"time", "name"]',
                         '"required"', "requires 'phone': require or bind it"),
    "unknown bind": ("tools/get_hours.json", '"action":', '"bind": {"day": 1}, "action":', '"bind"',
                     "the action 'get_hours' has no such parameter"),
    "bound property": ("tools/get_hours.json", '"action":', '"bind": {"date": "x"}, "action":',
                       '"bind"', "it is bound, so it must not be a property too"),
    "bad description": ("tools/get_hours.json", '"description": "Opening', '"description": "", "x": "',
                        '"x"', "x: unknown key"),
    "template syntax": ("prompts/system.md.j2", "{%- endblock %}", "{% endblok %}", "endblok", "endblok"),
    "undefined variable": ("prompts/system.md.j2", "Before you book", "{{ guest }}", "guest }",
                           "'guest' is undefined"),
    "undefined for SMS": ("prompts/system.sms.md.j2", "One question", "{{ guest }}", "guest }",
                          "'guest' is undefined"),
    "missing parent": ("prompts/system.md.j2", "base.md.j2", "bass.md.j2", "bass",
                       "there is no template 'bass.md.j2'"),
    "division": ("prompts/system.md.j2", "Before you book", "{{ 1 / 0 }}", "1 / 0", "division by zero"),
    "never ends": ("prompts/system.md.j2", "Before you book", "{% include 'system.md.j2' %}",
                   "include", "RecursionError"),
    "attribute trick": ("prompts/system.md.j2", "Before you book", "{{ ''.__class__.__mro__ }}",
                        "__mro__", "unsafe"),
    "wrong zone": ("business.example.toml", "America/New_York", "America/New_Yrk", "New_Yrk",
                   "timezone: 'America/New_Yrk' is not an IANA time zone"),
    "unknown key of a business": ("business.example.toml", "phone =", "phne =", "phne =",
                                  "phne: unknown key"),
    "unknown section": ("business.example.toml", "[settings.booking]", "[settings.boking]",
                        "boking", "settings.boking: no plugin has it; known: booking"),
    "wrong section": ("business.example.toml", "horizon = 60", "horizon = -1", "horizon",
                      "settings.booking.horizon: it must be a whole number, 0 or more"),
    "wrong resource": ("business.example.toml", '{ resources = ["4", "5"]', '{ resources = ["4", "50"]',
                       '"50"', "settings.booking.combinations.0: no resource '50'"),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_wrong_is_told_with_file_line_and_cure(folder: Path, name: str) -> None:
    file, old, new, marked, message = BREAKS[name]
    edit(folder / file, old, new)
    found = problems(folder)
    line = line_of(folder / file, marked)
    assert any(p.startswith(f"{file}:{line}: ") and message in p for p in found), found
    assert all(p.startswith(file) or name == "template syntax" for p in found), found


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    harmless = {
        "no TOML",
        "no JSON",
        "no JSON number",
        "wrong zone",
        "unknown key of a business",
        "unknown section",
        "wrong resource",
        "no schema",
        "outside reference",
        "unknown key of a tool",
        "unknown action",
        "template syntax",
        "missing parent",
        "division",
        "never ends",
        "attribute trick",
        "bad description",
        "duplicate key",
    }  # fmt: skip  they hide others by their nature, or edit the same text
    chosen = {name: what for name, what in BREAKS.items() if name not in harmless}
    for file, old, new, _, _ in chosen.values():
        edit(folder / file, old, new)
    found = problems(folder)
    for name in chosen.keys() - {"unknown requirement", "missing personality", "wrong name",
                                 "bad property key", "unknown bind", "bound property"}:  # fmt: skip
        assert any(chosen[name][4] in problem for problem in found), (name, found)
    assert len(found) >= 12


def test_files_that_are_missing_or_no_text(folder: Path) -> None:
    for file in ("pack.toml", "business.example.toml"):
        (folder / file).unlink()
    (folder / "tools/get_hours.json").write_bytes(b'{"name": "\xff"}')
    (folder / "personalities").mkdir()
    (folder / "personalities/friendly.md.j2").write_text("{{ nobody }}")
    starts = [
        "pack.toml:1: there is no pack.toml",
        "tools/get_hours.json:1: cannot be read as UTF-8 text",
        "business.example.toml:1: it is missing",
        "personalities/friendly.md.j2:1: UndefinedError: 'nobody' is undefined",
    ]
    found = problems(folder)
    assert len(found) == len(starts)
    assert all(p.startswith(start) for p, start in zip(found, starts, strict=True)), found


def test_every_personality_is_tried(folder: Path) -> None:
    (folder / "personalities").mkdir()
    (folder / "personalities/playful.md.j2").write_text("Fun.\n{{ nobody }}")
    (found,) = problems(folder)
    assert found.startswith("personalities/playful.md.j2:2: ")


def test_depth_does_not_break_the_reader(folder: Path) -> None:
    (folder / "tools/get_hours.json").write_text("[" * 100_000)
    edit(folder / "pack.toml", "[defaults]", "[" * 5000)
    found = problems(folder)
    assert any(p.startswith("tools/get_hours.json:1: not valid JSON") for p in found)
    assert any("pack.toml" in p and "not valid TOML" in p for p in found)


async def test_a_broken_pack_stops_no_other(folder: Path, tmp_path: Path) -> None:
    broken = folder.with_name("bistro")
    folder.rename(broken)
    edit(broken / "prompts/system.md.j2", "Before you book", "{{ 1 / 0 }}")
    model = ScriptedModel("Hello.", Call("get_hours"), "Open.")
    async with open_desk(tmp_path, models=[model], pack_folders=[str(broken)]) as desk:
        assert desk.desk.packs["bistro"].problems
        assert not desk.desk.packs["restaurant"].problems
        for name in ("bistro", "restaurant"):
            await desk.add_business(Business(id=name, name=name, pack=name))
        reply = await (await desk.conversation("bistro")).say("hi")
        assert reply is not None
        assert model.requests[0].tools == ()
        talk = await desk.conversation("restaurant")
        await talk.say("open?")
        assert talk.actions[0].status == "done"


# ---- businesses ------------------------------------------------------------------------------


def test_all_that_is_wrong_with_a_business_is_told_at_once() -> None:
    text = """id = "Not an id"
nme = "x"
hours = { mon = "9-5" }
[[faq]]
question = "?"
[settings.booking]
step = 0
"""
    with pytest.raises(ConfigError) as caught:
        read_business(text, "b.toml", plugins().business_settings)
    assert [line.partition(": ")[0] + line.partition(": ")[2][:12] for line in
            str(caught.value).splitlines()] == [
        "b.toml:1id: it must ", "b.toml:2nme: unknown", "b.toml:3hours.mon: i",
        "b.toml:4faq.0.answer", "b.toml:7settings.boo",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "missing"), [({"name": "x"}, ["description", "action", "input_schema"])]
)
def test_a_tool_that_lacks_much(folder: Path, tool: dict[str, Any], missing: list[str]) -> None:
    (folder / "tools/x.json").write_text(json.dumps(tool))
    assert problems(folder) == [f"tools/x.json:1: {key}: it is missing" for key in missing]


def test_what_jinja_would_drop_in_silence_is_told(folder: Path) -> None:
    (folder / "prompts/system.md.j2").write_text(
        '{% extends "base.md.j2" %}\nlost\n{% block industri %}also lost{% endblock %}\n'
    )
    (folder / "tools/get_hours.json").write_text(
        (folder / "tools/get_hours.json")
        .read_text()
        .replace('"name": "get_hours"', '"name": "hours"')
    )
    found = "\n".join(problems(folder))
    assert "prompts/system.md.j2:1: text outside of a block is dropped" in found
    assert "prompts/system.md.j2:3: there is no block 'industri' to fill; known: channel" in found
    assert "tools/get_hours.json:" in found
    assert "tools/hours.json" not in found


@pytest.mark.parametrize(
    "name",
    [
        "README", "LICENSE.txt", "CHANGELOG.md", "pyproject.toml", ".gitignore", ".git/config",
        "tests/test_it.py", "dist/x.whl", "schemas/tool.json", "x.egg-info/PKG-INFO", "notes.txt",
        "prompts/README.md", "tools/.DS_Store", "tools/get_hours.json~", "prompts/system.voice.md.j2",
        "personalities/grumpy.md.j2", "__pycache__/x.pyc",
    ],
)  # fmt: skip
def test_a_pack_may_be_a_repository_of_its_own(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("words\n")
    assert check_all_of(packs.read_folder(str(folder)), plugins()) == []


def test_a_prompt_that_others_take_in_is_read(folder: Path) -> None:
    (folder / "prompts/menu.md.j2").write_text("Name no prices by heart.\n")
    stray = f"{folder}/prompts/menu.md.j2:1: no prompt takes it in, so nobody reads it"
    assert check_all_of(packs.read_folder(str(folder)), plugins()) == [stray]
    edit(
        folder / "prompts/system.md.j2",
        "Before you book",
        "{% include 'menu.md.j2' %}Before you book",
    )
    assert check_all_of(packs.read_folder(str(folder)), plugins()) == []


def test_a_tool_may_do_without_a_yes_if_it_says_so(folder: Path) -> None:
    edit(folder / "tools/create_booking.json", '"confirm": true', '"confirm": false')
    assert check_all_of(packs.read_folder(str(folder)), plugins()) == []


def test_one_mistake_is_told_once(folder: Path) -> None:
    """A tool that cannot be read is not also missing to the pack and to its scenarios."""
    (folder / "tools/create_booking.json").write_text("{")
    said = "not valid JSON: a key in double quotes is missing before the end of the file"
    assert check_all_of(packs.read_folder(str(folder)), plugins()) == [
        f"{folder}/tools/create_booking.json:1: {said}"
    ]
