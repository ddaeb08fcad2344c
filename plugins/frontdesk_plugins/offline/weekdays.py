"""Dates counted from today: weekdays, "tomorrow", "in a week"."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

from frontdesk_plugins.offline import numbers, words
from frontdesk_plugins.offline.reading import Context, Found, Rule, any_of

_FULL = any_of(words.WEEKDAYS)
_N = rf"(?P<n>\d{{1,3}}|{numbers.WORD}|a couple of|an?)"
_WEEKEND = "Saturday or Sunday?"
_WHICH = "Which date exactly?"


class Accept(Protocol):
    def __call__(
        self, context: Context, match: re.Match[str], *days: date, why: str = ""
    ) -> Found: ...


def number(word: str | None) -> int | None:
    """0 for Monday. None for no word, or another."""
    if word is None:
        return None
    return words.WEEKDAYS.get(word, words.SHORT_WEEKDAYS.get(word))


def upcoming(today: date, weekday: int) -> date:
    """The next one after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _plus(today: date, days: int) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return date.max


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


Days = Callable[["re.Match[str]", date], tuple[date, ...]]


def _rule(pattern: str, days: Days, accept: Accept, why: str = _WHICH) -> Rule:
    def read(match: re.Match[str], context: Context) -> Found | None:
        found = days(match, context.today)
        one = accept(context, match, *found)
        if len(one.values) > 1 or not found:
            return Found(one.start, one.end, one.values, why)
        return one

    return re.compile(pattern), read


def _count(match: re.Match[str]) -> int:
    word = match["n"]
    if word in {"a", "an"}:
        return 1
    if word == "a couple of":
        return 2
    return numbers.number(word) or 0


def _ahead(match: re.Match[str], today: date) -> tuple[date, ...]:
    unit = match["unit"]
    size = 14 if unit.startswith("fort") else 7 if unit.startswith("w") else 1
    days = _count(match) * size
    return (_plus(today, days),)


def _months(match: re.Match[str], today: date) -> tuple[date, ...]:
    """The same day of a later month, or the last one of a shorter month."""
    months = today.month - 1 + _count(match)
    year, month = today.year + months // 12, months % 12 + 1
    day = min(today.day, monthrange(year, month)[1])
    return (date(year, month, day),)


def _unclear(match: re.Match[str], today: date) -> tuple[date, ...]:
    return ()


def _weeks_after(match: re.Match[str], today: date) -> tuple[date, ...]:
    """ "A week tomorrow", "two weeks from Friday", "Friday week"."""
    start, count = match["from"], match.groupdict().get("n")
    days = 14 if "fortnight" in match[0] else 7 * (numbers.number(count or "one") or 1)
    if count == "a couple of":
        days = 14
    named = number(start)
    first = (_plus(today, int(start in words.TOMORROW)),)
    from_days = first if named is None else _same_day(today, named)
    return tuple(_plus(one, days) for one in from_days)


def _weekend(match: re.Match[str], today: date) -> tuple[date, ...]:
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    days = [saturday, saturday + timedelta(days=1)]
    if today.weekday() == 6:
        days.insert(0, today)
    if match["next"]:
        days += [day + timedelta(days=7) for day in days]
    return tuple(day for day in days if not (match["next"] and day == today))


def exact_rules(accept: Accept) -> list[Rule]:
    """Several words that mean a day: they must win over the single words inside them."""
    tomorrow, names = any_of(words.TOMORROW), any_of([*words.WEEKDAYS, *words.SHORT_WEEKDAYS])
    day, week = rf"(?P<day>{names})", r"(?:week|wk)(?:'s)?"
    then = rf"(?P<from>{tomorrow}|today|now|{names})"
    link = "(?:from |on |after )?"
    ahead = r"(?P<unit>days?|weeks?|wks?|fortnights?)"

    def next_week(match: re.Match[str], today: date) -> tuple[date, ...]:
        return in_week(today, _named(match), 1)

    def this_week(match: re.Match[str], today: date) -> tuple[date, ...]:
        return in_week(today, _named(match), 0)

    def last(match: re.Match[str], today: date) -> tuple[date, ...]:
        return (upcoming(today - timedelta(days=8), _named(match)),)

    forms: list[tuple[str, Days]] = [
        (rf"(?:the )?day after {tomorrow}|overmorrow", lambda m, now: (_plus(now, 2),)),
        (rf"(?:the )?{names} (?:after next|after that|fortnight)", _unclear),
        (rf"(?:a )?fortnight {link}{then}", _weeks_after),
        (rf"(?P<n>\d{{1,2}}|{numbers.WORD}|a couple of) weeks? {link}{then}", _weeks_after),
        (rf"a week {link}{then}", _weeks_after),
        (rf"{then} week", _weeks_after),
        (rf"(?:first|second|third|fourth|last|1st|2nd|3rd|4th) {names} (?:of|in)", _unclear),
        (rf"{day} next(?! (?:week|wk))", lambda m, now: following(now, _named(m))),
        (rf"{day} (?:of |in )?(?:the )?(?:next|following) {week}", next_week),
        (rf"(?:next|following) {week},? (?:on )?{day}", next_week),
        (rf"{day} (?:of )?this {week}", this_week),
        (rf"this {week},? (?:on )?{day}", this_week),
        (rf"(?:next|nxt) {day}", lambda m, now: following(now, _named(m))),
        (rf"(?:last|past|previous) {day}", last),
        (
            rf"(?:(?:this|the) )?(?:coming|upcoming) {day}",
            lambda m, now: (upcoming(now, _named(m)),),
        ),
        (rf"in (?:a )?{_N} ?{ahead}(?:'?s? time)?(?! (?:or|ish))", _ahead),
        (rf"{_N} {ahead} (?:from (?:now|today)|hence|ahead)", _ahead),
        (rf"in {_N} months?(?:'?s? time)?", _months),
        (any_of(words.TODAY), lambda m, now: (now,)),
        (tomorrow, lambda m, now: (_plus(now, 1),)),
        (any_of(words.YESTERDAY), lambda m, now: (_plus(now, -1),)),
    ]
    rules = [_rule(rf"\b(?:{pattern})\b", days, accept) for pattern, days in forms]
    weekend = r"\b(?:the |this |at the |over the )?(?:coming )?(?P<next>next )?week-?end\b"
    return [*rules, _rule(weekend, _weekend, accept, _WEEKEND)]


def plain_rules(accept: Accept) -> list[Rule]:
    """A weekday by itself, and the words that name no day at all."""
    subject = "".join(
        rf"(?<!\b{word} )" for word in ("the", "we", "i", "you", "he", "she", "they", "was", "were")
    )
    verbs = r"(?! (?:like|love|prefer|need|want|be|rather|also|have|burn|down|outside)\b)"
    short = rf"{subject}\b(?P<day>{any_of(words.SHORT_WEEKDAYS)})\b(?!'){verbs}\.?"
    vague = (
        r"\b(?:(?:next|this|sometime this|sometime next|end of the|later this|early next)"
        r" (?:week|month)|next year|any ?day|whenever|some ?day|soon"
        r"|the (?:day|week) (?:after|before)|the next one|the following (?:one|day|week))\b"
    )

    def plain(match: re.Match[str], now: date) -> tuple[date, ...]:
        return _same_day(now, _named(match))

    pattern, read = _rule(short, plain, accept)

    def read_short(match: re.Match[str], context: Context) -> Found | None:
        found = read(match, context)
        return found and Found(found.start, found.end, found.values, found.why, weak=True)

    return [
        _rule(rf"\b(?P<day>{_FULL})s?\b", plain, accept),
        (pattern, read_short),
        _rule(vague, _unclear, accept),
    ]
