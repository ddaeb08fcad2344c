"""Dates counted from today: weekdays, "tomorrow", "in a week"."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from frontdesk_plugins.offline import numbers, words
from frontdesk_plugins.offline.days import WHICH, accept, plus
from frontdesk_plugins.offline.reading import Context, Found, Rule, any_of, rule

_FULL = any_of(words.WEEKDAYS)
COUNT = rf"(?:\d{{1,3}}|{numbers.WORD}|a couple of|an?)"
_WEEKEND = "Saturday or Sunday?"


def number(word: str | None) -> int | None:
    """0 for Monday. None for no word, or another."""
    if word is None:
        return None
    return words.WEEKDAYS.get(word, words.SHORT_WEEKDAYS.get(word))


def upcoming(today: date, weekday: int) -> date:
    """The next one after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _named(match: re.Match[str]) -> int:
    found = number(match["day"])
    assert found is not None
    return found


def following(today: date, weekday: int) -> tuple[date, ...]:
    """ "Next Friday": two dates while this week's Friday is still to come, because half of the
    people mean each. On a Sunday that holds for every day, as weeks begin on Sunday or Monday."""
    first = upcoming(today, weekday)
    same_week = first.isocalendar()[:2] == today.isocalendar()[:2]
    sunday = today.weekday() == 6 and weekday != 6
    if same_week or sunday:
        return first, first + timedelta(days=7)
    return (first,)


def in_week(today: date, weekday: int, weeks: int) -> tuple[date, ...]:
    """The weekday in this week (0) or a later one, for weeks from Monday and from Sunday."""
    monday = today - timedelta(days=today.weekday())
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    days = {
        monday + timedelta(days=7 * weeks + weekday),
        sunday + timedelta(days=7 * weeks + (weekday + 1) % 7),
    }
    return tuple(sorted(days))


def _same_day(today: date, weekday: int) -> tuple[date, ...]:
    """A weekday by itself; said on that very day it may be today or in a week."""
    if today.weekday() == weekday:
        return today, today + timedelta(days=7)
    return (upcoming(today, weekday),)


Days = Callable[["re.Match[str]", Context], tuple[date, ...]]


def _rule(pattern: str, days: Days, *needs: str, why: str = WHICH) -> Rule:
    def read(match: re.Match[str], context: Context) -> Found | None:
        found = days(match, context)
        one = accept(context, match, *found)
        if len(one.values) > 1 or not found:
            return Found(one.start, one.end, one.values, why)
        return one

    return rule(pattern, read, *needs)


def count(word: str) -> int:
    """How many days or weeks `COUNT` says. A couple of weeks is not two to everybody: 0."""
    if word in {"a", "an"}:
        return 1
    return 0 if word == "a couple of" else numbers.number(word) or 0


def _ahead(match: re.Match[str], context: Context) -> tuple[date, ...]:
    unit, many = match["unit"], count(match["n"])
    size = 14 if unit.startswith("fort") else 7 if unit.startswith("w") else 1
    return (plus(context.today, many * size),) if many else ()


def _months(match: re.Match[str], context: Context) -> tuple[date, ...]:
    """The same day of a later month, or the last one of a shorter month."""
    today, many = context.today, count(match["n"])
    months = today.month - 1 + many
    year, month = today.year + months // 12, months % 12 + 1
    day = min(today.day, monthrange(year, month)[1])
    return (date(year, month, day),) if many else ()


def _unclear(match: re.Match[str], context: Context) -> tuple[date, ...]:
    return ()


def _tomorrow(match: re.Match[str], context: Context) -> tuple[date, ...]:
    """After midnight many still mean the day that has just begun."""
    following_day = plus(context.today, 1)
    return (context.today, following_day) if context.now.hour < 4 else (following_day,)


def _weekend(match: re.Match[str], context: Context) -> tuple[date, ...]:
    today = context.today
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    days = [saturday, saturday + timedelta(days=1)]
    if today.weekday() == 6:
        days.insert(0, today)
    if match["next"]:
        days += [day + timedelta(days=7) for day in days]
    return tuple(day for day in days if not (match["next"] and day == today))


def exact_rules() -> list[Rule]:
    """Several words that mean a day: they must win over the single words inside them."""
    names = any_of([*words.WEEKDAYS, *words.SHORT_WEEKDAYS])
    day, week = rf"(?P<day>{names})", r"(?:week|wk)(?:'s)?"
    ahead = r"(?P<unit>days?|weeks?|wks?|fortnights?)"
    n = rf"(?P<n>{COUNT})"

    def next_week(match: re.Match[str], context: Context) -> tuple[date, ...]:
        return in_week(context.today, _named(match), 1)

    def this_week(match: re.Match[str], context: Context) -> tuple[date, ...]:
        return in_week(context.today, _named(match), 0)

    def next_one(match: re.Match[str], context: Context) -> tuple[date, ...]:
        return following(context.today, _named(match))

    def last(match: re.Match[str], context: Context) -> tuple[date, ...]:
        return (upcoming(context.today - timedelta(days=8), _named(match)),)

    def coming(match: re.Match[str], context: Context) -> tuple[date, ...]:
        return (upcoming(context.today, _named(match)),)

    forms: list[tuple[str, Days, tuple[str, ...]]] = [
        (r"overmorrow", lambda m, c: (plus(c.today, 2),), ("overm",)),
        (rf"(?:the )?{names} (?:after next|after that)", _unclear, (" after ",)),
        (rf"(?:every|each|most|any|some|other|following|previous) {names}", _unclear,
         ("every", "each", "most", "any", "some", "other", "following", "previous")),
        (rf"(?:the )?{names} (?:before|after)$", _unclear, (" before", " after")),
        (rf"{names} (?:in|of) (?:(?:the|this|next) month|{any_of(words.MONTHS)})", _unclear,
         (" in ", " of ")),
        (rf"(?:on )?an? {names}", _unclear, ("a ", "an ")),
        (rf"{day} next(?! (?:week|wk))", next_one, (" next",)),
        (rf"{day} (?:of |in )?(?:the )?(?:next|following) {week}", next_week, (" next", "follow")),
        (rf"(?:next|following) {week},? (?:on )?{day}", next_week, ("next ", "following ")),
        (rf"{day} (?:of )?this {week}", this_week, (" this ",)),
        (rf"this {week},? (?:on )?{day}", this_week, ("this ",)),
        (rf"(?:next|nxt) {day}", next_one, ("next ", "nxt ")),
        (rf"(?:last|past|previous) {day}", last, ("last ", "past ", "previous ")),
        (rf"(?:(?:this|the) )?(?:coming|upcoming) {day}", coming, ("coming ",)),
        (rf"in (?:a )?{n} ?{ahead}(?:'?s? time)?(?! (?:or|ish|on)\b)", _ahead, ("in ",)),
        (rf"{n} {ahead} (?:from now|hence|ahead)", _ahead, ("from now", "hence", "ahead")),
        (rf"in {n} months?(?:'?s? time)?", _months, ("month",)),
        (rf"{n} months? (?:from (?:now|today)|hence)", _months, ("month",)),
        (any_of(words.TODAY), lambda m, c: (c.today,), ("today", "tonight", "this ")),
        (r"right (?:now|away)|straight ?away", lambda m, c: (c.today,), ("right ", "straight")),
        (r"(?<=walk in )now|(?<=come in )now|(?<=come )now", lambda m, c: (c.today,), (" now",)),
        ("tomorrow", _tomorrow, ("tomorrow",)),
        (any_of(words.YESTERDAY), lambda m, c: (plus(c.today, -1),), ("yesterday", "last ")),
    ]  # fmt: skip
    weekend = (
        r"(?<!first )(?<!second )(?<!third )(?<!last )(?<!bank holiday )"
        r"\b(?:the |this |at the |over the )?(?:coming )?(?P<next>next )?week-?end\b"
        r"(?! (?:after|before|of|in)\b)"
    )
    return [
        *(_rule(rf"\b(?:{pattern})\b", days, *needs) for pattern, days, needs in forms),
        _rule(weekend, _weekend, "week", why=_WEEKEND),
    ]


def asked_rules() -> list[Rule]:
    return [_rule(r"^\W*now\W*$", lambda m, c: (c.today,))]


def plain_rules() -> list[Rule]:
    """A weekday by itself, and the words that name no day at all."""
    subject = "".join(
        rf"(?<!\b{word} )" for word in ("the", "we", "i", "you", "he", "she", "they", "was", "were")
    )
    verbs = r"(?! (?:like|love|prefer|need|want|be|rather|also|have|burn|down|outside|in the)\b)"
    short = rf"{subject}\b(?P<day>{any_of(words.SHORT_WEEKDAYS)})\b(?!'){verbs}\.?"
    vague = (
        r"\b(?:(?:next|this|sometime this|sometime next|end of the|later this|early next)"
        r" (?:week|month)|next year|any ?day|whenever|some ?day|soon"
        r"|the (?:day|week) (?:after|before)|the next one|the following (?:one|day|week))\b"
    )

    def plain(match: re.Match[str], context: Context) -> tuple[date, ...]:
        return _same_day(context.today, _named(match))

    weak = _rule(short, plain)

    def read_short(match: re.Match[str], context: Context) -> Found | None:
        found = weak.read(match, context)
        return found and Found(found.start, found.end, found.values, found.why, weak=True)

    return [
        _rule(rf"\b{any_of(name.lower() for name in words.WEEKDAY_NAMES)}s\b", _unclear, "days"),
        _rule(rf"\b(?P<day>{_FULL})\b", plain),
        rule(short, read_short),
        _rule(vague, _unclear),
    ]
