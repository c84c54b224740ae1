"""The store takes each entry once, in order, without gap, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from host_controller import errors
from host_controller.records import queries, reading, schema
from host_controller.records.home import Home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Forked, Store
from host_controller.records.verify import verify
from tests.host_controller.records.made_up import DAY, begin, end, moment, treatment


def put(store: Store, *record_ids: str, **changes: object) -> None:
    for record_id in record_ids:
        Spool(store.home).append(treatment(record_id, **changes))  # type: ignore[arg-type]
    merge(store)


def count(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.entry)).scalar_one())


def test_a_treatment_comes_out_as_it_went_in(store: Store) -> None:
    put(store, "r1")
    record = store.session("r1")
    assert (record.client, record.operator, record.outcome) == ("C-0042", "np-07", "complete")
    assert [zone.zone for zone in record.zones] == ["forehead", "cheek", "nose"]
    cheek = record.zones[1]
    assert (cheek.depth_um_set, cheek.depth_um_mean, cheek.depth_um_max) == (1000, 1000, 1006)
    assert (cheek.rate_chz_mean, cheek.punctures_per_cm2) == (9010, 300)
    assert cheek.override is not None
    assert (cheek.override.reason, cheek.override.approved_by) == ("scar", "dr-03")
    assert record.cartridges[0].lot == "L2409"
    assert len(record.samples) == 6
    assert record.concern == "acne-scars"
    assert verify(store).whole


def test_taking_the_same_again_changes_nothing(store: Store) -> None:
    put(store, "r1")
    before = count(store)
    for _ in range(3):
        merge(store)
    assert count(store) == before
    assert verify(store).whole


def test_entries_survive_a_trimmed_spool(store: Store) -> None:
    put(store, "r1")
    spool = Spool(store.home)
    head = merge(store)
    assert head is not None
    assert spool.trim(head)
    assert len(spool.lines()) == 1
    put(store, "r2")
    report = verify(store)
    assert report.whole
    assert store.session("r2").outcome == "complete"


def test_a_spool_that_has_moved_on_is_not_trimmed(store: Store) -> None:
    put(store, "r1")
    head = merge(store)
    assert head is not None
    Spool(store.home).append([end()])
    assert not Spool(store.home).trim(head)


def test_the_database_itself_refuses_to_change_or_delete_an_entry(store: Store) -> None:
    put(store, "r1")
    for statement in (update(schema.entry).values(record_id="x"), delete(schema.entry)):
        with pytest.raises(DBAPIError, match="never changed or deleted"):  # noqa: SIM117
            with store.engine.begin() as connection:
                connection.execute(statement)


def test_a_gap_is_not_taken(store: Store) -> None:
    put(store, "r1")
    spool = Spool(store.home)
    spool.append([end(), end(), end()])
    entries = spool.entries()
    with pytest.raises(Forked):
        store.take(entries[0]["writer"], lambda _: entries[-2:])
    with pytest.raises(Forked):
        store.take(entries[0]["writer"], lambda _: entries[:3])  # it knows more than we do


def test_a_spool_restored_from_a_backup_goes_on_in_a_new_chain(store: Store) -> None:
    put(store, "r1")
    spool = Spool(store.home)
    backup = spool.path.read_bytes()
    put(store, "r2")
    spool.path.write_bytes(backup)
    put(store, "r3")  # under numbers that the database knows with other hashes
    assert {row.record_id for row in queries.ask(store, queries.newest(9))} == {"r1", "r2", "r3"}
    assert len(store.heads()) == 2
    assert verify(store).whole
    assert not spool.set_aside()


def test_a_folder_copied_to_another_computer_begins_a_chain_of_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "r1")
    Spool(store.home).append(treatment("r2"))  # not merged yet when the folder is copied
    monkeypatch.setattr("host_controller.records.spool.computer_tag", lambda _: "ffffff")
    put(store, "r3")
    assert sorted(head.writer[:6] == "ffffff" for head in store.heads().values()) == [False, True]
    assert store.session("r2").chain.writer[:6] != "ffffff"
    assert store.session("r3").chain.writer[:6] == "ffffff"
    assert verify(store).whole


def test_a_database_restored_from_a_backup_is_told(where: Home) -> None:
    """What it lost is named by verify; new treatments are kept all the same."""
    store = Store.open(where)
    put(store, "r1")
    put(store, "r2")
    head = merge(store)
    assert head is not None
    Spool(where).trim(head)
    with store.engine.begin() as connection:  # as an older backup would be
        _lose(connection, "r2")
    put(store, "r3")
    report = verify(store)
    assert "missing at the end" in report.breaks[0].reason
    assert store.session("r3").outcome == "complete"
    store.close()


def _lose(connection: object, record_id: str) -> None:
    """Take a record out of every table, as if it had never come."""
    run = connection.execute  # type: ignore[attr-defined]
    postgres = connection.dialect.name == "postgresql"  # type: ignore[attr-defined]
    if postgres:
        run(text("ALTER TABLE entry DISABLE TRIGGER ALL"))
    else:
        run(text("DROP TRIGGER entry_no_delete"))
    entry, writer = schema.entry, schema.writer
    first = run(select(func.min(entry.c.number)).where(entry.c.record_id == record_id)).scalar()
    before = run(select(entry.c.line).where(entry.c.number == first - 1)).scalar()
    digest = before.rpartition('"hash":"')[2][:64]
    run(delete(entry).where(entry.c.record_id == record_id))
    run(update(writer).values(number=first - 1, hash=digest))
    for table in (schema.session, schema.zone):
        run(delete(table).where(table.c.record_id == record_id))


def test_lists_are_newest_first_and_of_one_client(store: Store) -> None:
    for number in range(5):
        client = "C-0001" if number % 2 else "C-0002"
        put(store, f"r{number}", at=DAY + timedelta(days=number), client=client,
            session_id=number + 1)  # fmt: skip
    assert [row.record_id for row in queries.ask(store, queries.newest(3))] == ["r4", "r3", "r2"]
    mine = queries.ask(store, queries.of_client("C-0001", 9))
    assert [row.record_id for row in mine] == ["r3", "r1"]
    found = list(store.sessions(DAY + timedelta(days=1), DAY + timedelta(days=3)))
    assert [record.record_id for record in found] == ["r1", "r2"]


def test_a_record_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    put(store, "20260302-1a", "20260302-2b", "20260303-3c")
    assert reading.find(store, "20260303") == "20260303-3c"
    assert reading.find(store, "20260302-1a") == "20260302-1a"
    with pytest.raises(errors.NoSuchRecord, match="2 records begin"):
        reading.find(store, "20260302")
    with pytest.raises(errors.NoSuchRecord, match="no record"):
        reading.find(store, "2027")
    with pytest.raises(errors.NoSuchRecord):
        store.session("nope")


def test_two_stores_on_one_database_see_one_another(store: Store) -> None:
    put(store, "r1")
    other = Store.open(store.home)
    assert other.session("r1").client == "C-0042"
    assert other.heads() == store.heads()
    other.close()


def test_an_open_record_has_no_end(store: Store) -> None:
    fields = {"schema": "pen.record/1", "record_id": "r9", "time": moment(DAY)}
    Spool(store.home).append([{**begin(), **fields}])
    merge(store)
    record = store.session("r9")
    assert (record.outcome, record.ended, record.needles_in) == ("open", None, None)
    assert not any(zone.treated for zone in record.zones)
