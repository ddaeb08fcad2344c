"""The system prompt of a business: rendered once for each business and channel, then kept."""

from collections import OrderedDict
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import FunctionLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from frontdesk.business import WEEKDAYS, Business, Faq
from frontdesk.packs import Pack

MOST_FAQ, LONGEST_FAQ = 40, 6000
"""Entries and characters. More than that would cost every turn: then only `search_faq` finds them."""

OWN_VOICE = "In the voice that the owner describes among the business's facts below."

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@cache
def core_templates() -> dict[str, str]:
    """The templates that the core ships, by name."""
    root = files("frontdesk").joinpath("prompts")
    found = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in root.iterdir()
        if entry.name.endswith(".j2")
    }
    for entry in root.joinpath("personalities").iterdir():
        if entry.name.endswith(".j2"):
            found[f"personalities/{entry.name}"] = entry.read_text(encoding="utf-8")
    return found


def personalities(pack: Pack | None) -> list[str]:
    """The voices that a business of this pack may choose, by name."""
    names = core_templates() | (pack.templates if pack else {})
    found = [name.split("/")[1] for name in names if name.startswith("personalities/")]
    return sorted(name.removesuffix(".md.j2") for name in found)


class Templates(NamedTuple):
    """The compiled templates of a pack."""

    pack: Pack | None
    plain: ImmutableSandboxedEnvironment
    fenced: ImmutableSandboxedEnvironment
    """For what a business typed, which must not end the fence that it stands in."""


_compiled: OrderedDict[int, Templates] = OrderedDict()
MOST_COMPILED = 64


def templates_of(pack: Pack | None) -> Templates:
    """Compiled once for each pack that was read, because that takes most of the time of rendering."""
    known = _compiled.get(id(pack))
    if known is None or known.pack is not pack:
        plain = environment(pack)
        known = Templates(pack, plain, plain.overlay(finalize=_unfenced))
        _compiled[id(pack)] = known
        while len(_compiled) > MOST_COMPILED:
            _compiled.popitem(last=False)
    return known


def environment(pack: Pack | None) -> ImmutableSandboxedEnvironment:
    """Jinja's sandbox over the pack's templates, then the core's. Unknown names are errors."""
    templates = core_templates() | (pack.templates if pack else {})

    def load(name: str) -> tuple[str, str, None] | None:
        # The name stands for the file, so that tracebacks have it.
        return (templates[name], name, None) if name in templates else None

    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=False,
    )


def system_prompt(
    business: Business, pack: Pack | None, channel: str, *, markdown: bool
) -> tuple[str, str]:
    """(the role, its rules and voice; the business's facts). What a business typed is only data."""
    env, fenced = templates_of(pack)[1:]
    templates = core_templates() | (pack.templates if pack else {})
    names = [f"system.{channel}.md.j2", "system.md.j2", "base.md.j2"]
    name = next(name for name in names if name in templates)
    role = env.get_template("handbook.md.j2" if business.handbook else name).render(
        parent=name,
        channel=channel,
        markdown=markdown,
        personality=_voice(env, templates, business),
        languages=list(pack.manifest.languages) if pack and pack.manifest else [business.language],
    )
    facts = fenced.get_template("business.md.j2").render(
        business=business,
        faq=_faq(business),
        week=[(name, getattr(business.hours, day)) for name, day in zip(_NAMES, WEEKDAYS, strict=True)],
    )  # fmt: skip
    return role.strip(), facts.strip()


def _faq(business: Business) -> tuple[Faq, ...]:
    """The questions to print whole; none when they are too many."""
    length = sum(len(entry.question) + len(entry.answer) for entry in business.faq)
    return business.faq if len(business.faq) <= MOST_FAQ and length <= LONGEST_FAQ else ()


def _unfenced(value: object) -> str:
    return str(value).replace("</", "< /")


def _voice(
    env: ImmutableSandboxedEnvironment, templates: dict[str, str], business: Business
) -> str:
    """Without what the owner typed, so that this part stays the same for all who have a voice."""
    if business.voice:
        return OWN_VOICE
    name = f"personalities/{business.personality}.md.j2"
    if name not in templates:
        name = "personalities/friendly.md.j2"
    return env.get_template(name).render().strip()
