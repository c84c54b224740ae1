"""Opens the database of records and brings its tables up to date; refuses a newer one.

SQLite: write-ahead log, synchronous FULL (a confirmed entry survives a power cut), one writer at a
time from its first statement on. PostgreSQL: short time-outs, because a treatment goes on
meanwhile and the spool holds what could not be sent. Owns the engine.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from host_controller import errors
from host_controller.records.failures import DatabaseAway, DatabaseNewer
from host_controller.records.file_lock import locked
from host_controller.records.home import Home

HEAD_REVISION = "0002"  # newest of migrations/versions; a test holds the two together
BUSY_MS = 5000  # another program of this computer may be writing
CONNECT_S = 2
STATEMENT_MS = 20_000
SILENT_MS = 4000  # a cable pulled under an open connection
_MIGRATION_LOCK = 7_305_001  # advisory, any number of our own


def _sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are ours, see below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def make_engine(home: Home) -> Engine:
    """An engine for the database of `home`; connects when first used."""
    if home.is_sqlite:
        engine = create_engine(home.url, poolclass=NullPool)
        _sqlite(engine)
        return engine
    return create_engine(
        home.url,
        pool_size=1,
        max_overflow=2,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_S,
            "tcp_user_timeout": SILENT_MS,
            "application_name": "pen",
            "options": f"-c statement_timeout={STATEMENT_MS} -c timezone=UTC",
        },
    )


@contextlib.contextmanager
def told(home: Home) -> Iterator[None]:
    """Turn what goes wrong with the database into DatabaseAway."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise away(home, error) from error


def away(home: Home, error: Exception) -> DatabaseAway:
    """The error for people; it never shows a password."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    reason = " ".join(str(original).split())[:300] or type(original).__name__
    what = f"The database {home.url.removeprefix('sqlite:///')}" if home.is_sqlite else ""
    return DatabaseAway(
        f"{what or 'The database server'} cannot be used now.", cause=f"It says: {reason}."
    )


def revision(engine: Engine) -> str | None:
    """Version of the tables; None for an empty database."""
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine, target: str = "head") -> None:
    """Run the migrations up to `target`."""
    from importlib import resources

    from alembic import command
    from alembic.config import Config

    config = Config()
    package = resources.files("host_controller.records") / "migrations"
    config.set_main_option("script_location", str(package).replace("%", "%%"))
    with engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        config.attributes["connection"] = connection
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        command.upgrade(config, target)
        connection.commit()


def _is_ours(found: str) -> bool:
    """Whether a version of the tables is one this program can bring up to date."""
    return found <= HEAD_REVISION  # they are numbered 0001, 0002, ...


def open_database(home: Home) -> Engine:
    """The engine, its tables up to date. Raises DatabaseAway, DatabaseNewer, RecordUnwritable."""
    try:
        home.make()
        if home.is_sqlite:  # for its owner alone, as everything beside it that SQLite makes
            os.close(os.open(home.url.removeprefix("sqlite:///"), os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        if home.is_sqlite:
            raise errors.RecordUnwritable(
                f"The record cannot be written to {home.folder}.",
                cause=f"The system says: {error}.",
            ) from error
    engine = make_engine(home)
    try:
        with told(home):
            _bring_up_to_date(home, engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _bring_up_to_date(home: Home, engine: Engine) -> None:
    found = revision(engine)
    if found is not None and not _is_ours(found):
        raise DatabaseNewer(
            f"The database has tables of version {found}; this program knows up to {HEAD_REVISION}."
        )
    if found == HEAD_REVISION:
        return
    if home.is_sqlite:
        with locked(home.folder / "migrate.lock"):
            migrate(engine)
    else:
        migrate(engine)
