"""Piccolo's Postgres engine, made safe: it connects when started, and gives connections back.

The stock engine connects while it is constructed, and a COMMIT that fails leaks its connection.
"""

# The driver and the base class carry no types, or incomplete ones:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportArgumentType=false

from collections.abc import Sequence
from types import TracebackType
from typing import Any, cast

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

Rows = list[dict[str, Any]]


class Transaction(PostgresTransaction):
    """READ COMMITTED. A transaction inside another one joins it."""

    engine: "PooledPostgres"
    closed = False

    async def __aenter__(self) -> "Transaction":
        if self._parent is not None and not cast("Transaction", self._parent).closed:
            return cast("Transaction", self._parent)
        self._parent = None
        self.connection = await self.get_connection()  # type: ignore[no-untyped-call]
        try:
            self.transaction = self.connection.transaction()
            await self.begin()  # type: ignore[no-untyped-call]
        except BaseException:
            await self._give_back()
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
                await self.commit()  # type: ignore[no-untyped-call]
            else:
                await self.rollback()  # type: ignore[no-untyped-call]
        finally:
            self.closed = True
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return False

    async def _give_back(self) -> None:
        pool = self.engine.pool
        assert pool is not None
        await pool.release(self.connection)  # asyncpg shields this and resets the connection


class PooledPostgres(PostgresEngine):
    def __init__(self, dsn: str, *, pool_size: int) -> None:
        super().__init__(config={"dsn": dsn}, extensions=())
        self._pool_size = pool_size

    async def check_version(self) -> None:
        """Nothing here: the stock one opens a connection and blocks."""

    async def prep_database(self) -> None: ...

    async def start(self) -> None:
        await self.start_connection_pool(min_size=1, max_size=self._pool_size, command_timeout=30)

    async def stop(self) -> None:
        await self.close_connection_pool()

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> Rows:
        transaction = self.current_transaction.get()
        if transaction is not None and not cast("Transaction", transaction).closed:
            rows = await transaction.connection.fetch(sql, *args)
        else:
            assert self.pool is not None
            rows = await self.pool.fetch(sql, *args)
        return [dict(row) for row in cast("Rows", rows)]

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Rows:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Rows:
        return await self.fetch(ddl)

    def transaction(self, allow_nested: bool = True) -> Transaction:
        return Transaction(engine=self, allow_nested=allow_nested)
