"""The store on both databases: one PostgreSQL server for all tests, a database for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from host_controller.records.home import VARIABLE, Home, home
from host_controller.records.store import Store
from tests.postgres_server import Server, programs, running

TEMPLATE = "pen_template"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server whose database `pen_template` has the tables."""
    if programs() is None:
        pytest.skip("PostgreSQL's server is not installed: apt-get install postgresql")
    with running() as server:
        server.sql(f"CREATE DATABASE {TEMPLATE}")
        Store.open(home(server.url(TEMPLATE))).close()
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, folders: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home of this test's records, on one database after the other."""
    if request.param == "sqlite":
        monkeypatch.delenv(VARIABLE, raising=False)
    else:
        server: Server = request.getfixturevalue("postgres")
        monkeypatch.setenv(VARIABLE, server.fresh(TEMPLATE))
    return home()


@pytest.fixture
def store(where: Home) -> Iterator[Store]:
    """The store of this test, open."""
    opened = Store.open(where)
    yield opened
    opened.close()
