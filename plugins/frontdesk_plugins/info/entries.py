"""What a business wrote about itself, as entries that can be searched."""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from frontdesk import Business

EntryId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: EntryId
    question: Annotated[str, Meta(min_length=1, max_length=300)]
    answer: Annotated[str, Meta(min_length=1, max_length=4000)]
    source: Annotated[str, Meta(max_length=120)] = ""
    """Where it is written, as customers may read it: "Allergy sheet"."""
    url: Annotated[str, Meta(pattern=r"^(https?://\S+)?$")] = ""
    tags: tuple[str, ...] = ()
    """Other words that customers use for it."""


class InfoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The section [settings.info] of a business file."""

    faq: tuple[Entry, ...] = ()
    """Beside the business's own [[faq]], which models always have before them."""

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for entry in self.faq:
            if entry.id in seen:
                raise ValueError(f"faq: two entries have the id {entry.id!r}")
            seen.add(entry.id)


def entries_of(business: Business) -> list[Entry]:
    """All that can be found: facts and questions of the profile, then the entries of the section."""
    written = [
        Entry(id=f"fact-{n}", question=topic, answer=fact)
        for n, (topic, fact) in enumerate(business.facts.items(), 1)
    ]
    written += [
        Entry(id=f"faq-{n}", question=entry.question, answer=entry.answer)
        for n, entry in enumerate(business.faq, 1)
    ]
    settings = msgspec.convert(business.settings.get("info", {}), InfoSettings)
    return [*written, *settings.faq]


def version_of(business: Business, entries: list[Entry]) -> str:
    """Another one whenever the entries or how they are searched changes."""
    body = msgspec.json.encode((1, business.language, entries))
    return hashlib.blake2b(body, digest_size=16).hexdigest()
