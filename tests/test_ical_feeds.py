"""Calendars over real HTTP, on both databases: links, feeds, and what is no longer there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from support import Visitor
from support_ical import KEY, NOW, OTHER_KEY, SETTINGS, START, Site, ms, parsed, site

from frontdesk.business import Business
from frontdesk.ids import new_id
from frontdesk.testing import Call
from frontdesk_plugins.booking import feeds

__all__ = ["site"]  # fixtures


async def test_a_booking_has_a_link_for_its_customer(site: Site) -> None:
    row = await site.add()
    answer = await site.http.get(site.link(row))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"].endswith('.ics"')
    assert "noindex" in answer.headers["x-robots-tag"]
    _, (event,) = parsed(answer.content)
    assert event["UID"] == f"{row['id']}@desk.example.com"
    await site.change(row, status="cancelled", sequence=1)
    (event,) = await site.events(site.link(row))
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


async def test_the_link_ends_thirty_days_after_the_booking(site: Site) -> None:
    row = await site.add()
    end = START + timedelta(minutes=90)
    site.set_time(end + timedelta(days=30))
    assert not await site.gone(site.link(row))
    site.set_time(end + timedelta(days=30, seconds=1))
    assert await site.gone(site.link(row))
    await site.change(row, ends=ms(end + timedelta(days=7)))
    assert not await site.gone(site.link(row)), "it was moved to a later day"


async def test_wrong_links_lead_nowhere(site: Site) -> None:
    row, other = await site.add(), await site.add(business="carla")
    good = site.link(row)
    assert not await site.gone(good)
    assert not await site.gone(site.link(row, OTHER_KEY)), "signed before the key was changed"
    token = good.rpartition("/")[2].removesuffix(".ics")
    payload, _, signature = token.rpartition(".")
    for wrong in (
        good.removesuffix(".ics"),
        good.removesuffix(".ics") + ".txt",
        site.link(row, "a key that nobody here has signed"),
        site.link(other),
        site.link(other, business="carla"),
        site.link({"id": new_id()}),
        (await site.feed()).replace("feed", "booking"),
        good.replace("booking", "feed"),
        f"/calendar/booking/{payload}.{signature[:-2]}AA.ics",
        f"/calendar/booking/{payload}x.{signature}.ics",
        "/calendar/booking/.ics",
        "/calendar/booking/x.ics",
        "/calendar/booking/%F0%9F%98%80.ics",
        f"/calendar/booking/{'x' * 5000}.ics",
        "/calendar/booking/",
    ):
        assert await site.gone(wrong), wrong


async def test_a_feed_has_what_is_recent_and_to_come(site: Site) -> None:
    day = timedelta(days=1)

    async def add(name: str, start: timedelta, updated: timedelta = -40 * day, **more: Any) -> None:
        starts = ms(NOW + start)
        await site.add(
            name=name, starts=starts, ends=starts + 3_600_000, updated=ms(NOW + updated), **more
        )

    await add("Old", -31 * day)
    await add("Recent", -29 * day)
    await add("Far", 400 * day, resources='["T2"]')
    await add("Dropped", 3 * day, updated=-29 * day, status="cancelled")
    await add("Forgotten", 3 * day, updated=-31 * day, status="cancelled")
    await add("Soon", 1 * day, resources='["T1", "T2"]')
    await add("Elsewhere", 1 * day, business="carla")
    events = await site.events(await site.feed())
    assert [event["SUMMARY"].split(",")[0] for event in events] == [
        "Recent", "Soon", "Dropped", "Far",
    ]  # fmt: skip
    assert [event["STATUS"] for event in events].count("CANCELLED") == 1
    of_t2 = await site.events(await site.feed("T2"))
    assert [event["SUMMARY"].split(",")[0] for event in of_t2] == ["Soon", "Far"]


async def test_who_asks_again_is_told_that_nothing_changed(site: Site) -> None:
    row = await site.add()
    path = await site.feed("T1")
    first = await site.http.get(path)
    etag = first.headers["etag"]
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "private" in first.headers["cache-control"]

    async def is_same(etag: str) -> bool:
        answer = await site.http.get(path, headers={"if-none-match": etag})
        assert answer.status_code in {200, 304}
        if answer.status_code == 304:
            assert answer.content == b""
            assert answer.headers["etag"] == first.headers["etag"]
        return answer.status_code == 304

    assert await is_same(etag)
    assert await is_same(f'"other", W/{etag}')
    assert not await is_same('"other"')
    site.set_time(NOW + timedelta(hours=5))
    assert await is_same(etag), "time alone changes nothing"
    changes: list[Callable[[], Any]] = [
        lambda: site.change(row, sequence=1),
        lambda: site.change(row, updated=ms(NOW) + 1),
        site.add,
        lambda: site.configure(feeds={"initials": True}),
    ]
    for change in changes:
        before = (await site.http.get(path)).headers["etag"]
        await change()
        assert not await is_same(before)
    before = (await site.http.get(path)).headers["etag"]
    site.set_time(START + timedelta(days=31))
    assert not await is_same(before), "it is too old to be shown now"


async def test_a_feed_can_be_revoked(site: Site) -> None:
    await site.add()
    first = [await site.feed(), await site.feed("T1")]
    await site.configure(feeds={"version": 2})
    assert [await site.gone(path) for path in first] == [True, True]
    second = await site.feed()
    assert not await site.gone(second)
    await site.configure(feeds={"version": 3})
    assert await site.gone(second)
    assert await site.gone(first[0])


async def test_bookings_of_a_conversation_are_in_the_calendars(site: Site) -> None:
    """What the plugin writes is what the calendars read, and every change is seen."""
    visitor = await Visitor.arrive(site.http, "bella")
    path = await site.feed("T1")

    async def do(tool: str, **arguments: Any) -> dict[str, Any]:
        site.model.then(Call(tool, **arguments), "There.")
        (action,) = (await visitor.say("Go on."))["actions"]
        site.model.then("Done.")
        pressed = await visitor.say("Yes.", confirm=action["data"]["proposalId"])
        (action,) = pressed["actions"]
        assert action["status"] == "done", action
        data: dict[str, Any] = action["data"]
        return data

    async def shown() -> tuple[str, Any]:
        answer = await site.http.get(path)
        (event,) = parsed(answer.content)[1]
        return answer.headers["etag"], event

    made = await do(
        "create_booking", party_size=4, date="2026-11-24", time="19:00", name="Ana Ruiz",
        phone="+44 20 7946 0999",
    )  # fmt: skip
    first, event = await shown()
    assert (event["SEQUENCE"], event["STATUS"], event.start) == (0, "CONFIRMED", START)
    assert event["DESCRIPTION"] == f"Reference: {made['reference']}"
    (own,) = await site.events(made["calendarUrl"])
    assert own["UID"] == event["UID"]
    await do("reschedule_booking", reference=made["reference"], time="20:00")
    second, moved = await shown()
    assert (moved["UID"], moved["SEQUENCE"]) == (event["UID"], 1)
    assert moved.start == START + timedelta(hours=1)
    await do("cancel_booking", reference=made["reference"])
    third, cancelled = await shown()
    assert (cancelled["UID"], cancelled["SEQUENCE"]) == (event["UID"], 2)
    assert cancelled["STATUS"] == "CANCELLED"
    assert len({first, second, third}) == 3


async def test_wrong_feeds_lead_nowhere(site: Site) -> None:
    business = await site.configure()
    stranger = Business(id="carla", name="Carla", settings={"booking": SETTINGS})
    path = await site.feed()
    assert not await site.gone(path)
    for wrong in (
        feeds.feed_path((KEY,), business, "T9"),
        feeds.feed_path(("a key that nobody here has signed",), business),
        feeds.feed_path((KEY,), stranger),
        path.removesuffix(".ics"),
        path[:-8] + "AAAA.ics",
        "/calendar/feed/x.ics",
    ):
        assert await site.gone(wrong), wrong
        assert await site.gone(wrong, **{"if-none-match": "*"})
    await site.desk.apply(stranger)
    theirs = await site.http.get(feeds.feed_path((KEY,), stranger))
    assert parsed(theirs.content)[1] == []


async def test_a_business_without_bookings_has_no_calendars(site: Site) -> None:
    row, path = await site.add(), await site.feed()
    await site.desk.apply(
        Business(id="bella", name="Bella", plugins={"disabled": ("booking",)})  # type: ignore[arg-type]
    )
    assert await site.gone(path)
    assert await site.gone(site.link(row))
