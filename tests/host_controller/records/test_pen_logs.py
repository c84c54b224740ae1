"""What a pen counted by itself comes in late, once, in the pen's own numbers."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from host_controller.pen import Pen
from host_controller.records import schema
from host_controller.records.home import Home
from host_controller.records.pen_logs import reconcile
from host_controller.records.recorder import Recorder
from host_controller.records.verify import verify
from host_controller.replies import UsageEntry
from protocol import codes
from tests.host_controller.records.made_up import begin, end


def usage(number: int, punctures: int = 9000) -> UsageEntry:
    return UsageEntry(number, 1_790_000_000, 7, b"\1\2\3\4", 5, 2, codes.STOP_DOSE, 12, 250, 8000,
                      20_000, 15_000, punctures, 300)  # fmt: skip


@pytest.fixture
def recorder(where: Home) -> Iterator[Recorder]:
    made = Recorder(where)
    made.open()
    made.add("begin", **{k: v for k, v in begin(pen="FAKE0001").items() if k != "type"})
    yield made
    made.close()


def read(pen: Pen, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, *rows: UsageEntry) -> int:
    monkeypatch.setattr(pen, "usage", lambda: iter(rows))
    monkeypatch.setattr(pen, "faults", lambda: iter(()))
    count = reconcile(pen, recorder)
    recorder.settle()
    recorder._reach()
    return count


def stored(recorder: Recorder) -> list[int]:
    table = schema.pen_event
    assert recorder.store is not None
    with recorder.store.reading() as connection:
        return list(connection.execute(select(table.c.number).order_by(table.c.number)).scalars())


def test_gaps_are_filled_and_doubles_dropped(
    pen: Pen, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(pen, recorder, monkeypatch, usage(2), usage(1)) == 2
    assert read(pen, recorder, monkeypatch, usage(2), usage(1)) == 0
    assert read(pen, recorder, monkeypatch, usage(5), usage(4), usage(3), usage(2), usage(1)) == 3
    assert stored(recorder) == [1, 2, 3, 4, 5]


def test_a_pen_that_counts_from_the_beginning_again_loses_nothing(
    pen: Pen, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(pen, recorder, monkeypatch, usage(2), usage(1)) == 2
    assert read(pen, recorder, monkeypatch, usage(2, 50), usage(1, 40)) == 2
    assert stored(recorder) == [1, 1, 2, 2]


def test_the_pens_count_stands_beside_ours(
    pen: Pen, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(pen, recorder, monkeypatch, usage(2, 9100), usage(1, 4000))
    recorder.add("end", **{k: v for k, v in end().items() if k != "type"})
    recorder.settle()
    recorder._reach()
    assert recorder.store is not None
    nose = recorder.store.session(recorder.record_id).zones[2]
    assert nose.pen_count is not None
    assert (nose.pen_count.number, nose.pen_count.punctures) == (2, 9100)
    assert verify(recorder.store).whole


def test_a_reading_that_breaks_off_writes_nothing(
    pen: Pen, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Iterator[UsageEntry]:
        yield usage(3)
        raise OSError("unplugged")

    monkeypatch.setattr(pen, "usage", broken)
    with pytest.raises(OSError, match="unplugged"):
        reconcile(pen, recorder)
    assert stored(recorder) == []
    assert read(pen, recorder, monkeypatch, usage(3), usage(2), usage(1)) == 3
