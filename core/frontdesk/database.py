"""One database for the whole desk: SQLite or Postgres, told apart by the URL."""

import re
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from frontdesk import config
from frontdesk.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Generator

    from piccolo.table import Table

    from frontdesk.postgres import PooledPostgres
    from frontdesk.sqlite import PooledSQLite

Row = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")
_GIVEN_UP = ("40P01", "40001")
"""deadlock_detected, serialization_failure (postgresql.org/docs/current/errcodes-appendix.html)."""


class Database:
    """Queries, transactions, and the tables of plugins bound to them.

    SQL is written once, with `{}` for each argument, in the part that both databases share.
    """

    def __init__(self, settings: config.Database) -> None:
        self.url = settings.url
        self.engine: PooledSQLite | PooledPostgres = _engine(settings)
        self.is_sqlite: bool = self.engine.engine_type == "sqlite"

    async def start(self) -> None:
        """Open the connections. Raises ConfigError when the database cannot be reached."""
        try:
            await self.engine.start()
        except ValueError as error:  # a driver that cannot read the URL quotes pieces of it
            raise ConfigError(
                f"cannot read the database's URL {_without_password(self.url)}. Check database.url: "
                "characters such as / # ? @ in a password are written in percents, / as %2F."
            ) from error
        except Exception as error:
            raise ConfigError(
                f"cannot open the database {_without_password(self.url)}: {error}. "
                "Check database.url, and that the folder or the server exists."
            ) from error
        _default.append(self)

    async def stop(self) -> None:
        """Nothing happens when it was never started."""
        if self in _default:
            _default.remove(self)
            await self.engine.stop()

    def transaction(self) -> AbstractAsyncContextManager[Any]:
        """A transaction that may write. One inside another joins it; any exception rolls back."""
        return self.engine.transaction()

    def in_transaction(self) -> bool:
        running = self.engine.current_transaction.get()
        return running is not None and not getattr(running, "closed", False)

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await self.engine.fetch(_compiled(sql, self.is_sqlite), args)

    async def one(self, sql: str, *args: Any) -> Row | None:
        rows = await self.engine.fetch(_compiled(sql, self.is_sqlite), args)
        return rows[0] if rows else None

    async def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Rows of one shape, in one statement. The names come from our code, never from input."""
        if not rows:
            return
        columns = list(rows[0])
        values = ", ".join(["(" + ", ".join(["{}"] * len(columns)) + ")"] * len(rows))
        await self.fetch(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}",  # noqa: S608
            *(row[column] for row in rows for column in columns),
        )

    @contextmanager
    def bound(self) -> "Generator[None]":
        """Within this block (and tasks begun in it) plugins' Piccolo tables use this database."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    def bind(self, tables: "Iterable[type[Table]]") -> None:
        """Make Piccolo tables find this database by themselves."""
        for table in tables:
            table._meta.db = _bound_engine  # type: ignore[assignment]  # pyright: ignore


def is_given_up(error: BaseException) -> bool:
    """Whether the database undid a transaction in favour of another one. Done again, it may succeed."""
    return getattr(error, "sqlstate", "") in _GIVEN_UP


def whole(
    work: Callable[Concatenate[Database, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[Database, P], Coroutine[Any, Any, T]]:
    """For functions that are one transaction and do nothing outside of it: one that the database gave
    up is done once more. As a part of a larger transaction it is not: all of that is undone."""

    @wraps(work)
    async def twice(database: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        is_part = database.in_transaction()
        try:
            return await work(database, *args, **kwargs)
        except Exception as error:
            if is_part or not is_given_up(error):
                raise
        return await work(database, *args, **kwargs)

    return twice


def _engine(settings: config.Database) -> "PooledSQLite | PooledPostgres":
    """Imports only the driver in use."""
    path = sqlite_path(settings.url)
    if path and path != ":memory:":  # of which every connection would have one of its own
        from frontdesk.sqlite import PooledSQLite  # noqa: PLC0415

        return PooledSQLite(path)
    if re.match(r"postgres(ql)?://", settings.url):
        from frontdesk.postgres import PooledPostgres  # noqa: PLC0415

        return PooledPostgres(settings.url, pool_size=settings.pool)
    raise ConfigError(
        f"database.url: {_without_password(settings.url)!r} is neither "
        "sqlite:///PATH nor postgresql://USER:PASSWORD@HOST/NAME"
    )


_current: ContextVar[Database | None] = ContextVar("frontdesk_database", default=None)
_default: list[Database] = []


def current() -> Database:
    """The database that plugins' Piccolo tables use here."""
    database = _current.get() or (_default[-1] if _default else None)
    if database is None:
        raise RuntimeError("no database is open: start a Desk first")
    return database


class _BoundEngine:
    """Piccolo gives a table one engine per process; this one looks up whose turn it is."""

    def __getattr__(self, name: str) -> Any:
        return getattr(current().engine, name)


_bound_engine = _BoundEngine()


def sqlite_path(url: str) -> str | None:
    """The file of a SQLite URL: sqlite:///relative.db or sqlite:////absolute.db; else None."""
    return url.removeprefix("sqlite:///") or None if url.startswith("sqlite:///") else None


def _without_password(text: str) -> str:
    """A URL, or a message that quotes it, as it may be shown."""
    text = re.sub(r"//([^:/@\s]*):\S*@", r"//\1:***@", text)
    return re.sub(r"\b(password=)[^&\s]*", r"\1***", text)


@lru_cache(maxsize=512)
def _compiled(sql: str, is_sqlite: bool) -> str:
    if is_sqlite:
        return sql.replace("{}", "?")
    parts = sql.split("{}")
    numbered = (f"${n}{part}" for n, part in enumerate(parts[1:], 1))
    return parts[0] + "".join(numbered)
