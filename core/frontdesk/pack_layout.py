"""Files of a pack's folder that nobody would read: misspelt, or in the wrong place."""

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import meta

from frontdesk.expected import near
from frontdesk.packs import Pack

_PROMPT = "system.md.j2"
_FILES = ("pack.toml", "business.example.toml")
_ENDINGS = {"tools": ".json", "scenarios": ".toml", "personalities": ".md.j2"}
"""By folder: what its files end in."""
_FOLDERS = (*_ENDINGS, "prompts")
_OTHER_FOLDERS = {
    "schemas", "tests", "test", "docs", "doc", "dist", "build", "dev", "scripts", "examples",
    "images", "assets", "screenshots", "locales", "data", "venv", "env", "node_modules", "__pycache__",
}  # fmt: skip
"""A pack's folder may be a repository of its own."""
_OTHER_FILES = {
    "pyproject.toml", "uv.toml", "ruff.toml", "taplo.toml", "mise.toml", "cliff.toml", "pixi.toml",
    "package.json", "package-lock.json", "renovate.json",
}  # fmt: skip
_OURS = (".toml", ".json", ".j2")
"""Other files with these endings were meant for the engine; README.md, LICENSE and such were not."""
_CHANNELS = ("web", "sms")


def misplaced(pack: Pack, channels: list[str]) -> list[tuple[str, str]]:
    """(file within the pack, what is wrong). `channels` are those of the plugins."""
    folder = pack.folder
    if folder is None or "pack.toml" not in pack.texts:
        return []
    found = [*_top(folder), *_prompts(pack, folder, (*_CHANNELS, *channels))]
    for name, ending in _ENDINGS.items():
        found += _in(folder, name, ending)
    return found


def _top(folder: Path) -> Iterator[tuple[str, str]]:
    for path in _visible(folder):
        name = path.name
        known = _FOLDERS if path.is_dir() else _FILES
        if name in known or name in (_OTHER_FOLDERS if path.is_dir() else _OTHER_FILES):
            continue
        meant = near(name, known)
        if path.is_dir():
            if not name.endswith(".egg-info"):
                better = f"did you mean {meant}/?" if meant else f"known: {', '.join(_FOLDERS)}"
                yield name, f"no folder of a pack, so nobody reads what is in it; {better}"
        elif meant or name.endswith(_OURS):
            better = f"did you mean {meant}?" if meant else f"known: {', '.join(_FILES)}"
            yield name, f"no file of a pack, so nobody reads it; {better}"


def _prompts(pack: Pack, folder: Path, channels: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The prompt that every pack needs, and files that no other takes in."""
    used = _taken_in(pack)
    known = [_PROMPT, *(f"system.{channel}.md.j2" for channel in channels)]
    strays: list[tuple[str, str]] = []
    for path in _visible(folder / "prompts"):
        name = path.name
        if name in known or used is None or name in used:
            continue
        meant = _meant(name, channels)
        if not meant and re.fullmatch(r"system\.\w+\.md\.j2", name):
            continue  # its channel may come with a plugin that is not here
        better = f"; did you mean {meant}?" if meant else ""
        strays.append((name, f"no prompt takes it in, so nobody reads it{better}"))
    if _PROMPT not in pack.templates:
        said = "it is missing: without it the assistant knows nothing of the industry"
        stray = next((name for name, _ in strays if _meant(name, channels) == _PROMPT), "")
        yield f"prompts/{_PROMPT}", said + (f"; is {stray} meant to be it?" if stray else "")
    yield from ((f"prompts/{name}", said) for name, said in strays)


def _meant(name: str, channels: tuple[str, ...]) -> str:
    """The prompt that a file was most likely meant to be; empty for one that is like none."""
    first, *rest = name.split(".")
    if not near(first, ["system"]):
        return ""
    middle = [part for part in rest if part not in {"md", "j2", "jinja", "jinja2", "txt"}]
    if not middle:
        return _PROMPT
    channel = near(middle[0], channels)
    return f"system.{channel}.md.j2" if channel else ""


def _taken_in(pack: Pack) -> set[str] | None:
    """The templates that others extend or include; None when that is only known as they run."""
    env = jinja2.Environment(autoescape=False)  # noqa: S701  only to parse
    found: set[str] = set()
    for text in pack.templates.values():
        try:
            names = set(meta.find_referenced_templates(env.parse(text)))
        except jinja2.TemplateSyntaxError:
            continue  # it is told of where templates are checked
        if None in names:
            return None
        found |= {name for name in names if name}
    return found


def _in(folder: Path, name: str, ending: str) -> Iterator[tuple[str, str]]:
    for path in _visible(folder / name):
        if path.is_dir():
            yield f"{name}/{path.name}", f"a folder in {name}/ is not read: put its files beside it"
        elif not path.name.endswith(ending):
            yield f"{name}/{path.name}", f"it is not read: files of {name}/ end in {ending}"


def _visible(folder: Path) -> list[Path]:
    """Without what editors and version control keep, and without words for people."""
    if not folder.is_dir():
        return []
    hidden = (".", "__", "README", "LICENSE", "LICENCE")
    return sorted(
        path for path in folder.iterdir()
        if not path.name.startswith(hidden) and not path.name.endswith("~")
    )  # fmt: skip
