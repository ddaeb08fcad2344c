"""Fixtures for all tests."""

import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from support import make_database, running_postgres


@pytest.fixture(autouse=True)
def quiet_logs() -> Iterator[None]:
    """Logs of warnings and worse only, so that a failure's output can be read."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A Postgres for this test process; its URL wants a `name`."""
    # A short path: that of a Unix socket has 107 characters at most.
    with (
        tempfile.TemporaryDirectory(prefix="fdpg") as folder,
        running_postgres(Path(folder)) as url,
    ):
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A fresh database of each kind: every test that asks for it runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'both.db'}"
    else:
        yield await make_database(request.getfixturevalue("postgres"), f"t{uuid4().hex}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full", action="store_true", help="all rounds and conversations, for hours, not a sample"
    )
