# ruff: noqa: E501
"""Wrong versions of the starter pack and the starter plugin, and what must be said of each."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

Change = Callable[[str], str]


class Mutation(NamedTuple):
    name: str
    file: str
    """Which it changes; what is said must name this one and a line of it."""
    change: Change | None
    """None: the file is taken away."""
    said: str
    """A regular expression that the report of it must contain."""


def replaced(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def without_line(start: str) -> Change:
    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        assert any(line.startswith(start) for line in lines), start
        return "".join(line for line in lines if not line.startswith(start))

    return change


def added(more: str) -> Change:
    return lambda text: text + more


def first(more: str) -> Change:
    return lambda text: more + text


def valued(key: str, value: str) -> Change:
    """The line of a key with another value."""

    def change(text: str) -> str:
        return re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)

    return change


def json_set(path: str, value: Any) -> Change:
    """Set what a dotted path leads to; `...` takes it away."""

    def change(text: str) -> str:
        tree = json.loads(text)
        node = tree
        *way, last = path.split(".")
        for part in way:
            node = node[part]
        if value is ...:
            del node[last]
        else:
            node[last] = value
        return json.dumps(tree, indent=2)

    return change


# ---- packs -----------------------------------------------------------------------------------


def _manifest() -> Iterator[Mutation]:
    file = "pack.toml"
    for key in ("name", "title", "version"):
        yield Mutation(f"no {key}", file, without_line(f"{key} ="), f"{key}: it is missing")
    for key in ("name", "title", "version", "description", "requires", "languages"):
        said = f"{key}x: unknown key; expected one of"
        yield Mutation(f"{key}x", file, replaced(f"\n{key} =", f"\n{key}x ="), said)
    for table in ("disclosures", "defaults"):
        said = f"{table}x: unknown key"
        yield Mutation(f"[{table}x]", file, replaced(f"[{table}]", f"[{table}x]"), said)
    for key, value in (("name", "7"), ("title", "[]"), ("version", "1.0"), ("languages", '"en"'),
                       ("requires", "{}"), ("description", "true")):  # fmt: skip
        yield Mutation(f"{key} = {value}", file, valued(key, value), f"{key}: Expected")
    yield Mutation("version v1", file, replaced('"0.1.0"', '"v1"'), "version: .*regex")
    yield Mutation("another name", file, replaced('name = "starter"', 'name = "other"'),
                   "'other' must be 'starter'")  # fmt: skip
    yield Mutation("a ghost is required", file, replaced('"take_record"', '"ghost"'),
                   "requires 'ghost', which no enabled plugin provides: install")  # fmt: skip
    yield Mutation("a ghostly voice", file, replaced("languages =", 'personalities = ["ghost"]\nlanguages ='),
                   "no personality 'ghost'")  # fmt: skip
    for n, (old, key) in enumerate((
        ("my lawyer\\b''', ", "triggers.0.patterns"), ("my lawyer recommended", "triggers.0.unless"),
        ("we guarantee", "never_say.0.patterns"),
    )):  # fmt: skip
        yield Mutation(f"regex {n}", file, replaced(old, f"({old}"), f"{key}.*not a regular")
    yield Mutation("then explode", file, replaced('"handoff"', '"explode"'), "triggers.0.then: Inv")
    yield Mutation("a rule without patterns", file, replaced("patterns = { en = ['''\\bmy", "#"),
                   r"triggers.0.patterns: it is missing")  # fmt: skip
    yield Mutation("a taboo without a note", file, without_line("note ="), "note: it is missing")
    again = (
        '\n[[triggers]]\nname = "legal_threat"\npatterns = { en = ["x"] }\nreply = { en = "x" }\n'
    )
    yield Mutation("two rules of a name", file, added(again), "another rule 'legal_threat'")
    yield Mutation("a rule without an answer", file, added(again.replace("legal_threat", "mute").replace('reply = { en = "x" }', "")),
                   r"triggers.1.*repl")  # fmt: skip
    yield Mutation(
        "a key twice", file, replaced("\nversion", '\ntitle = "Twice"\nversion'), "not valid TOML"
    )
    yield Mutation("broken TOML", file, replaced("[disclosures]", "[disclosures"), "not valid TOML")
    yield Mutation("half of it", file, lambda text: text[: len(text) // 2], "not valid TOML")
    yield Mutation("no pack.toml", file, None, "there is no pack.toml")
    yield Mutation("no text", file, lambda _: "\udcff\udcfe", "cannot be read as UTF-8")


def _tool_keys() -> Iterator[Mutation]:
    """Keys of a tool that are missing, unknown or of another kind."""
    file = "tools/create_booking.json"
    for key in ("name", "description", "action", "input_schema"):
        yield Mutation(f"tool: no {key}", file, json_set(key, ...), f"{key}: it is missing")
    for key, value in (("name", 1), ("description", None), ("action", []), ("input_schema", "x"),
                       ("confirm", "yes"), ("examples", "book"), ("bind", [])):  # fmt: skip
        yield Mutation(f"tool: {key} {value!r}", file, json_set(key, value), f"{key}: Expected")
    for name, key, value, said in (
        ("key x", "confirmed", True, "confirmed: unknown key"),
        ("no words", "description", "", "description: .*length"),
        ("name", "name", "other", "'other' must be 'create_booking'"),
        ("ghost", "action", "ghost", "the action 'ghost': install"),
    ):
        yield Mutation(f"tool: {name}", file, json_set(key, value), said)


def _tool_schemas() -> Iterator[Mutation]:
    """Schemas that are none, that are open, or that ask for what cannot be had."""
    file = "tools/create_booking.json"
    no_schema = "not a valid JSON Schema"
    far = {"$ref": "https://example.com/x"}
    wanted = ["service", "date", "time", "name", "phone", "ghost"]
    for name, path, value, said in (
        ("open", "additionalProperties", ..., "false is missing"),
        ("opened", "additionalProperties", True, "false is missing"),
        ("a list", "type", "array", 'must have "type": "object"'),
        ("no such type", "properties.name.type", "text", no_schema),
        ("bad pattern", "properties.time.pattern", "(", no_schema),
        ("required text", "required", "name", no_schema),
        ("negative length", "properties.name.minLength", -1, no_schema),
        ("far reference", "properties.name", far, no_schema),
        ("a key with blanks", "properties.a b", {}, "only letters, digits"),
        ("not required", "required", ["service"], "requires 'name': require or bind"),
        ("wants a ghost", "required", wanted, "ghost"),
    ):
        yield Mutation(f"tool: {name}", file, json_set(f"input_schema.{path}", value), said)


def _tool_bindings() -> Iterator[Mutation]:
    """Values that a tool binds and its action cannot take."""
    booking, enquiry = "tools/create_booking.json", "tools/send_enquiry.json"
    for name, file, key, value, said in (
        ("binds a ghost", booking, "bind", {"ghost": 1}, "has no such parameter"),
        ("binds a property", booking, "bind", {"name": "x"}, "must not be a property too"),
        ("binds nonsense", booking, "bind", {"party_size": "x"}, "must be of type"),
        ("kind", enquiry, "bind.kind", "No Kind", "bind|pattern"),
        ("no kind", enquiry, "bind.kind", ..., "requires 'kind'"),
    ):
        yield Mutation(f"tool: {name}", file, json_set(key, value), said)


def _tool_texts() -> Iterator[Mutation]:
    """Files that hold no tool at all."""
    changes: tuple[tuple[str, Change, str], ...] = (
        ("half of it", lambda text: text[: len(text) // 2], "not valid JSON"),
        ("no comma", replaced(",\n", "\n"), "not valid JSON"),
        ("a list of tools", lambda text: f"[{text}]", "Expected"),
        ("a key twice", replaced('"action"', '"name": "x", "action"'), "'name' stands twice"),
        ("nothing", lambda _: "", "not valid JSON"),
        ("depth", lambda _: "[" * 5000, "not valid JSON"),
        ("no text", lambda _: "\udcff", "cannot be read as UTF-8"),
    )
    for name, change, said in changes:
        yield Mutation(f"tool: {name}", "tools/create_booking.json", change, said)


def _prompts() -> Iterator[Mutation]:
    file = "prompts/system.md.j2"
    for name, more, said in (
        ("unclosed", "{% if x %}", "end of template|endif"),
        ("no such filter", "{{ 'x' | ghost }}", "ghost"),
        ("no such name", "{{ ghost }}", "'ghost' is undefined"),
        ("no such file", "{% include 'ghost.j2' %}", "no template 'ghost.j2'"),
        ("out of the sandbox", "{{ ''.__class__.__mro__ }}", "unsafe|undefined"),
        ("divided by nothing", "{{ 1 // 0 }}", "ZeroDivisionError"),
        ("no such tag", "{% ghost %}", "ghost"),
        ("half an expression", "{{ }}", "Expected an expression"),
    ):
        yield Mutation(
            f"prompt: {name}", file, replaced("- Promise no", f"{more}\n- Promise no"), said
        )
    yield Mutation(
        "prompt: no such block", file, replaced("block industry", "block ghost"), "no block 'ghost'"
    )
    yield Mutation(
        "prompt: beside", file, added("Be kind.\n"), "text outside of a block is dropped"
    )
    yield Mutation(
        "prompt: no base", file, replaced("base.md.j2", "ghost.j2"), "no template 'ghost.j2'"
    )
    yield Mutation("prompt: no text", file, lambda _: "\udcff", "cannot be read as UTF-8")


def _business() -> Iterator[Mutation]:
    file = "business.example.toml"
    yield Mutation("business: gone", file, None, "it is missing; demo and checks use it")
    for key in ("id", "name"):
        yield Mutation(
            f"business: no {key}", file, without_line(f"{key} ="), f"{key}: it is missing"
        )
    for old, new, said in (
        ("timezone =", "timezon =", "timezon: unknown key"),
        ("America/New_York", "Moon/Base", "not an IANA time zone"),
        ('"USD"', '"usd"', "currency"),
        ('"en-US"', '"English!"', "not a language tag"),
        ('"09:00-12:30", "13:30-18:00"', '"9-12"', "not a range of times"),
        ('"09:00-12:30", "13:30-18:00"', '"09:00-14:00", "13:30-18:00"', "overlap"),
        ("until = 2027-01-01", "until = 2026-01-01", "the end is before the start"),
        ("[settings.booking]", "[settings.ghost]", "settings.ghost: no plugin has it"),
        ("step = 30", "steps = 30", "steps: unknown key"),
        ("step = 30", "step = 0", "step"),
        ('id = "sam"', 'id = "alex"', "two have the same id"),
        ("duration = 30", 'duration = "half an hour"', "Expected"),
        ('kind = "staff"', 'kind = "ghost"', "Invalid enum|kind"),
        ('personality = "friendly"', 'personality = "ghost"', "ghost"),
        ('pack = "starter"', 'pack = "other"', "other"),
        ('id = "starter"', 'id = "other"', "other"),
    ):
        yield Mutation(f"business: {new}", file, replaced(old, new), said)


def _scenarios() -> Iterator[Mutation]:
    file = "scenarios/model_books_without_a_yes.toml"
    for key in ("name", "now"):
        yield Mutation(
            f"scenario: no {key}", file, without_line(f"{key} ="), f"{key}: it is missing"
        )
    yield Mutation(
        "scenario: no turn", file, lambda text: text.partition("[[turn]]")[0], "turn: it is missing"
    )
    for old, new, said in (
        ("live =", "alive =", "alive: unknown key"),
        ("live = false", 'live = "no"', "live: Expected"),
        ("-05:00", "", "now: it needs an offset"),
        ("customer =", "costumer =", "costumer: unknown key"),
        ("expect.done", "expect.dome", "dome: unknown key"),
        ('"corrected"', '"fine"', "outcome: Invalid enum"),
        ('{ say = "You\'re booked!" }', "{}", "it needs `say` or `call`"),
        ("[[turn]]", "[[turn]", "not valid TOML"),
        ("booking = 0", 'booking = "none"', "rows"),
        ("2026-11-23T12:00:00-05:00", '"soon"', "now: "),
    ):
        yield Mutation(f"scenario: {new}", file, replaced(old, new), said)


def of_packs() -> list[Mutation]:
    tools = (*_tool_keys(), *_tool_schemas(), *_tool_bindings(), *_tool_texts())
    return [*_manifest(), *tools, *_prompts(), *_business(), *_scenarios()]


# ---- plugins ---------------------------------------------------------------------------------


def of_plugins() -> list[Mutation]:
    file, hook = "module", "\n\n@hookimpl\n"
    return [
        Mutation(name, file, change, said)
        for name, change, said in (
            ("syntax", replaced("return {", "return {{"), "SyntaxError"),
            ("indentation", replaced("        raise Action", "  raise Action"), "IndentationError"),
            ("no words", replaced('"Square a number."', '""'), "needs a description"),
            ("not async", replaced("async def square", "def square"), "must be an async function"),
            ("no code", replaced("run=square", "run=None"), "must be an async function"),
            ("no params", replaced("params=Square", "params=int"), "int"),
            ("no such import", replaced("import msgspec", "import ghost_of_msgspec"), "ghost_of"),
            ("no such name", replaced("import Action,", "import Ghost, Action,"), "'Ghost'"),
            ("raises", added("\nraise OSError('no')\n"), "OSError: no"),
            ("exits", added("\nraise SystemExit(3)\n"), "SystemExit: 3"),
            ("misspelt", replaced("def register_actions", "def register_action"), "unknown hook"),
            ("async hook", replaced("def register_actions", "async def register_actions"), "is async"),
            ("unknown argument", replaced("register_actions()", "register_actions(ghost)"), "ghost"),
            ("no list", replaced("        Action(", "        'square', Action("), "must return Action, not str"),
            ("nothing", replaced("    return [", "    [None for _ in ()] and ["), "NoneType"),
            ("dashes", replaced('name="starter"', 'name="star-ter"'), "must be lower case letters"),
            ("taken", replaced('name="starter"', 'name="get_hours"'), "taken by the plugin 'info'"),
            ("without a name", replaced('            name="starter",\n', ""), "name"),
            ("without code", replaced("            run=square,\n", ""), "run"),
            ("a ghostly key", replaced("run=square,", "run=square, ghost=1,"), "ghost"),
            ("bad schema", replaced("params=Square", "params={'type': 'ghost'}"), "ghost"),
            ("channels", added(hook + "def register_channels():\n    return [object()]\n"), "is no channel"),
            ("models", added(hook + "def register_models():\n    return [object()]\n"), "is no model"),
            ("tables", added(hook + "def register_tables():\n    return []\n"), "must return Tables"),
            ("sections", added(hook + "def register_business_settings():\n    return {'x': int}\n"), "msgspec.Struct"),
            ("section taken", added(hook + "def register_business_settings():\n    return {'booking': Square}\n"), "is taken"),
            ("twice", replaced("    return [\n", "    return [*register_more(),\n"), "taken by the plugin"),
        )
    ]  # fmt: skip


def prepare(mutation: Mutation, text: str) -> str:
    """The plugin's module with what a mutation needs beside its change."""
    assert mutation.change is not None
    changed = mutation.change(text)
    if mutation.name == "twice":
        changed += (
            '\n\ndef register_more():\n    return [Action(name="starter", description="x", '
            "params=Square, run=square)]\n"
        )
    return changed


def write(text: str, file: Path) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
