"""The page "FAQ": what a business wrote, and what the assistant would find in it."""

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from frontdesk import Business, profiles
from frontdesk.business import Faq
from frontdesk.forms import digest, read
from frontdesk.instants import instant
from frontdesk.pages import Page, PageError, PageRequest
from frontdesk.speech import moment
from frontdesk_plugins.info.entries import InfoSettings
from frontdesk_plugins.info.search import search
from frontdesk_plugins.info.terms import plain

if TYPE_CHECKING:
    from frontdesk.desk import Desk

Kind = Literal["faq", "more", "facts"]
TITLES: dict[Kind, tuple[str, str]] = {
    "faq": ("Questions", "The assistant always has these before it."),
    "more": ("Further answers", "The assistant searches these when a customer asks."),
    "facts": ("Short facts", "By topic, such as parking. The assistant always has them before it."),
}


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of any kind. A fact has its topic as the question."""

    question: Annotated[str, Meta(min_length=1, max_length=300)]
    answer: Annotated[str, Meta(min_length=1, max_length=4000)]
    source: Annotated[str, Meta(max_length=120)] = ""
    url: Annotated[str, Meta(max_length=500)] = ""
    tags: tuple[str, ...] = ()
    id: str = ""


def page(desk: "Desk") -> Page:
    return Page(
        name="faq",
        title="FAQ",
        template="frontdesk_plugins.info:pages/faq.html.j2",
        load=partial(_load, desk),
        posts={
            "save": partial(_save, desk),
            "move": partial(_move, desk),
            "delete": partial(_delete, desk),
        },
        post_role="manager",
        place=60,
        group="Knowledge",
    )


async def _load(desk: "Desk", request: PageRequest) -> dict[str, Any]:
    business, query = request.business, request.query
    wanted = query.get("q", "").strip()[:300]
    found, is_exact = await search(desk.database, business, wanted) if wanted else ([], False)
    lists = [
        {"kind": kind, "title": title, "about": about, "entries": _shown(business, kind)}
        for kind, (title, about) in TITLES.items()
    ]
    return {
        "lists": lists,
        "edit": _edited(business, query.get("kind", ""), query.get("edit", "")),
        "q": wanted,
        "found": found,
        "is_exact": is_exact,
        "changed": await last_change(desk, business),
    }


async def last_change(desk: "Desk", business: Business) -> str:
    row = await desk.database.one("SELECT updated FROM business WHERE id = {}", business.id)
    return moment(business, instant(row["updated"])) if row else ""


def _shown(business: Business, kind: Kind) -> list[dict[str, Any]]:
    return [
        msgspec.to_builtins(kept) | {"number": n, "was": digest(kept)}
        for n, kept in enumerate(kept_of(business, kind))
    ]


def _edited(business: Business, wanted: str, number: str) -> dict[str, Any] | None:
    """The entry in the form: an empty one for "new"."""
    kinds: dict[str, Kind] = {one: one for one in TITLES}
    if wanted not in kinds or not number:
        return None
    kind = kinds[wanted]
    title = TITLES[kind][0]
    if number == "new":
        empty = {
            "question": "",
            "answer": "",
            "source": "",
            "url": "",
            "tags": (),
            "was": "",
            "number": 0,
        }
        return {"kind": kind, "title": title, "entry": empty}
    known = _shown(business, kind)
    if not (number.isascii() and number.isdecimal() and int(number[:6]) < len(known)):
        return None
    return {"kind": kind, "title": title, "entry": known[int(number[:6])]}


# ---- in the profile --------------------------------------------------------------------------


def kept_of(business: Business, kind: Kind) -> list[Kept]:
    if kind == "faq":
        return [Kept(question=one.question, answer=one.answer) for one in business.faq]
    if kind == "facts":
        return [Kept(question=topic, answer=fact) for topic, fact in business.facts.items()]
    entries = msgspec.convert(business.settings.get("info", {}), InfoSettings).faq
    return [msgspec.convert(entry, Kept, from_attributes=True) for entry in entries]


def with_kept(business: Business, kind: Kind, kept: list[Kept]) -> Business:
    if kind == "faq":
        faq = tuple(Faq(question=one.question, answer=one.answer) for one in kept)
        return msgspec.structs.replace(business, faq=faq)
    if kind == "facts":
        facts = {one.question: one.answer for one in kept}
        return msgspec.structs.replace(business, facts=facts)
    named = [_with_id(one, kept) for one in kept]
    entries = [
        {key: value for key, value in msgspec.to_builtins(one).items() if value} for one in named
    ]
    return profiles.with_section(business, "info", faq=entries)


def _with_id(entry: Kept, others: list[Kept]) -> Kept:
    """An id of its own from the words of the question, for one that has none."""
    if entry.id:
        return entry
    base = re.sub(r"[^a-z0-9]+", "-", plain(entry.question)).strip("-")[:40] or "entry"
    taken = {one.id for one in others}
    names = [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))]
    return msgspec.structs.replace(entry, id=next(name for name in names if name not in taken))


def _index(kept: list[Kept], which: "_Which") -> int:
    """Where the entry is that the form was made from, wherever it was moved."""
    for n, one in enumerate(kept):
        if digest(one) == which.was:
            return n
    now = kept[which.number] if which.number < len(kept) else None
    reads = f' In its place there is now: "{now.question}" - "{now.answer}"' if now else ""
    raise PageError(
        f"Somebody changed or removed this entry since you opened it.{reads} Nothing was saved. "
        "Open the list again, then make your change."
    )


# ---- changes ---------------------------------------------------------------------------------


class _Which(msgspec.Struct, frozen=True, kw_only=True):
    kind: Kind
    was: str = ""
    """What the form was made from; empty for a new entry."""
    number: Annotated[int, Meta(ge=0)] = 0
    """Where it stood then."""


class _Typed(Kept, frozen=True, kw_only=True):
    tags: str = ""  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
    """Separated by commas."""


class _Step(msgspec.Struct, frozen=True):
    by: Literal[-1, 1]


async def _change(
    desk: "Desk", request: PageRequest, kind: Kind, change: Callable[[list[Kept]], None]
) -> None:
    def make(business: Business) -> Business:
        kept = kept_of(business, kind)
        change(kept)
        return with_kept(business, kind, kept)

    await profiles.change(desk, request.business.id, make)


async def _save(desk: "Desk", request: PageRequest) -> str:
    which, typed = read(request.form, _Which), read(request.form, _Typed)
    tags = tuple(tag.strip() for tag in typed.tags.split(",") if tag.strip())
    entry = Kept(
        question=typed.question, answer=typed.answer, source=typed.source, url=typed.url, tags=tags
    )

    def change(kept: list[Kept]) -> None:
        place = _index(kept, which) if which.was else len(kept)
        others = [one for n, one in enumerate(kept) if n != place]
        if any(plain(one.question) == plain(entry.question) for one in others):
            label = "Topic" if which.kind == "facts" else "Question"
            raise PageError(f"{label}: there is one like this already. Edit that one instead.")
        known = kept[place].id if which.was else ""
        kept[place : place + 1] = [msgspec.structs.replace(entry, id=known)]

    await _change(desk, request, which.kind, change)
    return f"Saved: {entry.question}"


async def _move(desk: "Desk", request: PageRequest) -> str:
    which, by = read(request.form, _Which), read(request.form, _Step).by

    def change(kept: list[Kept]) -> None:
        place = _index(kept, which)
        other = min(max(place + by, 0), len(kept) - 1)
        kept[place], kept[other] = kept[other], kept[place]

    await _change(desk, request, which.kind, change)
    return "The order is changed."


async def _delete(desk: "Desk", request: PageRequest) -> str:
    which = read(request.form, _Which)
    gone: list[Kept] = []

    def change(kept: list[Kept]) -> None:
        gone.append(kept.pop(_index(kept, which)))

    await _change(desk, request, which.kind, change)
    return f"Removed: {gone[-1].question}"
