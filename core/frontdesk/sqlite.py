"""Piccolo's SQLite engine with kept connections: one writer, one reader, write-ahead log.

The stock engine opens a connection and a thread for every query, starts transactions as readers
(which then cannot become writers while others write) and leaves the journal in its slow mode.
"""

# The driver and the base class carry no types, or incomplete ones:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportArgumentType=false

import asyncio
import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Any, cast

import aiosqlite
import structlog
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType
from piccolo.querystring import QueryString

Rows = list[dict[str, Any]]
log = structlog.get_logger("frontdesk.sqlite")

CHECKPOINT_SECONDS = 2.0
LARGEST_LOG = 10_000
"""Pages. Beyond this the writer itself makes a checkpoint, and waits for the disk."""


class Transaction(SQLiteTransaction):
    """BEGIN IMMEDIATE on the writer. A transaction inside another one joins it."""

    engine: "PooledSQLite"
    closed = False

    async def __aenter__(self) -> "Transaction":
        if self._parent is not None and not cast("Transaction", self._parent).closed:
            return cast("Transaction", self._parent)
        self._parent = None
        await self.engine.writer_lock.acquire()
        try:
            self.connection = self.engine.writer
            await self.connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            # A cancelled BEGIN may still be in the thread's queue: a rollback behind it undoes it.
            try:
                await self.engine.roll_back()
            finally:
                self.engine.writer_lock.release()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if self._parent is not None:
            return False
        try:
            if exception_type is None:
                await self.connection.execute("COMMIT")
            else:
                await self.engine.roll_back()
        except BaseException:
            await self.engine.roll_back()
            raise
        finally:  # also when cancelled a second time; the thread runs what is queued in order
            self.closed = True
            self.engine.current_transaction.reset(self.context)
            self.engine.writer_lock.release()
        return False


class PooledSQLite(SQLiteEngine):
    """Open it with `start`; all queries run on the loop that did."""

    writer: aiosqlite.Connection
    writer_lock: asyncio.Lock

    def __init__(self, path: str, *, busy_seconds: float = 30.0) -> None:
        super().__init__(path=path, timeout=busy_seconds)
        self._reader: sqlite3.Connection | None = None
        self._all: list[aiosqlite.Connection] = []
        self._checkpoints: asyncio.Task[None] | None = None

    async def start(self) -> None:
        # What cannot be opened fails here, before the thread of a connection that nobody ends.
        arguments: dict[str, Any] = self.connection_kwargs
        sqlite3.connect(**arguments).close()
        self.writer_lock = asyncio.Lock()
        try:
            self.writer = await self._open("PRAGMA foreign_keys=1")
            self._reader = self._open_reader()
            await self.writer.execute(f"PRAGMA wal_autocheckpoint={LARGEST_LOG}")
            keeper = await self._open("PRAGMA foreign_keys=1")
            self._checkpoints = asyncio.create_task(_checkpoint(keeper), name="checkpoints")
        except BaseException:
            await self.stop()  # the thread of a connection that stays open keeps the process alive
            raise

    async def stop(self) -> None:
        """Waits for the transaction that runs, then closes every connection."""
        if self._checkpoints is not None:
            self._checkpoints.cancel()
            await asyncio.wait([self._checkpoints])
        async with self.writer_lock:
            for connection in self._all:
                await connection.close()
            self._all.clear()
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    async def _open(self, pragma: str) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(**self.connection_kwargs)
        self._all.append(connection)
        await _use_write_ahead_log(connection)
        # In WAL mode NORMAL keeps every commit through a crash of the process; only a power cut
        # may lose the last ones, never corrupt the file (sqlite.org/pragma.html#pragma_synchronous).
        await connection.execute("PRAGMA synchronous=NORMAL")
        await connection.execute(pragma)
        await connection.create_function("LOWER", 1, _lower, deterministic=True)
        connection.row_factory = cast("type", _as_dict)  # the stub knows no functions
        return connection

    def _open_reader(self) -> sqlite3.Connection:
        """Readers of a write-ahead log wait for nobody, and a short SELECT costs less than handing
        it to a thread and back: this one runs on the loop's own thread."""
        arguments: dict[str, Any] = self.connection_kwargs | {"timeout": 1.0}
        connection: sqlite3.Connection = sqlite3.connect(**arguments)
        connection.execute("PRAGMA query_only=1")
        connection.create_function("LOWER", 1, _lower, deterministic=True)
        connection.row_factory = _as_dict
        return connection

    async def roll_back(self) -> None:
        """Ends the writer's transaction if there is one. Queued at once, even when cancelled."""
        await self.writer.rollback()

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> Rows:
        transaction = self.current_transaction.get()
        if transaction is not None and not cast("Transaction", transaction).closed:
            return await _run(transaction.connection, sql, args)
        if self._reader is not None and sql.lstrip()[:6].upper() == "SELECT":
            return self._reader.execute(sql, args).fetchall()
        async with self.writer_lock:
            return await _run(self.writer, sql, args)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Rows:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Rows:
        return await self.fetch(ddl)

    def transaction(
        self,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,
    ) -> Transaction:
        return Transaction(
            engine=self, transaction_type=transaction_type, allow_nested=allow_nested
        )


async def _use_write_ahead_log(connection: aiosqlite.Connection) -> None:
    """SQLite asks no busy handler when two processes change a new file's mode at the same time:
    the second fails at once, and finds it changed a moment later."""
    for wait in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0):
        try:
            await connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            await asyncio.sleep(wait)
        else:
            return
    await connection.execute("PRAGMA journal_mode=WAL")


async def _checkpoint(connection: aiosqlite.Connection) -> None:
    """Move the log into the database from time to time, beside the writer, who never waits for it."""
    while True:
        await asyncio.sleep(CHECKPOINT_SECONDS)
        try:
            await connection.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.OperationalError as error:  # another process does the same: next time
            log.debug("no checkpoint", error=str(error))


async def _run(connection: aiosqlite.Connection, sql: str, args: Sequence[Any]) -> Rows:
    return cast("Rows", await connection.execute_fetchall(sql, args))


def _lower(value: Any) -> Any:
    """SQLite's own knows the letters of ASCII only."""
    return value.lower() if isinstance(value, str) else value


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
