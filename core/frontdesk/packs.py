"""Packs: an industry as data. Found, read, checked and frozen here; never imported."""

import importlib.util
import re
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from frontdesk import installed, scenarios
from frontdesk.locate import duplicate_keys, error_line, json_error, json_line, toml_line
from frontdesk.misfits import convert_all
from frontdesk.plain import expression
from frontdesk.scenarios import Scenario
from frontdesk.taboos import Taboo
from frontdesk.tools import NAME, Tool, ToolFile
from frontdesk.triggers import TriggerFile, from_pack

GROUP = "frontdesk.packs"
PERSONALITIES = ("friendly", "professional", "concise", "playful", "luxurious")
"""Those that the core ships; a pack may replace one or add its own."""

PackName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class Defaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a business of this pack has when it does not say."""

    greeting: str = ""
    suggestions: tuple[str, ...] = ()


class ClaimFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Annotated[str, Meta(min_length=1)]
    patterns: dict[str, tuple[str, ...]]


class PackFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """pack.toml."""

    name: PackName
    title: Annotated[str, Meta(min_length=1)]
    version: Annotated[str, Meta(pattern=r"^\d+\.\d+(\.\d+)?$")]
    description: str = ""
    requires: tuple[str, ...] = ()
    """Actions without which the pack makes no sense."""
    languages: tuple[str, ...] = ("en",)
    personalities: tuple[str, ...] = PERSONALITIES
    disclosures: dict[str, str] = {}
    """By language: what must be said at the start, above all that this is an automated assistant."""
    triggers: tuple[TriggerFile, ...] = ()
    """Rules that answer before any model, beside those of the engine."""
    claims: tuple[ClaimFile, ...] = ()
    """Words that tell of something done, beside those of the engine and of the actions."""
    never_say: tuple[Taboo, ...] = ()
    """What the assistant must not say in this industry."""
    defaults: Defaults = Defaults()


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that was read. `problems` is empty when it can be used."""

    name: str
    source: str
    """Distribution or folder."""
    is_folder: bool = False
    """It was given by its folder, not found installed."""
    shown: str = ""
    """How messages name its folder."""
    folder: Path | None = None
    manifest: PackFile | None
    tools: dict[str, Tool] = {}
    templates: dict[str, str] = {}
    """By the name that other templates use: "system.md.j2", "personalities/friendly.md.j2"."""
    example: str = ""
    """business.example.toml."""
    texts: dict[str, str] = {}
    """The files as they are, so that later messages can name a line."""
    problems: tuple[str, ...] = ()


def read_installed() -> list[Pack]:
    """Every pack under the entry-point group, ours first; broken ones with their problems."""
    packs: list[Pack] = []
    for entry in installed.entries(GROUP):
        source = entry.dist.name if entry.dist else ""
        if any(pack.name == entry.name for pack in packs):
            problem = f"the name {entry.name!r} is taken by another installed pack"
            packs.append(Pack(name=entry.name, source=source, manifest=None, problems=(problem,)))
            continue
        folder = _folder(entry.value)
        if folder is None:
            problem = f"there is no package {entry.value!r}: reinstall {source or 'it'}"
            packs.append(Pack(name=entry.name, source=source, manifest=None, problems=(problem,)))
        else:
            packs.append(read(entry.name, source, folder, shown=entry.name))
    return packs


def _folder(module: str) -> Path | None:
    """Where the package is, found without importing it."""
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    places = spec.submodule_search_locations if spec else None
    return next((Path(place) for place in places or () if Path(place).is_dir()), None)


def read_folder(path: str) -> Pack:
    """A pack from a folder, as `--pack PATH` does."""
    folder = Path(path)
    pack = read(folder.resolve().name, path, folder, shown=path.rstrip("/"))
    return msgspec.structs.replace(pack, is_folder=True)


_read: dict[tuple[str, str, str, str], tuple[frozenset[tuple[str, int, int]], Pack]] = {}


def read(name: str, source: str, folder: Path, shown: str) -> Pack:
    """Read everything and collect what is wrong with it, each with file and line. What did not change
    since it was read last is not read again."""
    key = (name, source, str(folder), shown)
    stamps = frozenset(
        (str(path), stat.st_mtime_ns, stat.st_size)
        for path in folder.rglob("*")
        if (stat := path.stat())
    )
    known = _read.get(key)
    if known is None or known[0] != stamps:
        known = _read[key] = (stamps, _read_now(name, source, folder, shown))
    return known[1]


def _read_now(name: str, source: str, folder: Path, shown: str) -> Pack:
    reader = _Reader(folder, shown)
    manifest = reader.manifest(name)
    tools = reader.tools()
    templates = reader.templates()
    return Pack(
        name=name,
        source=source,
        shown=shown,
        folder=folder,
        manifest=manifest,
        tools=tools,
        templates=templates,
        example=reader.text("business.example.toml") or "",
        texts=reader.texts,
        problems=tuple(reader.problems),
    )


def read_scenarios(pack: Pack) -> tuple[dict[str, Scenario], list[str]]:
    """(by their file's name without the ending, what is wrong with each file and line). They are not
    read with the pack, because a server has no use for them."""
    if pack.folder is None:
        return {}, []
    reader = _Reader(pack.folder, pack.shown)
    return reader.scenarios(), reader.problems


class _Reader:
    def __init__(self, folder: Path, shown: str) -> None:
        self.folder = folder
        self.shown = shown
        self.problems: list[str] = []
        self.texts: dict[str, str] = {}

    def problem(self, file: str, line: int, text: str) -> None:
        self.problems.append(f"{self.shown}/{file}:{line}: {text}")

    def text(self, file: str) -> str | None:
        path = self.folder / file
        if not path.is_file():
            return None
        try:
            self.texts[file] = path.read_text(encoding="utf-8")
            return self.texts[file]
        except (OSError, UnicodeDecodeError) as error:
            self.problem(file, 1, f"cannot be read as UTF-8 text: {error}")
            return None

    def names(self, folder: str, ending: str) -> list[str]:
        return sorted(path.name for path in (self.folder / folder).glob(f"*{ending}"))

    def manifest(self, name: str) -> PackFile | None:
        text = self.text("pack.toml")
        if text is None:
            self.problem("pack.toml", 1, "there is no pack.toml: a pack needs one")
            return None
        try:
            manifest, wrong = convert_all(tomllib.loads(text), PackFile)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            self.problem("pack.toml", error_line(error, text), f"not valid TOML: {error}")
            return None
        for key, message in wrong:
            self.problem("pack.toml", toml_line(text, key), f"{key}: {message}")
        for key, message in pattern_problems(manifest) if manifest else ():
            self.problem("pack.toml", toml_line(text, key), f"{key}: {message}")
        if manifest is not None and manifest.name != name:
            line = toml_line(text, "name")
            self.problem(
                "pack.toml", line, f"the name {manifest.name!r} must be {name!r}, as found"
            )
        return manifest

    def tools(self) -> dict[str, Tool]:
        tools: dict[str, Tool] = {}
        for entry in self.names("tools", ".json"):
            tool = self._tool(f"tools/{entry}", entry.removesuffix(".json"))
            if tool is not None:
                tools[entry.removesuffix(".json")] = tool
        return tools

    def _tool(self, file: str, name: str) -> Tool | None:
        text = self.text(file)
        if text is None:
            return None
        try:
            tree = msgspec.json.decode(text)
        except (ValueError, RecursionError) as error:
            line, said = json_error(text, error)
            self.problem(file, line, f"not valid JSON: {said}")
            return None
        for key, line in duplicate_keys(text):
            self.problem(file, line, f"the key {key!r} stands twice")
        found, wrong = convert_all(tree, ToolFile)
        for key, message in wrong:
            line = json_line(text, "/" + key.replace(".", "/"))
            self.problem(file, line, f"{key}: {message}" if key else message)
        if found is None:
            return None
        if found.name != name or not NAME.fullmatch(found.name):
            line = json_line(text, "/name")
            self.problem(file, line, f"the name {found.name!r} must be {name!r}, as the file, "
                         "in lower case letters, digits and _")  # fmt: skip
        return found.tool

    def scenarios(self) -> dict[str, Scenario]:
        found: dict[str, Scenario] = {}
        for entry in self.names("scenarios", ".toml"):
            file = f"scenarios/{entry}"
            text = self.text(file)
            if text is not None:
                scenario, wrong = scenarios.read(text, f"{self.shown}/{file}")
                self.problems += wrong
                if scenario is not None:
                    found[entry.removesuffix(".toml")] = scenario
        return found

    def templates(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for entry in self.names("prompts", ".j2"):
            found[entry] = self.text(f"prompts/{entry}") or ""
        for entry in self.names("personalities", ".j2"):
            found[f"personalities/{entry}"] = self.text(f"personalities/{entry}") or ""
        return found


def pattern_problems(manifest: PackFile) -> list[tuple[str, str]]:
    """What is wrong with the regular expressions of triggers and claims, by dotted key."""
    found = from_pack(manifest.triggers)[1]
    named = [(f"claims.{n}.patterns", claim.patterns) for n, claim in enumerate(manifest.claims)]
    for n, taboo in enumerate(manifest.never_say):
        named.append((f"never_say.{n}.patterns", taboo.patterns))
        named.append((f"never_say.{n}.unless", taboo.unless))
    for key, by_language in named:
        for language, patterns in by_language.items():
            for pattern in patterns:
                try:
                    re.compile(expression(pattern))
                except re.error as error:
                    said = f"{pattern!r} is not a regular expression: {error}"
                    found.append((f"{key}.{language}", said))
    return found
