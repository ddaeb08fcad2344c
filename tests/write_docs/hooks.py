"""docs/hooks.md, from the words in core/frontdesk/hookspecs.py."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import frontdesk
from frontdesk import hookspecs
from frontdesk.config import Settings
from frontdesk.plugins import Plugin, Plugins

HEAD = Path(__file__).with_name("hooks.head.md")
PARTS = {"Called": "When", "Return": "Return", "An exception": "Exception"}
"""How each paragraph of a hook begins, and what stands before it on the page."""
_SECTION = re.compile(r"^# ---- (.+?) -+$", re.MULTILINE)


class Hook(NamedTuple):
    name: str
    section: str
    signature: str
    """With types, in one line."""
    parts: dict[str, str]
    """By the names in PARTS."""
    plugins: list[str]
    """Those of ours that have it."""


def page() -> str:
    source = inspect.getsource(hookspecs)
    found = list(hooks(source))
    lines = [HEAD.read_text(encoding="utf-8").rstrip()]
    section = ""
    for hook in found:
        if hook.section != section:
            section = hook.section
            lines.append(f"## {section[0].upper()}{section[1:]}")
        lines.append(_entry(hook))
    lines += ["## Types", _types(source, found)]
    return "\n\n".join(lines) + "\n"


def hooks(source: str) -> Iterator[Hook]:
    """In the order of the file."""
    bundled = _bundled()
    sections = [(source[: m.start()].count("\n"), m[1]) for m in _SECTION.finditer(source)]
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            section = [title for line, title in sections if line < node.lineno][-1]
            parts = _parts(ast.get_docstring(node) or "")
            having = [plugin.name for plugin in bundled if node.name in plugin.hooks]
            yield Hook(node.name, section, _signature(node), parts, having)


def _bundled() -> list[Plugin]:
    plugins = Plugins(Settings())
    plugins.load_installed()
    return [plugin for plugin in plugins.found.values() if plugin.distribution == "frontdesk"]


def _signature(node: ast.FunctionDef) -> str:
    text = f"{node.name}({ast.unparse(node.args)})"
    if node.returns is not None:
        text += f" -> {ast.unparse(node.returns)}"
    return re.sub(r"['\"]", "", text)


def _parts(doc: str) -> dict[str, str]:
    """A paragraph that begins otherwise belongs to the one before it."""
    found: dict[str, str] = {}
    last = ""
    for paragraph in doc.split("\n\n"):
        text = " ".join(paragraph.split())
        last = next((name for start, name in PARTS.items() if text.startswith(start)), last)
        found[last] = f"{found[last]} {text}" if last in found else text
    return found


def _entry(hook: Hook) -> str:
    lines = [f"### {hook.name}", "", f"`{hook.signature}`", ""]
    lines += [f"- **{name}:** {_said(hook.parts, name)}" for name in PARTS.values()]
    lines.append(f"- **In Frontdesk:** {', '.join(hook.plugins) or 'nowhere; it is for yours'}.")
    return "\n".join(lines)


def _said(parts: dict[str, str], name: str) -> str:
    """The word that the label says already is left out."""
    text = parts.get(name, "").removeprefix("Called").removeprefix("Return").lstrip(", ")
    return text[:1].upper() + text[1:]


# ---- the types that they name ----------------------------------------------------------------


def _types(source: str, found: list[Hook]) -> str:
    words = set(re.findall(r"\w+", " ".join(hook.signature for hook in found)))
    rows = sorted((name, module) for name, module in _imported(source) if name in words)
    lines = [f"| `{name}` | `{_import(name, module)}` | {_what(name, module)} |"
             for name, module in rows]  # fmt: skip
    return "\n".join(["| type | import | |", "|---|---|---|", *lines])


def _imported(source: str) -> Iterator[tuple[str, str]]:
    """(name, module) of what hooks take and return and Frontdesk has."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("frontdesk."):
            yield from ((alias.name, node.module or "") for alias in node.names)


def _import(name: str, module: str) -> str:
    return f"from {'frontdesk' if name in frontdesk.__all__ else module} import {name}"


def _what(name: str, module: str) -> str:
    """The first paragraph of what it says of itself, and its fields."""
    found = importlib.import_module(module)
    of = getattr(found, name)
    text = _below(inspect.getsource(found), name) or of.__doc__ or ""
    said = " ".join(text.split("\n\n")[0].split())
    fields = ", ".join(f"`{field}`" for field in getattr(of, "__struct_fields__", ()))
    return " ".join(part for part in (said, f"Fields: {fields}." if fields else "") if part)


def _below(source: str, name: str) -> str:
    """The text below `NAME = ...`."""
    body = ast.parse(source).body
    for node, after in pairwise(body):
        match node, after:
            case (
                ast.Assign(targets=[ast.Name(id=known)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ) if known == name:
                return text
            case _:
                pass
    return ""
