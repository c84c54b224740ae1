"""The tables as migrations make them are those the program uses, from any version on."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, select, text

from host_controller.records import database, schema
from host_controller.records.home import VARIABLE, Home, home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from host_controller.records.verify import verify
from tests.host_controller.records.made_up import DAY, DEVIATIONS, fault, treatment

if TYPE_CHECKING:
    from tests.postgres_server import Server

FIRST_RELEASED = "0001"
VERSIONS = Path("host_controller/records/migrations/versions")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, folders: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        monkeypatch.setenv(VARIABLE, server.fresh())
    where = home()
    where.make()
    return where


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, schema.metadata))


def test_an_empty_database_gets_the_tables_the_program_uses(empty: Home) -> None:
    engine = database.open_database(empty)
    assert differences(engine) == []
    assert database.revision(engine) == database.HEAD_REVISION
    engine.dispose()


def test_a_database_of_the_first_release_keeps_every_record(empty: Home) -> None:
    engine = database.make_engine(empty)
    database.migrate(engine, FIRST_RELEASED)
    engine.dispose()
    Spool(empty).append(treatment("r1"))
    store = Store.open(empty)
    merge(store)
    assert store.session("r1").outcome == "complete"
    assert verify(store).whole
    assert differences(store.engine) == []
    store.close()


def test_records_of_the_first_release_get_the_index_of_this_one(
    empty: Home, tmp_path: Path
) -> None:
    """What the older tables held, copied from a database of today; verify compares every row."""
    today = Store.open(Home(f"sqlite:///{tmp_path / 'today.sqlite'}", tmp_path / "today"))
    Spool(today.home).append(
        treatment("r1")
        + treatment("r2", DAY + timedelta(days=1), session_id=8, planning=DEVIATIONS)
        + [fault("r2", DAY + timedelta(days=1, minutes=1))]
    )
    merge(today)
    engine = database.make_engine(empty)
    database.migrate(engine, FIRST_RELEASED)
    with today.reading() as old, engine.begin() as new:
        for table in (schema.entry, schema.writer, schema.session, schema.zone, schema.cartridge):
            kept = [column for column in table.columns if column.name != "runs"]
            rows = [dict(row) for row in old.execute(select(*kept)).mappings()]
            new.execute(insert(table), rows)
    engine.dispose()
    today.close()
    store = Store.open(empty)
    report = verify(store)
    assert [found for found in report.breaks if "spool" not in found.reason] == []
    with store.reading() as connection:
        kinds = connection.execute(
            select(schema.event.c.kind).order_by(schema.event.c.kind)
        ).scalars()
        assert list(kinds) == ["fault", *["override"] * 3, *["stop"] * 6]
        assert set(connection.execute(select(schema.zone.c.runs)).scalars()) == {1}
    store.close()


def test_a_migration_that_breaks_off_leaves_nothing_behind(
    empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    import alembic.op

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    engine = database.make_engine(empty)
    with monkeypatch.context() as patch:
        patch.setattr(alembic.op, "execute", fail)  # the last step of the first version
        with pytest.raises(OSError, match="no space"):
            database.migrate(engine)
    assert inspect(engine).get_table_names() == []
    database.migrate(engine)
    assert database.revision(engine) == database.HEAD_REVISION
    engine.dispose()


def test_opening_what_is_up_to_date_runs_no_migration(
    empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.open_database(empty).dispose()

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(database, "migrate", never)
    database.open_database(empty).dispose()


def test_versions_are_numbered_without_gap_up_to_the_one_the_program_knows() -> None:
    names = sorted(path.name for path in VERSIONS.glob("v*.py"))
    numbers = [re.match(r"v(\d{4})_", name)[1] for name in names]  # type: ignore[index]
    assert numbers == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert numbers[-1] == database.HEAD_REVISION


def test_a_confirmed_entry_survives_a_power_cut_by_the_settings_of_sqlite(folders: Path) -> None:
    store = Store.open(home())
    with store.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
    store.close()
    assert (home().folder / "records.sqlite").stat().st_mode & 0o777 == 0o600
