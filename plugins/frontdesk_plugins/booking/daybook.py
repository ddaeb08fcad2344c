"""The book of a day and of a week, as the console shows it."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from frontdesk import Business, phones, speech
from frontdesk.database import Database
from frontdesk.hours import open_spans, rules_of, to_utc
from frontdesk.instants import instant, ms
from frontdesk.pages import PageRequest
from frontdesk.references import shown
from frontdesk_plugins.booking import blocks, bookings
from frontdesk_plugins.booking.busy import ALL, blocks_of
from frontdesk_plugins.booking.by_staff import named
from frontdesk_plugins.booking.cards import what_of
from frontdesk_plugins.booking.ledger import Row
from frontdesk_plugins.booking.rules import BookingRules
from frontdesk_plugins.booking.rules import rules_of as booking_rules

if TYPE_CHECKING:
    from frontdesk.desk import Desk

BADGES = {
    "pending": "warn", "confirmed": "", "arrived": "ok", "completed": "ok",
    "no_show": "bad", "cancelled": "bad",
}  # fmt: skip
QUARTER = 15 * 60 * 1000
"""Milliseconds of a column of the timeline."""
MOST = 1000


def day_href(day: date, view: str = "day", resource: str = "") -> str:
    from urllib.parse import urlencode  # noqa: PLC0415

    query = {"view": view, "date": day.isoformat()} | ({"resource": resource} if resource else {})
    return f"/console/bookings?{urlencode(query)}"


def href_of(booking: Row) -> str:
    return f"/console/bookings?booking={booking['id']}"


def bounds(business: Business, first: date, last: date) -> tuple[int, int]:
    """From the first instant of a local date to the last of another, in milliseconds."""
    after = last + timedelta(days=1)
    return ms(to_utc(first, time(0), business.zone)), ms(to_utc(after, time(0), business.zone))


async def bookings_between(
    database: Database, business: Business, first: date, last: date
) -> list[Row]:
    """Those that start on these local dates, in order."""
    start, end = bounds(business, first, last)
    return await database.fetch(
        "SELECT * FROM booking WHERE business = {} AND starts >= {} AND starts < {} "
        "ORDER BY starts, created, id LIMIT {}",
        business.id, start, end, MOST,
    )  # fmt: skip


def entry(business: Business, rules: BookingRules, booking: Row) -> dict[str, Any]:
    """A booking as a line of the book."""
    what = what_of(rules, booking)
    variant = next((v.label for v in what.service.variants if v.id == what.variant), "")
    labels = {resource.id: resource.label for resource in rules.resources}
    resources = [labels.get(key, key) for key in map(str, bookings.resources_of(booking))]
    return {
        "id": booking["id"],
        "href": href_of(booking),
        "reference": shown(booking["reference"]),
        "time": speech.clock(business, what.start),
        "until": speech.clock(business, what.end),
        "when": speech.moment(business, what.start),
        "date": what.start.astimezone(business.zone).date().isoformat(),
        "name": booking["name"],
        "phone": phones.shown(booking["phone"]) if booking["phone"] else "",
        "call": booking["phone"],
        "email": booking["email"],
        "party": booking["party"],
        "service": f"{what.service.label} ({variant})" if variant else what.service.label,
        "resources": ", ".join(key for key in resources if not key.startswith("class:")),
        "notes": booking["notes"],
        "state": booking["status"],
        "status": named(booking["status"]),
        "badge": BADGES[booking["status"]],
        "is_sure": bool(booking["attends"]),
    }


def choices(first: str, those: Iterable[Any]) -> list[tuple[str, str]]:
    """Of a list to choose from: ids and labels, after what none of them means."""
    return [("", first), *((one.id, one.label) for one in those)]


# ---- a day -----------------------------------------------------------------------------------


async def day_view(desk: "Desk", request: PageRequest, day: date) -> dict[str, Any]:
    business, rules = request.business, booking_rules(request.business)
    resource = request.query.get("resource", "")
    rows = await bookings_between(desk.database, business, day, day)
    if resource:
        rows = [row for row in rows if resource in bookings.resources_of(row)]
    live = [row for row in rows if row["status"] not in bookings.FREED]
    blocked = await _blocked(desk, business, rules, day)
    ranges, reason = rules_of(business, day)
    return {
        "day": speech.day(business, day),
        "entries": [entry(business, rules, row) for row in live],
        "over": [entry(business, rules, row) for row in rows if row not in live],
        "covers": sum(row["party"] for row in live),
        "closed": not ranges,
        "reason": reason,
        "blocks": [_block(business, rules, row) for row in blocked],
        "timeline": timeline(business, rules, day, live, blocked, resource),
        **_steps(day, request.now.date(), timedelta(days=1), "day", resource),
    }


def _steps(day: date, today: date, step: timedelta, view: str, resource: str) -> dict[str, str]:
    return {
        "previous": day_href(day - step, view, resource),
        "next": day_href(day + step, view, resource),
        "today": day_href(today, view, resource),
    }


async def _blocked(desk: "Desk", business: Business, rules: BookingRules, day: date) -> list[Row]:
    """Blocks of staff, of other calendars, and of the business's own file."""
    first, last = bounds(business, day, day)
    rows = await blocks.blocks_between(desk.database, business.id, first, last)
    of_file = [
        {"resource": key, "starts": ms(one.start), "ends": ms(one.end), "reason": "", "source": "file",
         "id": ""}
        for key, taken in blocks_of(business, rules).items()
        for one in taken
        if ms(one.start) < last and ms(one.end) > first
    ]  # fmt: skip
    return [*rows, *of_file]


def _block(business: Business, rules: BookingRules, row: Row) -> dict[str, Any]:
    labels = {resource.id: resource.label for resource in rules.resources}
    starts, ends = instant(row["starts"]), instant(row["ends"])
    return {
        "id": row["id"] if row["source"] == blocks.STAFF else "",
        "resource": "Everything" if row["resource"] == ALL
        else labels.get(row["resource"], row["resource"]),
        "from": speech.moment(business, starts),
        "until": speech.moment(business, ends),
        "reason": row["reason"],
        "source": {"staff": "", "file": "business file"}.get(row["source"], row["source"]),
    }  # fmt: skip


async def coming_blocks(desk: "Desk", request: PageRequest) -> list[dict[str, Any]]:
    now = ms(request.now)
    far = now + 366 * 24 * 3_600_000
    rows = await blocks.blocks_between(desk.database, request.business.id, now, far)
    rules = booking_rules(request.business)
    return [_block(request.business, rules, row) for row in rows]


# ---- the timeline ----------------------------------------------------------------------------


def timeline(
    business: Business, rules: BookingRules, day: date, rows: Sequence[Row],
    blocked: Sequence[Row], only: str = "",
) -> dict[str, Any] | None:  # fmt: skip
    """A table with a row for each resource and a column for each quarter of an hour, as cells with
    a number of columns each. None when there is nothing to draw."""
    start, end = _frame(business, day, rows)
    if start >= end or not rules.resources:
        return None
    lines: list[dict[str, Any]] = []
    for resource in rules.resources:
        if only and resource.id != only:
            continue
        pieces = [
            (row["starts"], row["ends"], entry(business, rules, row))
            for row in rows
            if resource.id in bookings.resources_of(row)
        ]
        pieces += [
            (row["starts"], row["ends"], {"blocked": row["reason"] or "blocked"})
            for row in blocked
            if row["resource"] in (resource.id, ALL)
        ]
        lines.append({"label": resource.label, "cells": _cells(start, end, pieces)})
    hours = [speech.clock(business, instant(at)) for at in range(start, end, 4 * QUARTER)]
    return {"hours": hours, "lines": lines}


def _frame(business: Business, day: date, rows: Sequence[Row]) -> tuple[int, int]:
    """Whole hours around what is open and what is booked."""
    first, last = bounds(business, day, day)
    # Of a night that began the day before, only what is after midnight is this day's: left out.
    spans = [s for s in open_spans(business, day, day) if first <= ms(s.start) < last]
    starts = [ms(span.start) for span in spans] + [row["starts"] for row in rows]
    ends = [ms(span.end) for span in spans] + [row["ends"] for row in rows]
    if not starts:
        return 0, 0
    hour = 4 * QUARTER
    return min(starts) // hour * hour, -(-max(ends) // hour) * hour


def _cells(
    start: int, end: int, pieces: list[tuple[int, int, dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Side by side without overlaps: what shares its first quarter with another moves on by one."""
    cells: list[dict[str, Any]] = []
    at, last = 0, (end - start) // QUARTER
    for begins, ends, what in sorted(pieces, key=lambda piece: piece[:2]):
        first = max(at, (begins - start) // QUARTER)
        after = min(last, -(-(ends - start) // QUARTER))
        if first >= after:
            if cells and "name" in what and "name" in cells[-1]:  # a class: several share a time
                cells[-1]["more"] = cells[-1].get("more", 0) + 1
            continue
        if first > at:
            cells.append({"span": first - at})
        cells.append({"span": after - first, **what})
        at = after
    if at < last:
        cells.append({"span": last - at})
    return cells


# ---- a week ----------------------------------------------------------------------------------


async def week_view(desk: "Desk", request: PageRequest, day: date) -> dict[str, Any]:
    """From Monday to Sunday."""
    business, rules = request.business, booking_rules(request.business)
    resource = request.query.get("resource", "")
    monday = day - timedelta(days=day.weekday())
    rows = await bookings_between(desk.database, business, monday, monday + timedelta(days=6))
    days: list[dict[str, Any]] = []
    for n in range(7):
        of = monday + timedelta(days=n)
        first, last = bounds(business, of, of)
        mine = [
            row
            for row in rows
            if first <= row["starts"] < last
            and row["status"] not in bookings.FREED
            and (not resource or resource in bookings.resources_of(row))
        ]
        ranges, reason = rules_of(business, of)
        days.append({
            "label": speech.day(business, of), "href": day_href(of, "day", resource),
            "is_today": of == request.now.date(), "closed": not ranges, "reason": reason,
            "covers": sum(row["party"] for row in mine),
            "entries": [entry(business, rules, row) for row in mine],
        })  # fmt: skip
    return {"days": days, **_steps(day, request.now.date(), timedelta(days=7), "week", resource)}
