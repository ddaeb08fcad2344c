"""What only means something after what was told or done before: "new year's eve?", "and on the
24th?" after an answer about a day, and "book it again"."""

import re
from datetime import date

from frontdesk_plugins.offline import dates, filling, intents, reader, tasks
from frontdesk_plugins.offline.aims import aims
from frontdesk_plugins.offline.days import day_of
from frontdesk_plugins.offline.reading import lower, tidy
from frontdesk_plugins.offline.slots import slots_of
from frontdesk_plugins.offline.state import Talk
from frontdesk_plugins.offline.words import MONTH_NAMES

_AND = re.compile(r"^\W*(?:and|or|what about|how about|ok(?:ay)? and)\b")
_NUMBERED = re.compile(r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?! of\b| *[a-z]*(?:pm|am)\b)")
_AGAIN = re.compile(
    r"\b(?:book|reserve|make) (?:it|that|this|the same(?: \w+)?) (?:again|once more|anew|after all)\b"
    r"|\bre-?book(?: it| that)?\b|\b(?:book|reserve|want|take) the same (?:\w+ )?(?:again|once more)\b"
    r"|^\W*(?:book|reserve) it after all\W*$"
)


def goes_on(talk: Talk, text: str) -> bool:
    """ "And on Sunday?", "easter?", after the same of another day."""
    tool = talk.tools.get(talk.state.last)
    plain = lower(tidy(text))
    if tool is None or aims(text) or not (_AND.match(plain) or _is_day(talk, plain)):
        return False
    text = _in_month(talk, text)
    if not reader.read(text, slots_of(tool), talk.context):
        return False
    tasks.start(talk, tool, text)
    return True


def _is_day(talk: Talk, plain: str) -> bool:
    """The message names a day and nothing else."""
    found, rest = dates.read(plain, talk.context)
    return bool(found) and not intents.stems(rest.replace("\x00", " "))


def _in_month(talk: Talk, text: str) -> str:
    """ "The 24th", after an answer about the 25th of December, is of that month."""
    last, match = talk.state.last_day, _NUMBERED.search(lower(tidy(text)))
    if not last or not match:
        return text
    before = date.fromisoformat(last)
    meant = day_of(before.year, before.month, int(match["day"]))
    if meant is None or meant < talk.context.today:
        return text
    text = tidy(text)
    named = f"{meant.day} {MONTH_NAMES[meant.month - 1]} {meant.year}"
    return f"{text[: match.start()]}{named}{text[match.end() :]}"


def books_again(talk: Talk, text: str) -> bool:
    """The booking that was made and cancelled here, once more; it is proposed as any other."""
    made = talk.state.made
    tool = talk.tools.get(made.tool) if made else None
    if made is None or tool is None or not _AGAIN.search(lower(tidy(text))):
        return False
    tasks.open_task(talk, tool, text, made.filled)
    filling.advance(talk)
    return True
