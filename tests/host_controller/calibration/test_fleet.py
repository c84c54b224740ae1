"""A calibration stands in the clinic's table of pens, with the errors found before trimming."""

from host_controller.calibration import fleet
from host_controller.calibration.depth_check import DepthPoint
from host_controller.calibration.progress import Progress
from host_controller.calibration.rate_check import RateResult
from host_controller.records.fleet import pen_seen
from host_controller.records.store import Store

SERIAL = "73696d5f63eca6f3"
POINTS = tuple(
    DepthPoint(d, d, d, 9, 80, d + off) for d, off in ((500, 10), (1000, -25), (1500, 5))
)
DONE = Progress(SERIAL, 7, "AB1", "then", "then", POINTS, RateResult(10_030, 10_000, 90))


def test_the_largest_errors_are_told() -> None:
    assert fleet.errors_found(DONE) == (25, 3)


def test_the_pen_is_in_the_table_with_who_and_what() -> None:
    fleet.note(DONE)
    store = Store.open()
    found = pen_seen(store, SERIAL).calibration
    store.close()
    assert found is not None
    assert (found.done_by, found.depth_error_um, found.rate_error_ppt) == ("AB1", 25, 3)
