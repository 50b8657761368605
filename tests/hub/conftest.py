"""A hub on each engine: SQLite in a folder, and a real PostgreSQL server that the tests start for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from founded import FoundedCenter
from hub_in_hand import HubInHand
from postgres_server import Postgres, cannot_run

from familydesk.hub.storage import sqlite_file_url

ENGINES = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests."""
    if why := cannot_run():
        pytest.skip(why)
    with Postgres() as server:
        yield server


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on each engine in turn."""
    if request.param == "sqlite":
        return sqlite_file_url(tmp_path / "hub.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[HubInHand]:
    """A hub on SQLite, for what does not touch the engine."""
    with HubInHand(sqlite_file_url(tmp_path / "hub.db")) as hub:
        yield hub


@pytest.fixture
def hub(database: str) -> Iterator[HubInHand]:
    """A hub on each engine in turn, asked without a network."""
    with HubInHand(database) as hub:
        yield hub


@pytest.fixture
def center() -> FoundedCenter:
    """An invented center."""
    return FoundedCenter()
