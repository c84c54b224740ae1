"""The observer sees runs and stops from the pins and the plant alone."""

import pytest

from hardware.simulator.bench import Bench
from tests.hardware.simulator.stand_in import Echo, EchoTwin, grant_and_drive


class Driver:
    """A firmware that drives, brakes or does nothing, as the test says."""

    def __init__(self) -> None:
        self.does = "drive"
        self.bench = Bench(EchoTwin(tick=self.tick))
        self.bench.plant.place_carriage(400)
        self.bench.person.touch("chin")

    def tick(self, echo: Echo) -> None:
        if self.does == "drive":
            grant_and_drive(echo)
        elif self.does == "brake":
            echo.board.watchdog.kick()
            echo.board.bridge.brake()
        elif self.does == "cut":
            echo.board.enable.cut()


@pytest.fixture
def driver() -> Driver:
    return Driver()


def test_a_run_is_counted_in_its_zone(driver: Driver) -> None:
    driver.bench.advance(2000)
    record = driver.bench.observer.zones["chin"]
    assert driver.bench.observer.zones.keys() == {"chin"}
    assert 1900 < record.run_ms <= 2000
    assert record.contact_ms == record.run_ms
    assert record.punctures == record.strokes * 12
    assert record.depth_um_min == record.depth_um_max == 400
    assert 30 < record.rate_hz_min <= record.rate_hz_max < 150
    assert record.stops == 0


@pytest.mark.parametrize("way", ["brake", "cut"])
def test_a_stop_is_timed_from_the_last_drive(driver: Driver, way: str) -> None:
    driver.bench.advance(1000)
    driver.does = way
    start_ms = driver.bench.now_ms
    took = driver.bench.advance_until(lambda: driver.bench.truth.still, 200)
    driver.bench.advance(1)
    record = driver.bench.observer.zones["chin"]
    assert record.stops == 1
    assert record.still_ms_max == pytest.approx(took, abs=2)
    assert record.parked_ms_max == 0  # still at a depth of 400 um
    assert driver.bench.now_ms > start_ms
    driver.bench.plant.place_carriage(0)
    driver.bench.plant.motor.place(3.14159)
    driver.bench.advance(1)
    assert driver.bench.observer.parked
    assert record.parked_ms_max > record.still_ms_max


def test_a_run_that_begins_before_the_last_was_parked_is_told(driver: Driver) -> None:
    driver.bench.advance(500)
    driver.does = "brake"
    driver.bench.advance(100)
    driver.does = "drive"
    driver.bench.advance(500)
    assert driver.bench.observer.zones["chin"].never_parked == 1


def test_how_long_drive_enable_has_been_low(driver: Driver) -> None:
    observer = driver.bench.observer
    assert observer.enable_low_ms is None
    driver.bench.advance(100)
    assert observer.enable_low_ms == 0
    driver.does = "cut"
    driver.bench.advance(51)
    assert observer.enable_low_ms == 50


@pytest.mark.parametrize("way", ["brake", "cut"])
def test_how_long_ago_the_motor_was_driven(driver: Driver, way: str) -> None:
    observer = driver.bench.observer
    assert observer.driven_ago_ms is None
    driver.bench.advance(500)
    assert observer.driven_ago_ms == 0
    driver.does = way
    driver.bench.advance(51)
    assert observer.driven_ago_ms == 50
    assert observer.snapshot()["driven_ago_ms"] == 50


def test_the_snapshot_is_plain_and_marks_begin_anew(driver: Driver) -> None:
    driver.bench.advance(1000)
    snapshot = driver.bench.observer.snapshot()
    assert snapshot["zones"]["chin"]["strokes"] > 20
    assert snapshot["drive_enable"] is True
    driver.bench.observer.mark()
    assert driver.bench.observer.snapshot()["zones"] == {}
    driver.bench.person.change(zone="nose")
    driver.bench.advance(100)
    after = driver.bench.observer.snapshot()["zones"]
    assert after.keys() == {"nose"}
    assert after["nose"]["rate_hz_min"] is not None
