"""`pen calibrate` against a fake pen: every step, what is refused, what is written and kept."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_controller.calibration import history
from protocol import codes
from tests.host_controller.cli.conftest import Run
from tests.host_controller.fake_pen import FakePen

HELD_S = 1.3  # of the fake pen's real-time pace: half a second to settle, half to measure


@pytest.fixture
def thumb(fake: FakePen) -> Iterator[None]:
    """Somebody who holds the button whenever the pen is armed, and lets go."""
    fake.settings = {"depth_zero_um": 5, "hall_offset_um": -3}
    ending = threading.Event()

    def run() -> None:
        while not ending.wait(0.01):
            if fake.state == codes.STATE_ARMED and not fake.button:
                fake.press()
                ending.wait(HELD_S)
                fake.release()
                ending.wait(0.3)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    ending.set()
    thread.join()


def complete(at: Run, *gauges: str) -> None:
    assert at("calibrate", "home", "--by", "AB1").code == 0
    for gauge in gauges:
        found = at("calibrate", "depth", "--gauge", gauge)
        assert found.code == 0, found.err
    assert at("calibrate", "rate", "--hz", "100.0").code == 0


@pytest.mark.slow
def test_every_step_to_the_trim_on_the_pen(at: Run, fake: FakePen, thumb: None) -> None:
    complete(at, "0.520", "1.020", "1.520")  # the fake measures 7 um more than it sets
    shown = at("calibrate")
    assert "stage     offset +20 um" in shown.out
    assert "sensor    offset +13 um" in shown.out
    assert "+0.2 %, accepted" in shown.out
    assert at("calibrate", "write", "--dry-run").code == 0
    assert at("calibrate", "write", "--confirm", "OTHER").code == 7
    assert fake.settings == {"depth_zero_um": 5, "hall_offset_um": -3}
    written = at("calibrate", "write", "--confirm", "FAKE0001", "--json").object
    assert written["before"] == {"depth_zero_um": 5, "hall_offset_um": -3}
    assert written["after"] == {"depth_zero_um": 25, "hall_offset_um": 10}
    assert fake.settings == written["after"]
    last = history.last("FAKE0001")
    assert last is not None
    assert last["who"] == "AB1"
    assert at("calibrate", "show", "--json").object["under_way"] is None
    again = at("calibrate", "home", "--by", "AB1")
    assert again.code == 7
    assert "switched off and on" in again.err


@pytest.mark.slow
def test_a_pen_that_is_bent_is_refused_with_the_limit(at: Run, fake: FakePen, thumb: None) -> None:
    complete(at, "0.500", "1.040", "1.500")
    refused = at("calibrate", "write", "--confirm", "FAKE0001")
    assert refused.code == 7
    assert "E164" in refused.err
    assert "27 um are left at the stage, 20 um are allowed" in refused.err
    assert fake.settings["depth_zero_um"] == 5
    assert at("calibrate", "discard").code == 0
    assert at("calibrate", "rate", "--hz", "100.0").code == 7


@pytest.mark.slow
@pytest.mark.parametrize("gauge", ["5.00", "0.5", "-0.50", "half", "50"])
def test_a_slip_of_the_gauge_is_not_kept(at: Run, fake: FakePen, thumb: None, gauge: str) -> None:
    assert at("calibrate", "home", "--by", "AB1").code == 0
    assert at("calibrate", "depth", "--gauge", gauge).code in (2, 7)
    assert at("calibrate", "show", "--json").object["under_way"]["points"] == []
    assert fake.state != codes.STATE_RUNNING


def test_who_calibrates_is_a_code(at: Run, fake: FakePen, thumb: None) -> None:
    assert at("calibrate", "home").code == 2
    assert at("calibrate", "home", "--by", "Anna Bell").code == 2


def test_a_pen_with_a_fault_is_not_calibrated(at: Run, fake: FakePen, thumb: None) -> None:
    fake.raise_fault(codes.FAULT_STALL)
    refused = at("calibrate", "home", "--by", "AB1")
    assert refused.code == 7
    assert "F22" in refused.err


def test_monitor_writes_a_file_that_can_be_replayed(at: Run, tmp_path: Path) -> None:
    from host_controller.ui.engineer import replay

    path = tmp_path / "seen.csv"
    assert at("monitor", "--count", "5", "--csv", str(path)).code == 0
    assert len(replay.load(path)) == 5
    assert at("monitor", "--count", "1", "--csv", str(tmp_path / "no" / "seen.csv")).code == 1
