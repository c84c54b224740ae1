"""`make records`: figures of library, plans and records (build/evidence/records.json)."""

import sys

from tests.evidence import (
    measure_concurrent,
    measure_kill,
    measure_pdf,
    measure_plans,
    measure_query,
    measure_tampers,
)
from tests.evidence.report import Measure, run_missing

MEASURES: dict[tuple[str, ...], Measure] = {
    ("plans_tried", "plans_outside_limits"): measure_plans.plans,
    ("record_kill_points", "record_lost_s_max"): measure_kill.kill_points,
    ("tampers_tried", "tampers_missed"): measure_tampers.tampers,
    ("query_ms_100k", "clinic_ms_100k"): measure_query.queries_100k,
    ("pdf_s",): measure_pdf.pdf,
    ("concurrent_lost",): measure_concurrent.concurrent_lost,
}

if __name__ == "__main__":
    sys.exit(min(run_missing("records", "make records", MEASURES), 1))
