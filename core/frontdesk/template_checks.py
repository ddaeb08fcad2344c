"""What is wrong with a pack's templates, alone and rendered."""

import traceback

import jinja2
from jinja2 import nodes

from frontdesk.business import Business
from frontdesk.expected import hint
from frontdesk.packs import PERSONALITIES, Pack
from frontdesk.prompt import core_templates, environment, system_prompt


def template_problems(pack: Pack) -> list[str]:
    """What is wrong with the templates, alone and rendered together for each channel and voice."""
    problems: list[str] = []
    env = environment(pack)
    for name in pack.templates:
        try:
            env.get_template(name)
            problems += _lost_texts(pack, name)
        except Exception as error:
            problems.append(_template_problem(pack, name, error))
    voices = pack.manifest.personalities if pack.manifest else PERSONALITIES
    for voice in voices:
        business = Business(id="example", name="Example", personality=voice)
        for channel in ("web", "sms"):
            try:
                system_prompt(business, pack, channel, markdown=channel == "web")
            except Exception as error:  # templates can raise whatever an expression can
                problems.append(_template_problem(pack, "system.md.j2", error))
    return list(dict.fromkeys(problems))


def _lost_texts(pack: Pack, name: str) -> list[str]:
    """What Jinja drops in silence: blocks that the base does not have, and text beside them."""
    templates = core_templates() | pack.templates
    env = jinja2.Environment(autoescape=False)  # noqa: S701  only to parse
    tree = env.parse(templates[name])
    parent = next(iter(tree.find_all(nodes.Extends)), None)
    if parent is None:
        return []
    known: set[str] = set()
    above: nodes.Extends | None = parent
    while above is not None and isinstance(above.template, nodes.Const):
        if above.template.value not in templates:
            return []  # it is told where the template is rendered
        base = env.parse(templates[above.template.value])
        known |= {block.name for block in base.find_all(nodes.Block)}
        above = next(iter(base.find_all(nodes.Extends)), None)
    place = f"{pack.shown}/prompts/{name}"
    lost = [
        f"{place}:{block.lineno}: there is no block {block.name!r} to fill; "
        f"known: {', '.join(sorted(known))}{hint(block.name, known)}"
        for block in tree.find_all(nodes.Block)
        if block.name not in known
    ]
    beside = [node for node in tree.body if isinstance(node, nodes.Output)]
    lost += [
        f"{place}:{part.lineno}: text outside of a block is dropped: put it into one"
        for node in beside
        for part in node.nodes
        if not isinstance(part, nodes.TemplateData) or part.data.strip()
    ]
    return lost


def _template_problem(pack: Pack, name: str, error: Exception) -> str:
    """The innermost line of the pack's templates that an error came from."""
    line, message = 1, f"{type(error).__name__}: {error}"
    if isinstance(error, jinja2.TemplateSyntaxError):
        name, line, message = error.name or name, error.lineno, error.message or message
        message += _unclosed(pack.templates.get(name, ""), line)
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in pack.templates:
                name, line = frame.filename, frame.lineno or 1
    if isinstance(error, jinja2.TemplateNotFound):
        message = f"there is no template {error.name!r}"
        message += hint(str(error.name), core_templates() | pack.templates)
    folder = "" if name.startswith("personalities/") else "prompts/"
    return f"{pack.shown}/{folder}{name}:{line}: {message}"


def _unclosed(text: str, line: int) -> str:
    """What to add to a syntax error where a line opens more than it closes."""
    lines = text.splitlines()[line - 1 : line]
    for opens, closes in (("{{", "}}"), ("{%", "%}"), ("{#", "#}")):
        if any(one.count(opens) > one.count(closes) for one in lines):
            return f": `{opens}` is not closed with `{closes}`"
    return ""
