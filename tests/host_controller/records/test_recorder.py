"""Recording never makes a treatment wait and loses nothing that can be kept."""

import errno
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from host_controller import errors
from host_controller.cli.records_desk import opened
from host_controller.records import kinds, notes, recovery
from host_controller.records.chain import Entry, Head
from host_controller.records.failures import CartridgeSeen, ClockBehind, DatabaseNewer
from host_controller.records.home import VARIABLE, Home, home
from host_controller.records.recorder import Recorder
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from host_controller.records.verify import verify
from tests.host_controller import kept
from tests.host_controller.records.made_up import begin, end, sample, treatment, used
from tests.postgres_server import Server


def add(recorder: Recorder, *entries: dict[str, object]) -> None:
    for entry in entries:
        fields = {key: value for key, value in entry.items() if key != "type"}
        recorder.add(str(entry["type"]), **fields)


def test_what_was_added_is_in_the_database_after_close(where: Home) -> None:
    recorder = Recorder(where, datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    recorder.open()
    add(recorder, begin(), sample("nose", 800), end())
    recorder.close()
    assert recorder.record_id.startswith("20261122-170000-")
    assert kept.kind_names() == ["begin", "sample", "end"]
    assert kept.broken() == []
    assert not list(where.open_records.glob("*"))
    assert len(Spool(where).lines()) == 1  # the head alone stays here


def test_a_program_that_died_leaves_a_record_that_the_next_start_closes(where: Home) -> None:
    recorder = Recorder(where)
    recorder.open()
    add(recorder, begin(), sample("nose", 800))
    recorder.settle()
    with opened() as store:  # it still treats
        assert store.session(recorder.record_id).outcome == "open"
    recorder._held.release()  # type: ignore[union-attr]  # as the system does for a dead program
    told: list[str] = []
    with opened(told.append) as store:
        record = store.session(recorder.record_id)
        assert record.outcome == "interrupted"
        assert record.ended is not None
        assert [found.t_ms for found in record.samples] == [800]
        assert record.zones[2].runs == 1  # filled up from the last sample
        assert verify(store).whole
    assert recorder.record_id in told[0]
    recorder._held = None
    recorder.close()
    assert recovery.close_interrupted(where) == []


def test_two_records_at_once_on_one_computer_share_a_chain(where: Home) -> None:
    one, two = Recorder(where), Recorder(where)
    for recorder in (one, two):
        recorder.open()
        add(recorder, begin(session_id=1 + (recorder is two)))
    for recorder in (one, two):
        add(recorder, sample("nose", 800), end())
        recorder.settle()
    one.close()
    assert len(Spool(where).lines()) > 1  # the other is still open: nothing is trimmed
    two.close()
    with opened() as store:
        assert len(store.heads()) == 1
        assert verify(store).whole
        for recorder in (one, two):
            assert store.session(recorder.record_id).outcome == "complete"


@pytest.mark.postgres
def test_a_server_that_goes_away_in_the_middle_costs_nothing(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, postgres.fresh("pen_template"))
    where = home()
    recorder = Recorder(where)
    recorder.open()
    add(recorder, begin())
    recorder.settle()
    postgres.stop()
    try:
        add(recorder, sample("nose", 800), sample("nose", 1600))
        recorder.settle()  # on this computer's disk
        add(recorder, end())
        recorder.close()
        assert any(problem.number == "E144" for problem in recorder.problems)
        waiting = len(Spool(where).entries())
        assert waiting >= 4
        with pytest.raises(errors.PenError) as caught, opened():
            pass
        assert caught.value.number == "E144"
        assert str(waiting) in caught.value.lines[0]
        assert "nobody" not in str(caught.value)
    finally:
        postgres.start()
    with opened() as store:
        assert store.session(recorder.record_id).outcome == "complete"
        assert verify(store).whole


@pytest.mark.postgres
def test_a_treatment_begins_while_the_server_is_away(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, postgres.fresh("pen_template").replace("?host=", "?host=/nowhere"))
    where = home()
    recorder = Recorder(where)
    recorder.open()
    add(recorder, begin())
    recorder.settle()
    add(recorder, end())
    recorder.close()
    assert [problem.number for problem in recorder.problems] == ["E144"]
    assert [entry["type"] for entry in Spool(where).entries()] == ["chain begins", "begin", "end"]


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://pen:geheim@127.0.0.1:1/clinic")
    with pytest.raises(errors.PenError) as caught, opened():
        pass
    assert caught.value.number == "E144"
    assert "geheim" not in json.dumps(caught.value.as_dict())
    assert "geheim" not in str(home().folder)


@pytest.mark.parametrize("url", ["mysql://x/y", "records.db", "postgresql"])
def test_a_database_of_another_kind_is_a_mistake_of_usage(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(errors.UsageError, match="no database this program can use"):
        home()


def test_a_newer_database_is_refused(where: Home) -> None:
    from sqlalchemy import text

    store = Store.open(where)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(DatabaseNewer, match="9999"):
        Store.open(where)
    with pytest.raises(DatabaseNewer):
        Recorder(where).open()


def test_a_cartridge_seen_before_is_refused_for_another_session(where: Home) -> None:
    recorder = Recorder(where)
    recorder.open()
    add(recorder, begin(session_id=7), used("0a0b0c0d", 7), end())
    recorder.close()
    again = Recorder(where)
    again.open()
    again.refuse_used_cartridge("0a0b0c0d", 7)  # the same session goes on
    again.refuse_used_cartridge("0a0b0c0e", 8)
    with pytest.raises(CartridgeSeen, match=recorder.record_id):
        again.refuse_used_cartridge("0a0b0c0d", 8)
    again.close()


def test_a_clock_that_runs_backwards_is_refused_until_somebody_has_looked(where: Home) -> None:
    late = datetime.now(UTC) + timedelta(days=3)
    Spool(where).append(treatment("r1", late))
    recorder = Recorder(where)
    with pytest.raises(ClockBehind, match="the last record was written at"):
        recorder.open()
    recorder.close()
    with opened() as store:
        notes.accept_clock(store, "np-07")
    recorder = Recorder(where)
    recorder.open()
    recorder.close()


def test_a_clock_that_jumps_a_little_is_none(where: Home) -> None:
    Spool(where).append(treatment("r1", datetime.now(UTC) - timedelta(seconds=10)))
    recorder = Recorder(where)
    recorder.open()
    recorder.close()


def test_nothing_can_be_recorded_in_a_folder_that_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("PEN_DATA_DIR", str(tmp_path / "file"))
    recorder = Recorder()
    recorder.open()
    add(recorder, begin())
    with pytest.raises(errors.RecordUnwritable) as caught:
        recorder.settle()
    assert "PEN_DATA_DIR" in caught.value.next_step
    with pytest.raises(errors.RecordUnwritable):
        recorder.close()


@pytest.mark.usefixtures("folders")
def test_room_made_at_the_last_moment_is_used_and_no_loss_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The disk refuses until the program closes the record, and takes all of it then."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("host_controller.records.recorder.RETRY_S", 3600.0)
    append, full = Spool.append, ["full"]

    def refusing(spool: Spool, entries: Sequence[Entry]) -> Head:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return append(spool, entries)

    monkeypatch.setattr(Spool, "append", refusing)
    recorder = Recorder()
    recorder.open()
    add(recorder, begin(), sample("nose", 800), end())
    with pytest.raises(errors.RecordUnwritable):
        recorder.settle()
    full.clear()
    recorder.close()
    assert recorder.unsafe == 0
    assert kept.kind_names() == ["begin", "sample", "end"]


def test_a_corrected_client_is_found_under_the_new_number_and_the_old_one_stays(
    where: Home,
) -> None:
    from host_controller.records import queries

    with opened() as store:
        Spool(where).append(treatment("r1"))
    with opened() as store:
        notes.correct(store, "r1", "client", "C-0043", "wrong client", "np-07")
        notes.correct(store, "r1", "client", "C-0044", "typing mistake", "np-07")
        assert not queries.ask(store, queries.of_client("C-0042", 9))
        assert [r.record_id for r in queries.ask(store, queries.of_client("C-0044", 9))] == ["r1"]
        record = store.session("r1")
        assert record.client == "C-0044"
        assert [(c.before, c.after) for c in record.corrections] == [
            ("C-0042", "C-0043"),
            ("C-0043", "C-0044"),
        ]
        assert verify(store).whole
        with pytest.raises(errors.UsageError):
            notes.correct(store, "r1", "client", "Anna Schmidt", "wrong client", "np-07")
        with pytest.raises(errors.UsageError, match="reason"):
            notes.correct(store, "r1", "client", "C-1", "it was Anna", "np-07")
        with pytest.raises(errors.NoSuchRecord):
            notes.correct(store, "r2", "client", "C-1", "missing", "np-07")


def test_kinds_fit_their_column() -> None:
    names = [value for name, value in vars(kinds).items() if name.isupper()]
    assert all(len(name) <= 16 for name in names)
