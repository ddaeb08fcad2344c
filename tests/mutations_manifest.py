# ruff: noqa: E501
"""Wrong versions of the starter pack's pack.toml and tools, and what must be said of each."""

import re
from collections.abc import Iterator

from mutations_changes import Change, Mutation, added, json_set, replaced, valued, without_line


def manifest() -> Iterator[Mutation]:
    file = "pack.toml"
    for key in ("name", "title", "version"):
        yield Mutation(f"no {key}", file, without_line(f"{key} ="), f"{key}: it is missing")
    for key in ("name", "title", "version", "description", "requires", "languages"):
        said = f"{key}x: unknown key; did you mean `{key}`. expected one of"
        yield Mutation(f"{key}x", file, replaced(f"\n{key} =", f"\n{key}x ="), said)
    for table in ("disclosures", "defaults"):
        said = f"{table}x: unknown key"
        yield Mutation(f"[{table}x]", file, replaced(f"[{table}]", f"[{table}x]"), said)
    for key, value in (("name", "7"), ("title", "[]"), ("version", "1.0"), ("languages", '"en"'),
                       ("requires", "{}"), ("description", "true")):  # fmt: skip
        yield Mutation(f"{key} = {value}", file, valued(key, value), f"{key}: it must be")
    yield Mutation(
        "version v1", file, replaced('"0.1.0"', '"v1"'), "version: it must be a version such as"
    )
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
    yield Mutation(
        "then explode",
        file,
        replaced('"handoff"', '"explode"'),
        "then: 'explode' is none of handoff, help",
    )
    by_language = r"patterns: it must be by language: { en = \["
    yield Mutation(
        "patterns in no language",
        file,
        lambda text: re.sub(r"patterns = \{ en = (.*) \}", r"patterns = \1", text),
        by_language,
    )
    yield Mutation(
        "a language in capitals",
        file,
        replaced("patterns = { en", "patterns = { EN"),
        'a language such as "en"',
    )
    yield Mutation(
        "a reply in no language",
        file,
        lambda text: re.sub(r"instead = \{.*\}", 'instead = "No."', text),
        'instead: it must be by language: { en = "..." }',
    )
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


def tool_keys() -> Iterator[Mutation]:
    """Keys of a tool that are missing, unknown or of another kind."""
    file = "tools/create_booking.json"
    for key in ("name", "description", "action", "input_schema"):
        yield Mutation(f"tool: no {key}", file, json_set(key, ...), f"{key}: it is missing")
    for key, value in (("name", 1), ("description", None), ("action", []), ("input_schema", "x"),
                       ("confirm", "yes"), ("examples", "book"), ("bind", [])):  # fmt: skip
        yield Mutation(f"tool: {key} {value!r}", file, json_set(key, value), f"{key}: it must be")
    for name, key, value, said in (
        ("key x", "confirmed", True, "confirmed: unknown key"),
        ("no words", "description", "", "description: it must not be empty"),
        ("name", "name", "other", "'other' must be 'create_booking'"),
        ("ghost", "action", "ghost", "the action 'ghost': install"),
    ):
        yield Mutation(f"tool: {name}", file, json_set(key, value), said)


def tool_schemas() -> Iterator[Mutation]:
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


def tool_bindings() -> Iterator[Mutation]:
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


def tool_texts() -> Iterator[Mutation]:
    """Files that hold no tool at all."""
    changes: tuple[tuple[str, Change, str], ...] = (
        ("half of it", lambda text: text[: len(text) // 2], "not valid JSON"),
        ("no comma", replaced(",\n", "\n"), "not valid JSON"),
        ("a list of tools", lambda text: f"[{text}]", "it must be a table"),
        ("a key twice", replaced('"action"', '"name": "x", "action"'), "'name' stands twice"),
        ("nothing", lambda _: "", "not valid JSON"),
        (
            "a comma more",
            replaced('"confirm": true,', '"confirm": true,,'),
            "a key in double quotes is missing before `,",
        ),
        ("no colon", replaced('"action":', '"action"'), "a colon is missing before"),
        ("an open text", replaced('"confirm"', '"confirm'), "a colon is missing|not closed"),
        ("more behind it", added("}"), "it goes on after its end, with `}`"),
        ("depth", lambda _: "[" * 5000, "not valid JSON"),
        ("no text", lambda _: "\udcff", "cannot be read as UTF-8"),
    )
    for name, change, said in changes:
        yield Mutation(f"tool: {name}", "tools/create_booking.json", change, said)
