"""Full text search over what a business wrote: FTS5 on SQLite, tsvector on Postgres.

The index is filled by whoever searches first after a change. Every row carries the version of the
entries it was made from, so nobody ever reads rows of another version.
"""

from frontdesk import Business
from frontdesk.database import Database
from frontdesk_plugins.info.entries import Entry, entries_of, version_of
from frontdesk_plugins.info.terms import plain, terms_of

MOST = 3
"""Results."""

_CONFIGURATIONS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "it": "italian", "nb": "norwegian", "nl": "dutch", "pt": "portuguese",
    "sv": "swedish",
}  # fmt: skip
"""Of Postgres, by language. Others are searched for the words as they are."""

_FTS5_FIND = """SELECT number FROM {table} WHERE {table} MATCH {{}} AND business = {{}}
    AND version = {{}} ORDER BY bm25({table}, 0, 0, 0, 4, 1, 3), number LIMIT {{}}"""
_FTS5_ADD = "INSERT INTO {table} VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {{}})"
_TSVECTOR_FIND = """SELECT number FROM info_search,
    websearch_to_tsquery('{configuration}', {{}}) AS wanted
    WHERE document @@ wanted AND business = {{}} AND version = {{}}
    ORDER BY ts_rank_cd(document, wanted) DESC, number LIMIT {{}}"""
_TSVECTOR_ADD = """INSERT INTO info_search (business, version, number, document)
    VALUES ({{}}, {{}}, {{}}, setweight(to_tsvector('{configuration}', {{}}), 'A')
    || setweight(to_tsvector('{configuration}', {{}}), 'C')
    || setweight(to_tsvector('{configuration}', {{}}), 'B'))"""


async def search(database: Database, business: Business, question: str) -> tuple[list[Entry], bool]:
    """(the best entries first, whether they have all the words that were asked for)."""
    entries = entries_of(business)
    terms = terms_of(question, business.language)
    if not entries or not terms:
        return [], False
    version = version_of(business, entries)
    numbers, is_exact = await _find(database, business, version, terms)
    if not numbers:  # there are none, or the index was not filled
        await _fill(database, business, version, entries)
        numbers, is_exact = await _find(database, business, version, terms)
    return [entries[number] for number in numbers], is_exact


async def _find(
    database: Database, business: Business, version: str, terms: list[str]
) -> tuple[list[int], bool]:
    """First entries with every word, else those with any."""
    for joined in (" ", " OR "):
        wanted = joined.join(_quoted(database, business, term) for term in terms)
        sql = _sql(database, business, _FTS5_FIND, _TSVECTOR_FIND)
        rows = await database.fetch(sql, wanted, business.id, version, MOST)
        if rows:
            return [row["number"] for row in rows], joined == " "
    return [], False


async def _fill(database: Database, business: Business, version: str, entries: list[Entry]) -> None:
    """Index this version in place of any other, unless it is there already."""
    row = await database.one("SELECT version FROM info_index WHERE business = {}", business.id)
    if row is not None and row["version"] == version:
        return
    async with database.transaction():
        # Locks the row: of several processes one fills the index, and the others find it filled.
        row = await database.one(
            "INSERT INTO info_index (business) VALUES ({}) ON CONFLICT (business) "
            "DO UPDATE SET business = excluded.business RETURNING version",
            business.id,
        )
        assert row is not None
        if row["version"] == version:
            return
        for table in ("info_search", "info_search_en") if database.is_sqlite else ("info_search",):
            await database.fetch(f"DELETE FROM {table} WHERE business = {{}}", business.id)  # noqa: S608
        sql = _sql(database, business, _FTS5_ADD, _TSVECTOR_ADD)
        for number, entry in enumerate(entries):
            texts = (entry.question, entry.answer, " ".join(entry.tags))
            await database.fetch(sql, business.id, version, number, *map(plain, texts))
        await database.fetch(
            "UPDATE info_index SET version = {} WHERE business = {}", version, business.id
        )


def _sql(database: Database, business: Business, fts5: str, tsvector: str) -> str:
    if database.is_sqlite:
        return fts5.format(table="info_search_en" if business.language == "en" else "info_search")
    return tsvector.format(configuration=_CONFIGURATIONS.get(business.language, "simple"))


def _quoted(database: Database, business: Business, term: str) -> str:
    """A word as both query languages take it. FTS5 knows English endings only: of other languages
    the beginning of a longer word counts."""
    if not database.is_sqlite or business.language == "en" or len(term) < 5:
        return f'"{term}"'
    return f'"{term[: -2 if len(term) > 6 else -1]}"*'
