"""What a message says about the fields of a tool, all of them at once."""

import re
from collections.abc import Sequence

import msgspec

from frontdesk_plugins.offline import (
    addresses,
    codes,
    dates,
    limits,
    names,
    numbers,
    options,
    people,
    persons,
    phones,
    stays,
    times,
    words,
)
from frontdesk_plugins.offline.reading import (
    BLANK,
    Context,
    Found,
    blank,
    is_correction,
    lower,
    merge,
    tidy,
    verbatim,
)
from frontdesk_plugins.offline.slots import Slot


class Reading:
    """One message, read for some fields. What one field takes, no other field sees."""

    def __init__(self, text: str, slots: Sequence[Slot], context: Context, asked: str = "") -> None:
        self.verbatim = verbatim(text)
        self.original = tidy(text)
        self.text = lower(self.original)
        self.left = addresses.HOUSE.sub(lambda found: BLANK * len(found[0]), self.text)
        self.context = context
        self.slots = slots
        self.asked = next((slot for slot in slots if slot.name == asked), None)
        self.found: dict[str, Found] = {}

    def of(self, *kinds: str) -> list[Slot]:
        """The fields of these kinds, the one that was asked for first."""
        fitting = [slot for slot in self.slots if slot.kind in kinds]
        return sorted(fitting, key=lambda slot: slot is not self.asked)

    def expects(self, *kinds: str) -> bool:
        return self.asked is not None and self.asked.kind in kinds

    def take(self, found: Sequence[Found]) -> None:
        for one in found:
            self.left = blank(self.left, one.start, one.end)

    def keep(self, slot: Slot, found: Found | None) -> None:
        if found:
            self.found[slot.name] = found
            self.take([found])

    @property
    def shown(self) -> str:
        """The original spelling of what is left."""
        if self.left == self.text:
            return self.original
        return "".join(
            char if low != BLANK else low
            for char, low in zip(self.original, self.left, strict=True)
        )

    def share(self, slots: Sequence[Slot], found: Sequence[Found]) -> None:
        """One finding for each field in turn when there are enough; else all for the first."""
        if len(slots) > 1 and len(found) > 1:
            in_order = sorted(slots, key=self.slots.index)
            self.found |= {slot.name: one for slot, one in zip(in_order, found, strict=False)}
        elif slots and found:
            one = merge(found, self.text)
            if one:
                self.found[slots[0].name] = one


def read(text: str, slots: Sequence[Slot], context: Context, asked: str = "") -> dict[str, Found]:
    """What the message says, by the name of the field. `asked` is the field last asked for."""
    reading = Reading(text, slots, context, asked)
    _read_contacts(reading)
    text = reading.left
    for slot in reading.slots:
        reading.keep(slot, limits.limit(slot, reading.slots, text, context))
    _read_moments(reading)
    for slot in reading.of("pattern"):
        reading.keep(slot, codes.fitting(slot, reading.shown))
    _read_numbers(reading)
    for slot in reading.of("code"):  # when dates, times and counts ("4ppl") are out of the way
        reading.keep(slot, codes.code(slot, reading.shown, asked=slot is reading.asked))
    _read_options(reading)
    for slot in reading.of("text"):
        if slot is not reading.asked and not reading.expects("name"):
            reading.keep(slot, persons.wished(slot, reading.shown, context.business))
    _read_names(reading)
    _read_text(reading)
    return reading.found


def _read_contacts(reading: Reading) -> None:
    emails = phones.emails(reading.left)
    reading.share(reading.of("email"), emails[:1])
    reading.take(emails)
    slots = reading.of("phone")
    # Dates with their year look like telephone numbers.
    without_dates = dates.read(reading.left, reading.context)[1] if slots else ""
    found = (
        phones.phones(without_dates, reading.context, asked=reading.expects("phone"))
        if slots
        else []
    )
    if reading.expects("phone"):
        good = [one for one in found if one.values]
        found = good or found
    reading.share(slots[:1], found)
    reading.take(found)


_FIGURES = re.compile(r"\W*\d{1,2}\s*/\s*\d{1,2}\W*")
""" "5/6" is no date where a number or a time was asked for."""


def _read_moments(reading: Reading) -> None:
    slots = [slot for slot in reading.of("date") if not slot.past or slot is reading.asked]
    soon = times.soon(reading.left, reading.context.now)
    if soon:
        day, wall, reading.left = soon
        reading.share(slots[:1], [day])
        reading.share(reading.of("time")[:1], [wall])
    days, rest = _days(reading, slots)
    counting = reading.expects("integer", "number")
    walls, _ = times.read(
        rest, reading.text, reading.context, asked=reading.expects("time"), counting=counting
    )
    if not soon or days or walls:
        reading.share(slots, _around_midnight(days, walls, reading.text))
        reading.share(reading.of("time"), walls)
    reading.left = rest
    reading.take(walls)


def _days(reading: Reading, slots: Sequence[Slot]) -> tuple[list[Found], str]:
    """The dates, and the text without them."""
    context, asked = reading.context, reading.expects("date")
    if reading.asked and reading.asked.past:
        context = msgspec.structs.replace(context, past=True)
    if len(slots) > 1:
        stay, rest = stays.read(reading.left, context)
        if stay:
            return stay, rest
    counting = reading.expects("integer", "number", "time")
    if counting and _FIGURES.fullmatch(reading.left):
        return [], reading.left
    days, rest = dates.read(reading.left, context, asked=asked, bare=not counting)
    count = stays.nights(rest) if len(slots) > 1 else None
    if count and len(days) == 1 and len(days[0].values) == 1:
        return [*days, stays.leaving(days[0].values[0], count)], blank(rest, *count.span())
    if len(slots) == 1:
        days = dates.single(days, reading.left)
    if reading.expects("name") and names.is_full(*reading.original.strip(" .!").split(" ")):
        # "Wednesday Addams".
        return [], reading.left
    if reading.expects("name") and any(day.weak for day in days):
        # "Sun Li" is a name here.
        days = [day for day in days if not day.weak]
        rest = reading.left
        for day in days:
            rest = blank(rest, day.start, day.end)
    return days, rest


def _around_midnight(days: list[Found], walls: Sequence[Found], text: str) -> list[Found]:
    """ "Saturday at midnight" begins Saturday or ends it, and so does 1 am on Saturday night."""
    late = re.search(r"\b(?:tonight|night|evening)\b", text) is not None
    early = [wall.values[0] for wall in walls if len(wall.values) == 1 and wall.values[0] < "05:00"]
    if not early or not (late or "midnight" in text):
        return days
    return [dates.with_next(day) if len(day.values) == 1 else day for day in days]


def _read_numbers(reading: Reading) -> None:
    slots, context = reading.of("integer"), reading.context
    has_time = any(slot.name in reading.found for slot in reading.of("time"))
    groups = [slot for slot in slots if slot.is_people]
    for slot in slots:
        hints = slot.words - {"size", "number", "count", "total"} - words.PEOPLE_FIELDS
        if len(groups) == 1 and slot is groups[0]:
            found, reading.left = people.read(
                reading.left, context, has_time=has_time, asked=slot is reading.asked
            )
        elif hints:
            found, reading.left = numbers.beside(reading.left, hints, context)
        else:
            continue
        one = merge(found, reading.text)
        if one:
            reading.found[slot.name] = one
    asked = reading.asked
    if asked and asked.kind in {"integer", "number"}:
        read_one = numbers.alone if asked.kind == "integer" else numbers.decimal
        lone, known = read_one(reading.left), reading.found.get(asked.name)
        if known and (not lone or not lone.values):
            return
        if lone:
            both = sorted([known, lone] if known else [lone], key=lambda one: one.start)
            reading.found[asked.name] = merge(both, reading.text) or lone
            reading.take([lone])


def _read_options(reading: Reading) -> None:
    for slot in reading.of("enum", "list"):
        if slot.options:
            found = options.chosen(slot, reading.text, asked=slot is reading.asked)
            if found:
                reading.found[slot.name] = found
    for slot in reading.of("boolean"):
        value = options.truth(slot, reading.text, asked=slot is reading.asked)
        if value is not None:
            reading.found[slot.name] = Found(0, 0, (value,))


def _read_names(reading: Reading) -> None:
    slots = reading.of("name")
    if not slots:
        return
    if reading.expects("name"):
        # What is left of a correction is no name: "actually 6 people".
        corrects = is_correction(reading.text) and bool(reading.found)
        find = names.said if corrects else names.answer
        found = find(reading.left, reading.shown)
    else:
        found = names.said(reading.left, reading.shown) or _in_passing(reading)
    if found:
        reading.found[slots[0].name] = found


def _in_passing(reading: Reading) -> Found | None:
    kinds = {slot.kind: one for slot in reading.slots if (one := reading.found.get(slot.name))}
    code = kinds.get("code") or kinds.get("pattern")
    return names.passing(reading.shown, phone=kinds.get("phone"), code=code)


def _read_text(reading: Reading) -> None:
    """Free text only when asked for, or after its own name: "notes: no nuts"."""
    whole = reading.verbatim
    asked = reading.asked
    has_dates = any(slot.kind in ("date", "time", "moment") for slot in reading.slots)
    is_free = asked is not None and addresses.is_free_text(
        asked, reading.text, reading.left, has_dates=has_dates
    )
    expected = asked if is_free else None
    reading.found |= addresses.read(reading.slots, reading.original, asked, expected)
    for slot in reading.of("text", "query"):
        if addresses.is_address(slot) or addresses.is_postcode(slot):
            continue
        match = re.search(rf"(?i)\b{re.escape(slot.label)}\s*[:=]\s*(\S.*)$", whole)
        if match:
            reading.found[slot.name] = Found(match.start(1), match.end(), (match[1],))
        elif slot is expected and whole:
            reading.found[slot.name] = Found(0, len(whole), (whole,))
    for slot in reading.of("list"):
        if slot is reading.asked and not slot.options and whole:
            values = [part for part in re.split(r"\s*(?:,|;|\band\b)\s*", whole) if part]
            reading.found[slot.name] = Found(0, len(whole), (values,))
