"""Questions that the business's own profile answers, without any tool."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, time

from frontdesk import hours
from frontdesk.business import Business
from frontdesk_plugins.offline import dates, intents, tongues
from frontdesk_plugins.offline.formats import join, show_date, show_time
from frontdesk_plugins.offline.reading import Context, lower, tidy
from frontdesk_plugins.offline.words import WEEKDAY_NAMES

ENOUGH, CLEAR = 0.55, 0.7
_WITHIN = 0.6
"""What it is worth when an entry has all that the customer asks about, if not in its topic."""
_HOURS = re.compile(r"\b(?:open|opened|opening|opens|close|closed|closing|closes|hours)\b")
_WHERE = re.compile(
    r"\b(?:where(?:'s| are| is)?|address|located|location|directions|get there|find you)\b"
)
_PHONE = re.compile(r"\b(?:phone|telephone|call you|your number|ring you)\b")
_EMAIL = re.compile(r"\b(?:e-?mail|write to you)\b")
_SITE = re.compile(r"\b(?:web ?site|homepage|url)\b")


def known(text: str, business: Business) -> tuple[float, str]:
    """The FAQ entry or fact that fits best, and how well: 0 when none does."""
    entries = [(entry.question, entry.answer) for entry in business.faq]
    entries += list(business.facts.items())
    profiles = [_words(topic) for topic, _ in entries]
    count = Counter(word for profile in profiles for word in profile)
    rarity = {word: math.log(1 + len(profiles) / n) for word, n in count.items()}
    said = _words(text)
    best, answer = 0.0, ""
    for profile, (_, reply) in zip(profiles, entries, strict=True):
        both = sum(rarity[word] for word in profile & said)
        # Words of the customer that no entry has count a little against it.
        mine = sum(rarity.get(word, 0.35) for word in said)
        score = both / math.sqrt(sum(rarity[w] for w in profile) * max(mine, both)) if both else 0.0
        if said and said <= profile | _words(reply):
            score = max(score, _WITHIN)
        if score > best:
            best, answer = score, reply
    return best, answer


def nearest(topic: str, entries: Sequence[tuple[str, str]]) -> list[int]:
    """Of entries that lack some of the words of a question, those that have enough of them: half of
    the words in the entry's own question, or in it and its answer and then more than one."""
    said = frozenset(word for word in _words(topic) if not tongues.small(word))
    fitting: list[int] = []
    for n, (title, reply) in enumerate(entries):
        own = _words(title)
        titled, both = len(said & own), len(said & (own | _words(reply)))
        if (titled and 2 * titled >= min(len(said), len(own))) or (
            both > 1 and 2 * both >= len(said)
        ):
            fitting.append(n)
    return fitting


def _words(text: str) -> frozenset[str]:
    return frozenset(intents.stems(text.replace("_", " ").replace("-", " ")))


def direct(text: str, context: Context) -> str:
    """Hours, place and contact from the profile. Empty when the question is about none of them."""
    business, plain = context.business, lower(tidy(text))
    if _HOURS.search(plain):
        return opening(plain, context)
    if _WHERE.search(plain) and (business.address or business.directions):
        place = f"You find us at {business.address}." if business.address else ""
        return f"{place} {business.directions}".strip()
    if _PHONE.search(plain) and business.phone:
        return f"Our telephone number is {business.phone}."
    if _EMAIL.search(plain) and business.email:
        return f"You can write to us at {business.email}."
    if _SITE.search(plain) and business.website:
        return f"Our web site is {business.website}."
    return ""


def opening(text: str, context: Context) -> str:
    """The hours of the day that was asked about, or of the week."""
    found, _ = dates.read(text, context)
    days = [date.fromisoformat(value) for one in found for value in one.values]
    if days:
        return " ".join(_on(day, context.business) for day in days[:3])
    if found and found[0].why:
        return found[0].why
    return f"{_now(context)}\n{_week(context.business)}"


def _ranges(ranges: tuple[str, ...], business: Business) -> str:
    """ "18:00 to 23:00"."""
    spans: list[str] = []
    for text in ranges:
        opens, closes = (
            time.fromisoformat(part.replace("24:00", "00:00")) for part in text.split("-")
        )
        spans.append(f"{show_time(opens, business)} to {show_time(closes, business)}")
    return join(spans)


def _on(day: date, business: Business) -> str:
    ranges, reason = hours.rules_of(business, day)
    because = f" ({reason})" if reason else ""
    if not ranges:
        return f"On {show_date(day, business)} we are closed{because}."
    return f"On {show_date(day, business)} we are open {_ranges(ranges, business)}{because}."


def _now(context: Context) -> str:
    is_open, change = hours.opening(context.business, context.now)
    if change is None:
        return "We are open." if is_open else "We are closed at the moment."
    local = change.astimezone(context.business.zone)
    at = show_time(local.time(), context.business)
    if is_open:
        return f"We are open now, until {at}."
    return (
        f"We are closed now and open again on {show_date(local.date(), context.business)} at {at}."
    )


def _week(business: Business) -> str:
    lines: list[str] = []
    for name in WEEKDAY_NAMES:
        ranges: tuple[str, ...] = getattr(business.hours, name[:3].lower())
        lines.append(f"- {name}: {_ranges(ranges, business) if ranges else 'closed'}")
    return "\n".join(lines)
