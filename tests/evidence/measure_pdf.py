"""How long the report of a session of eight zones takes, from the record to the finished file."""

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from host_controller.reports.treatment_report import treatment_report
from tests.evidence.figure import figure
from tests.host_controller.reports.made_up import samples, session, zone

RUNS = 20
ZONES = ("forehead", "temple", "periorbital", "nose", "malar", "cheek", "perioral", "chin")


def pdf() -> Iterable[dict[str, Any]]:
    """`pdf_s`: the slowest of RUNS, the first with its import included."""
    zones = tuple(zone(name, 300 + 100 * number) for number, name in enumerate(ZONES))
    record = replace(session(), zones=zones, samples=samples(zones))
    slowest_s = 0.0
    for _ in range(RUNS):
        begun = time.perf_counter()
        assert treatment_report(record).startswith(b"%PDF")
        slowest_s = max(slowest_s, time.perf_counter() - begun)
    note = f"slowest of {RUNS}, {len(record.samples)} steps in the plot"
    return [figure("pdf_s", round(slowest_s, 2), "s", "<= 1", RUNS, note)]
