"""Greetings, thanks, goodbyes, and honest answers about what this model is."""

import re

from frontdesk.model import Message, Text
from frontdesk_plugins.offline import staff, tongues, words
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


_NOTHING = (
    (words.GREETINGS - {"day"}) | words.THANKS | words.THANKS_FILLER | {"anyone", "everyone", "hm"}
)


def is_nothing(text: str) -> bool:
    """Greetings, thanks and "ok", which no answer is expected to."""
    said = set(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", lower(tidy(text))))
    return bool(said & (words.GREETINGS | {"ok", "okay"})) and said <= _NOTHING


def reply(talk: Talk, text: str) -> str:
    """The answer to a message that is nothing but manners, or asks what this is; else empty."""
    plain = lower(tidy(text))
    what, language = tongues.manners(plain)
    if what:
        return _hello(talk, language) if what == "hello" else tongues.say(what, language)
    if _BOT.search(plain) or _HELP.match(plain):
        return _about(talk, talk.request.business.language)
    if _HOW.search(plain) and len(plain.split()) < 10:
        return f"All fine, thank you. {HONEST} What can I do for you?"
    said = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", plain)
    if not said or len(said) > 10:
        return ""
    return _short(talk, plain, set(said))


def _short(talk: Talk, plain: str, said: set[str]) -> str:
    business = talk.request.business
    language = business.language
    if _BYE.match(plain) or (
        said & words.GOODBYES and said <= words.GOODBYES | words.THANKS_FILLER | words.THANKS
    ):
        return tongues.say("bye", language) or "Goodbye, and thank you!"
    if said & words.THANKS and said <= words.THANKS | words.THANKS_FILLER | words.GOODBYES:
        welcome = "You're welcome! Is there anything else I can do?"
        return tongues.say("welcome", language) or welcome
    if said <= words.GREETINGS | {"everyone", "team", "all", "guys", "folks", "again"}:
        return _hello(talk, language)
    return ""


def _hello(talk: Talk, language: str) -> str:
    """In the business's language, or in that of a greeting where the business speaks English."""
    business = talk.request.business
    own = business.language if tongues.say("honest", business.language) else language
    hello = tongues.say("hello", own, name=business.name) or f"Hello, this is {business.name}."
    return f"{hello} {_about(talk, own)}"


_IT = r"(?: (?:that|it|the question))?(?: again| once more)?"
_SAY_AGAIN = re.compile(
    r"\W*(?:(?:sorry|pardon|wait|huh)\W+)*"
    r"(?:what (?:did you (?:just )?(?:say|ask|write|mean)|was (?:that|the question))"
    rf"|(?:(?:can|could|would) you )?(?:please )?(?:say|repeat|ask){_IT}"
    r"|i (?:didn'?t|did not) (?:get|catch|understand) that|pardon(?: me)?|come again|say what)"
    r"(?: again| just now| please)*\W*"
)


def asks_again(text: str) -> bool:
    """ "What did you say?" """
    return _SAY_AGAIN.fullmatch(lower(tidy(text))) is not None


def repeat(talk: Talk) -> bool:
    """The last words once more; False when there are none."""
    last = (message for message in reversed(talk.request.messages) if message.role == "assistant")
    for message in last:
        if said := _texts(message):
            talk.said += said
            return True
    return False


def _texts(message: Message) -> list[str]:
    return [block.text for block in message.blocks if isinstance(block, Text)]


def _about(talk: Talk, language: str) -> str:
    if honest := tongues.say("honest", language):
        only = tongues.say("english_only", language)
        return f"{honest} {only} {abilities(talk, tongues.say('examples', language))}"
    return f"{HONEST} {abilities(talk)}"


def _english_only(talk: Talk, language: str) -> None:
    """Said in the customer's language, with what can be done all the same."""
    talk.say(tongues.say("english_only", language))
    phone = talk.request.business.phone
    if staff.offer(talk, tongues.say("person", language)):
        return
    if staff.offer_message(talk):
        talk.say(tongues.say("message", language))
    elif phone:
        talk.say(tongues.say("call", language, phone=phone))


def no_person(talk: Talk) -> str:
    return f"{HONEST} I cannot pass you to a person from here. {call_us(talk)}".strip()


def call_us(talk: Talk) -> str:
    """How to reach a person when no tool does."""
    phone = talk.request.business.phone
    return f"You can call us on {phone}." if phone else ""


def miss(talk: Talk) -> None:
    """Nothing was understood: briefly at first, then what can be said here, then a person."""
    state = talk.state
    if language := tongues.foreign(state.topic):
        _english_only(talk, language)
        return
    state.misses += 1
    if state.misses == 1:
        talk.say("Sorry, I did not understand that. Could you put it in other words?")
    elif state.misses == 2:
        talk.say(f"Sorry, I still did not understand. {HONEST} {abilities(talk)}")
    else:
        talk.say("Sorry, I did not understand that either.")
        if not staff.offer(talk):
            talk.say(call_us(talk))
