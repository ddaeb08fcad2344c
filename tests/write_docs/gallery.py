"""docs/gallery.md, from the installed packs: what each is, does and never says, and a conversation."""

import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from frontdesk import packs
from frontdesk.business import Business
from frontdesk.catalogue import read_business, tools_of
from frontdesk.config import Settings
from frontdesk.packs import Pack, PackFile, read_scenarios
from frontdesk.plugins import Plugins
from frontdesk.prompt import personalities
from frontdesk_server.commands.packs_render import prompt_of, sizes

from . import talks

HEAD = """<!-- Written by `python -m tests.write_docs` from the packs. -->

# Packs at a glance

The industries that come with Frontdesk, each with a business to try it on: `frontdesk serve --demo` shows
them all, `frontdesk chat NAME` talks to one in the terminal. The conversations are one scenario of each pack,
played by the offline model: no language model, no key, no network. A line that begins with `>` is the
customer's; a line in brackets is the outcome of an action, which the widget shows as a card. References are
drawn at random, so here they have stand-ins. Tokens are estimates, four characters each.

[Packs](packs.md) says what a pack is made of, [Writing a pack](pack-author.md) how the next one begins."""
FIRST_LINES = 4
"""Of the prompt's part on the industry."""
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s+(?=[A-Z])|$)", re.DOTALL)


async def page() -> str:
    plugins = Plugins(Settings())
    plugins.load_installed()
    plugins.collect()
    found = ours()
    entries = [await _entry(pack, plugins) for pack in found]
    return "\n\n".join([HEAD, _overview(found), *entries]) + "\n"


def ours() -> list[Pack]:
    return [pack for pack in packs.read_installed() if pack.source == "frontdesk"]


def _overview(found: Sequence[Pack]) -> str:
    rows = [
        f"| [{manifest.title}](#{_anchor(manifest.title)}) | {manifest.description} | "
        f"{len(pack.tools)} | {len(read_scenarios(pack)[0])} |"
        for pack in found
        if (manifest := pack.manifest)
    ]
    return "\n".join(["| pack | for | tools | scenarios |", "|---|---|---:|---:|", *rows])


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


async def _entry(pack: Pack, plugins: Plugins) -> str:
    assert pack.manifest
    business = read_business(pack.example, pack.shown, plugins.business_settings)
    file, scenario = talks.main_scenario(pack)
    with tempfile.TemporaryDirectory() as folder:
        greeting, talk = await talks.play(pack, scenario, Path(folder))
    parts = [
        f"## {pack.manifest.title}",
        f"![The widget of {business.name}](images/packs/{pack.name}.png)",
        _facts(pack, pack.manifest, business, greeting),
        "**Tools**",
        _tools(pack, business, plugins),
        *_never(pack.manifest),
        f"**A conversation** (`scenarios/{file}.toml`: {scenario.name})",
        f"```text\n{talk}\n```",
        *_prompt(pack, business, plugins),
    ]
    return "\n\n".join(parts)


def _facts(pack: Pack, manifest: PackFile, business: Business, greeting: str) -> str:
    suggestions = business.suggestions or manifest.defaults.suggestions
    voices = ", ".join(
        f"**{voice}**" if voice == business.personality else voice for voice in personalities(pack)
    )
    rules = ", ".join(f"`{trigger.name}`" for trigger in manifest.triggers)
    lines = [
        f"{manifest.description} A business chooses it with `pack = \"{pack.name}\"`.",
        "",
        f"- Example: {business.name}, {business.timezone}; personalities: {voices}",
        f"- Greets: \u201c{greeting}\u201d",
        f"- Suggests: {', '.join(suggestions)}",
        f"- Says that it is automated in: {', '.join(sorted(manifest.disclosures))}",
        f"- Rules of its own before any model: {rules or 'none'}",
        f"- Scenarios: {len(read_scenarios(pack)[0])}; `frontdesk packs test {pack.name}` runs them",
    ]  # fmt: skip
    return "\n".join(lines)


def _tools(pack: Pack, business: Business, plugins: Plugins) -> str:
    bound = tools_of(business, pack, plugins, ())
    rows = [
        f"| `{name}` | {first_sentence(one.tool.description)} | {'yes' if one.tool.confirm else ''} |"
        for name, one in bound.items()
    ]
    return "\n".join(["| tool | what it does | asks for a yes |", "|---|---|---|", *rows])


def _never(manifest: PackFile) -> Iterable[str]:
    if manifest.never_say:
        yield "**What it never says**"
        yield "\n".join(
            f"- `{taboo.name}`: {first_sentence(taboo.note)}" for taboo in manifest.never_say
        )


def _prompt(pack: Pack, business: Business, plugins: Plugins) -> Iterable[str]:
    prompt = prompt_of(business, pack, plugins, "web")
    tools, role, facts = sizes(prompt)
    yield (
        f"**Its prompt** has about {tools + role + facts:,} tokens, all of them cached: "
        f"{tools:,} of tools, {role:,} of the role, its rules and voice, {facts:,} of the business. "
        f"`frontdesk packs render {pack.name}` prints all of it. Its own part begins:"
    )
    lines = prompt.role.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("# ") and _is_own(line, pack))
    shown = lines[start : start + FIRST_LINES]
    yield "\n".join(["```text", *shown, "...", "```"])


def _is_own(heading: str, pack: Pack) -> bool:
    """One that stands in the pack's template, not in the base's."""
    return any(heading in text for text in pack.templates.values())


def first_sentence(text: str) -> str:
    """Fit for a cell of a table."""
    whole = " ".join(text.split())
    found = _SENTENCE.match(whole)
    return (found[1] if found else whole).replace("|", "\\|")
