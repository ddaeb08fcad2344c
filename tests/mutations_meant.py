# ruff: noqa: E501
"""Versions of the starter pack that a server could use, though it would not do what was meant."""

import re
from collections.abc import Iterator

from mutations_changes import Mutation, added, json_set, replaced, valued

_SYSTEM = "prompts/system.md.j2"


def layout() -> Iterator[Mutation]:
    """Files that nobody would read. The starter has none of these."""
    yield Mutation("layout: no prompt", _SYSTEM, None, "it is missing: without it the assistant")
    for file, said in (
        ("prompts/system.smss.md.j2", "did you mean system.sms.md.j2"),
        ("prompts/system.md", "did you mean system.md.j2"),
        ("prompts/sytem.md.j2", "did you mean system.md.j2"),
        ("prompts/industry.md.j2", "no prompt takes it in"),
        ("tools/get_menu.jsn", "files of tools/ end in .json"),
        ("tools/deeper/get_menu.json", "a folder in tools/ is not read"),
        ("scenarios/books.tom", "files of scenarios/ end in .toml"),
        ("personalities/grumpy.j2", "files of personalities/ end in .md.j2"),
        ("scenario/books.toml", "did you mean scenarios/"),
        ("prompt/system.md.j2", "did you mean prompts/"),
        ("templates/system.md.j2", "no folder of a pack"),
        ("busines.example.toml", "did you mean business.example.toml"),
        ("pack.tml", "did you mean pack.toml"),
        ("get_menu.json", "no file of a pack"),
    ):
        yield Mutation(f"layout: {file}", file, added("# words\n"), said)


def tools_meant() -> Iterator[Mutation]:
    """Tools and requirements that do not go together."""
    yield Mutation("requires what no tool uses", "pack.toml", replaced("requires = [", 'requires = ["join_waitlist", '),
                   "requires 'join_waitlist', which no tool of the pack uses")  # fmt: skip
    yield Mutation("tool: done without a yes", "tools/create_booking.json", json_set("confirm", ...),
                   'add "confirm": true, or "confirm": false')  # fmt: skip
    yield Mutation("tool: cancels without a yes", "tools/cancel_booking.json", json_set("confirm", ...),
                   'add "confirm": true, or "confirm": false')  # fmt: skip
    yield Mutation("tool: status of a ghost", "tools/enquiry_status.json", json_set("bind.kind", "enquiri"),
                   "of the kind 'enquiri'.*did you mean `enquiry`")  # fmt: skip
    yield Mutation("tool: status of two", "tools/enquiry_status.json", json_set("bind.kind", ["enquiry", "ghost"]),
                   "of the kind 'ghost'; known: enquiry")  # fmt: skip


def words_meant() -> Iterator[Mutation]:
    """Placeholders that nothing fills in."""
    for file in ("pack.toml", "business.example.toml"):
        for key, value, said in (
            (
                "greeting",
                '"Hi from {nmae}"',
                "greeting: the placeholder {nmae} is unknown; known: {name}",
            ),
            ("greeting", '"Hi from {{name}}"', "greeting: the placeholder {{name}} is unknown"),
            (
                "suggestions",
                '["Book at {name}"]',
                "suggestions.0: the placeholder {name} is unknown",
            ),
        ):
            change = (
                valued(key, value)
                if file == "pack.toml"
                else replaced("\nname =", f"\n{key} = {value}\nname =")
            )
            yield Mutation(f"{file}: {key} = {value}", file, change, re.escape(said))
    yield Mutation(
        "a disclosure",
        "pack.toml",
        replaced('\nen = "', '\nen = "{name}: '),
        "disclosures.en: the placeholder",
    )


def scenarios_meant() -> Iterator[Mutation]:
    """Names in scenarios that nothing has."""
    file = "scenarios/model_books_without_a_yes.toml"
    turn = '\n[[turn]]\ncustomer = "Hello"\nexpect.{0}\n'
    for key, said in (
        ('done = ["creat_booking"]', "done.0: there is no tool .*did you mean `create_booking`"),
        ('proposed = ["get_hours", "ghost"]', "proposed.1: there is no tool 'ghost'"),
        ('failed = ["ghost"]', "failed.0: there is no tool 'ghost'"),
        ('never = ["ghost"]', "never.0: there is no tool 'ghost'"),
        ("data = { ghost = { a = 1 } }", "data.ghost: there is no tool 'ghost'"),
        ('trigger = "legal_treat"', "there is no rule .*did you mean `legal_threat`"),
    ):
        yield Mutation(f"scenario: expects {key}", file, added(turn.format(key)), said)
    yield Mutation("scenario: no such table", file, replaced("booking = 0", "bookings = 0"),
                   "there is no table 'bookings'; did you mean `booking`")  # fmt: skip
    yield Mutation("scenario: a table like no other", file, replaced("booking = 0", "xyzzy = 0"),
                   "there is no table 'xyzzy'; known: .*booking")  # fmt: skip
    yield Mutation("scenario: a name twice", "scenarios/takes_an_enquiry.toml",
                   valued("name", '"a model that books without a yes"'), "has the same name")  # fmt: skip
    for own, said in (
        ('currency = "usd"', "business.currency: it must be three capital letters"),
        ("settings.booking.step = 0", "business.settings.booking.step: it must be a whole number"),
        ('greeting = "{nmae}"', "business.greeting: the placeholder"),
    ):
        yield Mutation(f"scenario: of {own}", file, added(f"\n[business]\n{own}\n"), said)
