"""Means over the steady part of a run."""

from host_controller.calibration.samples import Samples
from host_controller.replies import Reading
from protocol import codes

ZONE = 12


def reading(t_ms: int, depth_um: int = 500, state: int = codes.STATE_RUNNING, zone: int = ZONE):  # type: ignore[no-untyped-def]
    empty = Reading(*[0] * len(Reading._fields))
    return empty._replace(
        t_ms=t_ms, state=state, zone=zone, depth_um=depth_um, depth_set_um=501, rate_chz=5003
    )


def run(start_ms: int, count: int, depth_um: int = 500) -> list[Reading]:
    return [reading(start_ms + 20 * n, depth_um) for n in range(count)]


def test_the_first_half_second_does_not_count() -> None:
    samples = Samples(ZONE)
    samples.take(run(0, 25))
    assert samples.means() is None
    samples.take([reading(500, 510), reading(520, 520)])
    means = samples.means()
    assert means is not None
    assert (means.samples, means.measured_um, means.spread_um) == (2, 515, 10)
    assert (means.set_um, means.rate_chz) == (501, 5003)


def test_half_a_second_of_samples_is_enough() -> None:
    samples = Samples(ZONE)
    samples.take(run(0, 25 + 24))
    assert not samples.enough
    samples.take([reading(980)])
    assert samples.enough


def test_the_means_stay_after_the_run_and_a_new_run_begins_anew() -> None:
    samples = Samples(ZONE)
    samples.take(run(0, 60, 500))
    samples.take([reading(1200, 0, codes.STATE_PARKING)])
    assert samples.enough
    samples.take(run(2000, 30, 700))
    means = samples.means()
    assert means is not None
    assert means.measured_um == 700


def test_another_zone_is_not_mixed_in() -> None:
    samples = Samples(ZONE)
    samples.take([reading(20 * n, zone=13) for n in range(100)])
    assert samples.means() is None


def test_the_pens_clock_may_wrap() -> None:
    samples = Samples(ZONE)
    end = 1 << 30
    samples.take([reading((end - 300 + 20 * n) % end) for n in range(60)])
    assert samples.enough
