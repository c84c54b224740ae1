"""`make timing`: the image on the emulated board (build/evidence/emulated.json).

All times but the last two are the emulated chip's at 125 MHz. It charges nothing for misses of the
flash's cache, so a board is somewhat slower.
"""

import sys

from tests.evidence import (
    measure_accuracy,
    measure_board,
    measure_build,
    measure_countdown,
    measure_cut_off,
    measure_image,
    measure_others,
    measure_tick,
    measure_wire,
)
from tests.evidence.budget import over_budget
from tests.evidence.report import Measure, run_missing

MEASURES: dict[tuple[str, ...], Measure] = {
    (
        "tick_us_max",
        "tick_us_mean",
        "tick_us_min",
        "ticks_missed",
        "tick_jitter_us",
        "collection_ms_max",
    ): measure_tick.tick,
    ("countdown_hangs", "countdown_ms_max"): measure_countdown.countdown,
    ("drive_off_ms_max",): measure_cut_off.cut_off,
    ("boot_ready_ms", "heap_free_boot_pct"): measure_board.boot,
    ("heap_free_min_pct",): measure_board.heap,
    (
        "round_trip_ms",
        "round_trip_busy_ms",
        "telemetry_hz",
        "python_stack_pct",
    ): measure_wire.wire,
    ("round_trip_vs_belay", "plan_push_vs_mpremote"): measure_others.others,
    ("rate_error_steady_pct", "depth_error_um"): measure_accuracy.accuracy,
    ("image_kb", "ram_static_kb"): measure_image.size,
    ("image_build_s",): measure_build.build,
    ("emulated_suite_s",): measure_build.suite,
}

# These ask the chip for the time, so they run side by side; the longest is begun first.
IN_CHIP_TIME = (
    measure_board.heap,
    measure_countdown.countdown,
    measure_tick.tick,
    measure_cut_off.cut_off,
    measure_board.boot,
    measure_wire.wire,
    measure_others.others,
    measure_accuracy.accuracy,
)

if __name__ == "__main__":
    missing = run_missing("emulated", "make timing", MEASURES, IN_CHIP_TIME)
    sys.exit(min(missing + over_budget(), 1))
