"""Wrong versions of the starter pack's prompts, business and scenarios, and what must be said of each."""

from collections.abc import Iterator

from mutations_changes import Mutation, added, replaced, without_line


def prompts() -> Iterator[Mutation]:
    file = "prompts/system.md.j2"
    for name, more, said in (
        ("unclosed", "{% if x %}", "end of template|endif"),
        ("no such filter", "{{ 'x' | ghost }}", "ghost"),
        ("no such name", "{{ ghost }}", "'ghost' is undefined"),
        ("no such file", "{% include 'ghost.j2' %}", "no template 'ghost.j2'"),
        ("out of the sandbox", "{{ ''.__class__.__mro__ }}", "unsafe|undefined"),
        ("divided by nothing", "{{ 1 // 0 }}", "ZeroDivisionError"),
        ("no such tag", "{% ghost %}", "ghost"),
        ("half a brace", "{{ channel }", r"`{{` is not closed with `}}`"),
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


def business() -> Iterator[Mutation]:
    file = "business.example.toml"
    yield Mutation("business: gone", file, None, "it is missing; demo and checks use it")
    for key in ("id", "name"):
        yield Mutation(
            f"business: no {key}", file, without_line(f"{key} ="), f"{key}: it is missing"
        )
    for old, new, said in (
        ("timezone =", "timezon =", "timezon: unknown key"),
        ("America/New_York", "Moon/Base", "not an IANA time zone"),
        ('"USD"', '"usd"', "currency: it must be three capital letters, such as"),
        ('"en-US"', '"English!"', "not a language tag"),
        ('"09:00-12:30", "13:30-18:00"', '"9-12"', "not a range of times"),
        ('"09:00-12:30", "13:30-18:00"', '"09:00-14:00", "13:30-18:00"', "overlap"),
        (
            "[facts]",
            "[[exceptions]]\ndate = 2026-12-24\nuntil = 2026-01-01\n[facts]",
            "the end is before the start",
        ),
        (
            "[settings.booking]",
            "[settings.boking]",
            "settings.boking: no plugin has it.*did you mean `booking`",
        ),
        ("step = 30", "steps = 30", "steps: unknown key"),
        ("step = 30", "step = 0", "step"),
        ('id = "sam"', 'id = "alex"', "two have the same id"),
        (
            "duration = 30",
            'duration = "half an hour"',
            "services.0.duration: it must be a whole number, without quotes",
        ),
        ("step = 30", "step = 30.5", "step: it must be a whole number"),
        (
            "duration = 30",
            "duration = 30, buffer_after = -1",
            "services.0.buffer_after: it must be a whole number, 0 or more",
        ),
        ("duration = 30", "duration = 30, skills = ['x']", "services.0: no resource can serve"),
        (
            'locale = "en-US"',
            'locale = "en-US"\naccent = "red"',
            'accent: it must be a colour such as "#0f766e"',
        ),
        ('country = "US"', 'country = "USA"', "country: it must be two capital letters"),
        ('kind = "staff"', 'kind = "ghost"', "Invalid enum|kind"),
        ('personality = "friendly"', 'personality = "ghost"', "ghost"),
        ('pack = "starter"', 'pack = "other"', "other"),
        ('id = "starter"', 'id = "other"', "other"),
    ):
        yield Mutation(f"business: {new}", file, replaced(old, new), said)


def scenarios() -> Iterator[Mutation]:
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
        ("live = false", 'live = "no"', "live: it must be true or false"),
        ("-05:00", "", "now: it needs an offset"),
        ("customer =", "costumer =", "costumer: unknown key; did you mean `customer`"),
        ("expect.done", "expect.dome", "dome: unknown key"),
        ('"corrected"', '"fine"', "outcome: 'fine' is none of answered"),
        ('{ say = "You\'re booked!" }', "{}", "it needs `say` or `call`"),
        ("[[turn]]", "[[turns]]", "turns: unknown key; did you mean `turn`"),
        ("[[turn]]", "[[turn]", "not valid TOML"),
        ("booking = 0", 'booking = "none"', "rows"),
        (
            "2026-11-23T12:00:00-05:00",
            '"soon"',
            "now: it must be a moment with its offset, such as 2026",
        ),
    ):
        yield Mutation(f"scenario: {new}", file, replaced(old, new), said)
