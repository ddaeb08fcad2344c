"""Greetings, thanks, goodbyes, and honest answers about what this model is."""

import re

from frontdesk_plugins.offline import staff, words
from frontdesk_plugins.offline.questions import HONEST, abilities
from frontdesk_plugins.offline.reading import any_of, lower, tidy
from frontdesk_plugins.offline.state import Talk

_WHAT = (
    r"(?:an? )?(?:real |actual |live |human |chat ?)?"
    r"(?:human(?: being)?|bot|robot|person|ai|machine|computer|chat ?bot|automated|real)\b"
)
_TALKING = r"am i (?:talking|speaking|chatting|texting) (?:to|with)"
_ADDRESSED = rf"(?:are (?:you|u)|is (?:this|it|that)|r u|{_TALKING})"
_BOT = re.compile(
    rf"\b{_ADDRESSED}\s+(?:even |really |actually |just |like )?{_WHAT}"
    r"|\b(?:who are you|who is this|what are you)\b"
    r"|\byou(?:'re| are) (?:a |an )?(?:bot|robot|ai|human)\b"
)
_HELP = re.compile(
    r"^\W*(?:help|help me|what can (?:you|i|u) (?:do|ask|say)(?: here| for me)?"
    r"|how (?:does this|do you) work|what do you do|commands)\W*$"
)
_HOW = re.compile(r"\bhow(?: are|'re|s| is) (?:you|u|it going|things)(?: doing| today)?\b")
_BYE = re.compile(rf"\b{any_of(words.GOODBYE_PHRASES)}\b")

HELLO = "Hello!"


def is_greeting(text: str) -> bool:
    first = re.match(r"[^\W\d]+", lower(tidy(text)))
    return first is not None and first[0] in words.GREETINGS - {"good", "there", "day"}


def reply(talk: Talk, text: str) -> str:
    """The answer to a message that is nothing but manners, or asks what this is; else empty."""
    plain = lower(tidy(text))
    if _BOT.search(plain):
        return f"{HONEST} {abilities(talk)}"
    if _HELP.match(plain):
        return f"{HONEST} {abilities(talk)}"
    if _HOW.search(plain) and len(plain.split()) < 10:
        return f"All fine, thank you. {HONEST} What can I do for you?"
    said = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", plain)
    if not said or len(said) > 10:
        return ""
    return _short(talk, plain, set(said))


def _short(talk: Talk, plain: str, said: set[str]) -> str:
    business = talk.request.business
    if _BYE.match(plain) or (
        said & words.GOODBYES and said <= words.GOODBYES | words.THANKS_FILLER | words.THANKS
    ):
        return "Goodbye, and thank you!"
    if said & words.THANKS and said <= words.THANKS | words.THANKS_FILLER | words.GOODBYES:
        return "You're welcome! Is there anything else I can do?"
    if said <= words.GREETINGS | {"everyone", "team", "all", "guys", "folks", "again"}:
        return f"Hello, this is {business.name}. {HONEST} {abilities(talk)}"
    return ""


def no_person(talk: Talk) -> str:
    return f"{HONEST} I cannot pass you to a person from here. {call_us(talk)}".strip()


def call_us(talk: Talk) -> str:
    """How to reach a person when no tool does."""
    phone = talk.request.business.phone
    return f"You can call us on {phone}." if phone else ""


def miss(talk: Talk) -> None:
    """Nothing was understood: briefly at first, then what can be said here, then a person."""
    state = talk.state
    state.misses += 1
    if state.misses == 1:
        talk.say("Sorry, I did not understand that. Could you put it in other words?")
    elif state.misses == 2:
        talk.say(f"Sorry, I still did not understand. {HONEST} {abilities(talk)}")
    else:
        talk.say("Sorry, I did not understand that either.")
        if not staff.offer(talk):
            talk.say(call_us(talk))
