"""The index of what businesses wrote. Entries themselves are in the businesses' profiles."""

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "full text search"


def statements(engine: str) -> list[str]:
    return [
        "CREATE TABLE info_index (business TEXT PRIMARY KEY, version TEXT NOT NULL DEFAULT '')",
        *(_fts5() if engine == "sqlite" else _tsvector()),
    ]


def _fts5() -> list[str]:
    """Porter's stemmer is for English only: other languages have a table without it."""
    columns = "business UNINDEXED, version UNINDEXED, number UNINDEXED, question, answer, tags"
    return [
        f"CREATE VIRTUAL TABLE info_search_en USING fts5 ({columns}, tokenize = 'porter unicode61')",
        f"CREATE VIRTUAL TABLE info_search USING fts5 ({columns}, tokenize = 'unicode61')",
    ]


def _tsvector() -> list[str]:
    # A business has few enough entries to look through all of them: no GIN index.
    return [
        """CREATE TABLE info_search (
            business TEXT NOT NULL, version TEXT NOT NULL, number BIGINT NOT NULL,
            document TSVECTOR NOT NULL)""",
        "CREATE INDEX info_search_of_business ON info_search (business)",
    ]
