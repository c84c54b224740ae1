"""A calibration into the clinic's records, for the table of its pens. Owns no state."""

from host_controller.calibration.progress import Progress
from host_controller.records import notes
from host_controller.records.store import Store


def errors_found(progress: Progress) -> tuple[int, int]:
    """Largest error of the depth in um and error of the rate in thousandths, before trimming."""
    depth_um = max((abs(point.gauge_um - point.set_um) for point in progress.points), default=0)
    return depth_um, progress.rate.error_ppt if progress.rate else 0


def note(progress: Progress) -> None:
    """Append that this pen was compared with gauges; raises DatabaseAway, RecordUnwritable."""
    store = Store.open()
    try:
        notes.calibrated(store, progress.serial, progress.who, *errors_found(progress))
    finally:
        store.close()
