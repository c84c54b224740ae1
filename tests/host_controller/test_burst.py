"""A push goes out in one go; whatever is lost or refused, it then goes on request by request."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller import errors
from host_controller.pen import Pen
from host_controller.planning.plan_bytes import PlanImage
from host_controller.refusals import PenRefused
from host_controller.transport import open_transport
from host_controller.transport.trace import TracedTransport, TraceFile
from protocol import codes
from protocol.zones import ZONES
from tests.host_controller.fake_pen import FakePen, FakeTransport
from tests.system.harness import plan_image, row

EIGHT = plan_image([row(name, depth_um=250) for _, name in ZONES[:8]])
SIXTEEN = plan_image([row(name, depth_um=250) for _, name in ZONES])
TOO_DEEP = plan_image([row("nose", depth_um=800)])


class Cable(FakeTransport):
    """Counts what is written; takes out frames to the pen and from it, by their numbers from 0."""

    def __init__(self, lost_to_pen: set[int] = set(), lost_from_pen: set[int] = set()) -> None:  # noqa: B006
        super().__init__(FakePen())
        self.writes: list[bytes] = []
        self.lost = (lost_to_pen, lost_from_pen)
        self._counts = [0, 0]

    def write(self, data: bytes) -> None:
        self.writes.append(data)
        super().write(self._sieved(data, 0))

    def read(self, limit: int, timeout_s: float) -> bytes:
        return self._sieved(super().read(limit, timeout_s), 1)

    def _sieved(self, data: bytes, way: int) -> bytes:
        kept = b""
        for frame in data.lstrip(b"\0").split(b"\0")[:-1]:
            if self._counts[way] not in self.lost[way]:
                kept += frame + b"\0"
            self._counts[way] += 1
        return kept


def connected(cable: Cable) -> Pen:
    """Connected before anything is lost: HELLO has the number 0 on both ways."""
    return Pen.over(cable, cable.clock_ms)


@pytest.mark.parametrize(("image", "frames"), [(EIGHT, 4), (SIXTEEN, 5)])
def test_a_push_is_one_write(image: PlanImage, frames: int) -> None:
    cable = Cable()
    pen = connected(cable)
    before = len(cable.writes)
    steps: list[tuple[int, int]] = []
    assert pen.push_plan(image, lambda sent, total: steps.append((sent, total))).sha256
    assert len(cable.writes) == before + 1
    assert cable.writes[-1].count(0) == frames  # begin, chunks, commit, info
    assert cable.pen.plan == image.data
    assert steps == [(len(image.data), len(image.data))]


@pytest.mark.parametrize("lost", [1, 2, 3, 4])
@pytest.mark.parametrize("way", [0, 1])
def test_a_frame_that_is_lost_costs_time_and_nothing_else(way: int, lost: int) -> None:
    cable = Cable(*([{lost}, set()] if way == 0 else [set(), {lost}]))
    pen = connected(cable)
    assert pen.push_plan(EIGHT).sha256 == EIGHT.sha256
    assert cable.pen.plan == EIGHT.data
    assert pen.status().state == codes.STATE_CARTRIDGE_OK


@given(st.sets(st.integers(1, 16), max_size=10), st.sets(st.integers(1, 16), max_size=10))
def test_whatever_is_lost_a_push_ends_with_the_plan_or_says_that_nobody_answers(
    to_pen: set[int], from_pen: set[int]
) -> None:
    cable = Cable(to_pen, from_pen)
    pen = connected(cable)
    try:
        info = pen.push_plan(EIGHT)
    except errors.NoAnswer:
        assert len(to_pen) + len(from_pen) >= 5  # each request is tried five times
    else:
        assert info.sha256 == EIGHT.sha256
        assert cable.pen.plan == EIGHT.data


def test_a_refusal_is_the_one_that_the_pen_gives_and_the_old_plan_stays() -> None:
    cable = Cable()
    pen = connected(cable)
    pen.push_plan(EIGHT)
    with pytest.raises(PenRefused) as refused:
        pen.push_plan(TOO_DEEP)
    assert refused.value.code == codes.RESULT_ABOVE_ZONE_CAP
    assert cable.pen.plan == EIGHT.data
    info = pen.plan_info()
    assert info is not None
    assert info.sha256 == EIGHT.sha256


def test_a_pen_that_keeps_another_plan_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    cable = Cable()
    pen = connected(cable)
    pen.push_plan(EIGHT)
    monkeypatch.setattr(cable.pen, "_on_plan_commit", lambda _values, _reply: codes.RESULT_OK)
    with pytest.raises(errors.PlanNotVerified):
        pen.push_plan(SIXTEEN)


def test_the_lease_is_renewed_before_and_after() -> None:
    cable = Cable()
    pen = connected(cable)
    pen.hold_lease()
    for _ in range(30):
        pen.push_plan(EIGHT)
        cable.pen.advance(100)
    assert cable.pen._lease_until > cable.pen.t_ms


def test_a_trace_of_a_push_stands_in_for_the_pen(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    cable = Cable()
    sink = TraceFile(str(path), cable.url)
    with Pen.over(TracedTransport(cable, sink), cable.clock_ms) as pen:
        then = [pen.push_plan(EIGHT), pen.status(), pen.push_plan(SIXTEEN)]
    with Pen.over(open_transport(f"replay://{path}")) as pen:
        assert [pen.push_plan(EIGHT), pen.status(), pen.push_plan(SIXTEEN)] == then
