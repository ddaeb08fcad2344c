# ruff: noqa: E501
"""Wrong versions of the starter plugin, and what must be said of each."""

from mutations_changes import Mutation, added, replaced


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
            ("nothing", replaced("    return [", "    [None for _ in ()] and ["), "not None"),
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
