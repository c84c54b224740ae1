"""The plot: every step inside its panel, whatever was measured."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from host_controller.reports.trace_plot import HEIGHT, WIDTH, trace_plot
from tests.host_controller.reports.made_up import samples, session


def test_it_names_the_zones_and_draws_the_plan_dashed() -> None:
    zones = session().zones[:2]
    svg = trace_plot(samples(zones), zones, "a plot")
    assert "forehead" in svg
    assert "cheek" in svg
    assert svg.count("stroke-dasharray") == 4  # two zones in two panels


def test_steps_without_running_needles_are_gaps() -> None:
    zones = session().zones[:1]
    still = tuple(replace(sample, running_ms=0) for sample in samples(zones))
    assert "#9fcdc7" not in trace_plot(still, zones, "")
    assert "#9fcdc7" in trace_plot(samples(zones), zones, "")


def test_nothing_measured_is_an_empty_plot() -> None:
    ET.fromstring(trace_plot((), (), "nothing"))


@given(
    depth=st.lists(st.integers(-300, 2900), min_size=1, max_size=20),
    rate=st.integers(0, 30_000),
    step_ms=st.integers(1, 800),
)
def test_nothing_lies_outside_the_picture(depth: list[int], rate: int, step_ms: int) -> None:
    zones = session().zones[:1]
    first = samples(zones)[0]
    run = tuple(
        replace(first, t_ms=step_ms * (i + 1), lasted_ms=step_ms, depth_um_mean=d,
                depth_um_min=d - 50, depth_um_max=d + 50, rate_chz_max=rate)
        for i, d in enumerate(depth)
    )  # fmt: skip
    root = ET.fromstring(trace_plot(run, zones, "bounds"))
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y = float(rect.get("x", "")), float(rect.get("y", ""))
        assert 0 <= x <= WIDTH
        assert y >= 0
        assert y + float(rect.get("height", "")) <= HEIGHT
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        assert re.fullmatch(r"M[\d.]+,[\d.]+H[\d.]+", path.get("d", ""))
