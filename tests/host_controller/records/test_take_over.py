"""Records of another database come along with their chains, once, and only whole."""

from pathlib import Path

import pytest
from sqlalchemy import text

from host_controller import errors
from host_controller.records.home import Home, home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from host_controller.records.take_over import take_over
from host_controller.records.verify import verify
from tests.host_controller.records.made_up import treatment


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Another data folder, with one record in SQLite."""
    with monkeypatch.context() as patch:
        patch.setenv("PEN_DATA_DIR", str(tmp_path / "laptop"))
        patch.delenv("PEN_DATABASE_URL", raising=False)
        where = home()
    treated(where, "r1")
    return where


def treated(where: Home, record_id: str) -> None:
    store = Store.open(where)
    Spool(where).append(treatment(record_id))
    merge(store)
    store.close()


def test_what_is_new_comes_along_each_time(store: Store, laptop: Home) -> None:
    source = Store.open(laptop)
    length = len(treatment("x"))
    assert take_over(source, store) == length + 1
    assert take_over(source, store) == 0
    treated(laptop, "r2")
    assert take_over(source, store) == length
    assert store.session("r2").chain == source.session("r2").chain
    assert verify(store).whole
    source.close()


def test_a_chain_that_was_changed_is_not_taken(store: Store, laptop: Home) -> None:
    source = Store.open(laptop)
    with source.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER entry_no_update"))
        connection.execute(text("UPDATE entry SET line = replace(line, 'C-0042', 'C-0043')"))
    with pytest.raises(errors.RecordBroken, match="was changed"):
        take_over(source, store)
    assert store.heads() == {}
    source.close()


def test_a_chain_with_a_hole_is_not_taken(store: Store, laptop: Home) -> None:
    source = Store.open(laptop)
    with source.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER entry_no_delete"))
        connection.execute(text("DELETE FROM entry WHERE number = 1"))
    with pytest.raises(errors.RecordBroken, match="does not go on"):
        take_over(source, store)
    source.close()
