"""`make ui-figures`: figures of the practitioner's program (build/evidence/ui.json)."""

import sys

from tests.evidence import measure_dead_ui, measure_stop_page, measure_ui
from tests.evidence.report import Measure, run_missing

MEASURES: dict[tuple[str, ...], Measure] = {
    (
        "stop_page_ms_p50",
        "stop_page_ms_p95",
        "stop_drive_ms_p95",
    ): measure_stop_page.stop_page,
    ("dead_ui_stop_ms_max",): measure_dead_ui.dead_ui,
    ("first_page_s",): measure_ui.first_page,
    ("server_cpu_pct",): measure_ui.server_cpu,
    ("actions_to_armed",): measure_ui.actions,
    ("axe_serious",): measure_ui.axe_serious,
}

if __name__ == "__main__":
    sys.exit(min(run_missing("ui", "make ui-figures", MEASURES), 1))
