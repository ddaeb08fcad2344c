"""STOP, START and HELP: what a customer means, and whether we or Twilio answer it.

A message of one of Twilio's words is a command whatever we think of it: Twilio has blocked the number
already. All other ways to say it are the engine's rules (`triggers.toml`), which a pack may extend.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from frontdesk import triggers
from frontdesk.business import Business
from frontdesk.triggers import Trigger
from frontdesk_plugins.sms.settings import OptOut

Kind = Literal["stop", "start", "help"]
KINDS: tuple[Kind, ...] = ("stop", "start", "help")
_THEN: dict[Kind, str] = {"stop": "opt_out", "start": "opt_in", "help": "help"}
_QUOTES = ".!\"'"


class Command(msgspec.Struct, frozen=True):
    kind: Kind
    is_ours: bool
    """Nobody else answers it: one confirmation, or the help text, leaves from here."""
    word: str = ""
    """The one word that it was; empty when it was said in other words."""


def hear(
    text: str,
    *,
    option: str,
    mode: OptOut,
    recipient: str,
    is_out: bool,
    business: Business,
    rules: Sequence[Trigger],
) -> Command | None:
    """The command that a message is. `option` is Twilio's OptOutType, `recipient` our number.

    YES is one only of somebody who opted out: all others mean the question they were asked.
    """
    word = text.strip().strip(_QUOTES).strip().upper()
    if word == "YES" and not is_out:
        return None
    known = _table()
    said = option.strip().lower()
    for kind in KINDS:
        if kind == said or word in known[kind]:
            is_answered = mode != "self" and _is_answered(kind, word, said, recipient)
            return Command(kind, not is_answered, word)
    rule = triggers.find(text, business.language, "sms", rules)
    for kind in KINDS:
        if rule is not None and rule.then == _THEN[kind]:
            return Command(kind, is_ours=True)
    return None


def answer(kind: Kind, business: Business, rules: Sequence[Trigger]) -> str:
    """The words of the business's rule of this kind; empty when it has none."""
    rule = next((rule for rule in rules if rule.then == _THEN[kind]), None)
    return triggers.reply(rule, business) if rule else ""


def _is_answered(kind: Kind, word: str, option: str, recipient: str) -> bool:
    """Twilio, or the network, has answered this word."""
    toll_free = _table()["toll_free"]
    if option or not recipient.startswith(tuple(toll_free["prefixes"])):
        return True
    return word in toll_free[kind]


@cache
def _table() -> dict[str, Any]:
    text = (files("frontdesk_plugins.sms") / "keywords.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
