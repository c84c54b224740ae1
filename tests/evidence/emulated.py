"""`make timing`: the image on the emulated board (build/evidence/emulated.json).

All times but the last two are the emulated chip's at 125 MHz. It charges nothing for misses of the
flash's cache, so a board is somewhat slower. With --chip those two, which tell of the computer, are
left as they were.
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
from tests.evidence.report import Measure, load, run_missing, save

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

OF_THE_COMPUTER = (measure_build.build, measure_build.suite)


def main(chip_alone: bool) -> int:
    """Measure what is missing; 0 when all holds and keeps the budget."""
    left = OF_THE_COMPUTER if chip_alone else ()
    measures = {ids: measure for ids, measure in MEASURES.items() if measure not in left}
    kept_ids = {one for ids, measure in MEASURES.items() if measure in left for one in ids}
    kept = [row for row in load("emulated")["figures"] if row["id"] in kept_ids]
    missing = run_missing("emulated", "make timing", measures, IN_CHIP_TIME)
    report = load("emulated")
    report["figures"] += kept
    save(report)
    return min(missing + over_budget(), 1)


if __name__ == "__main__":
    sys.exit(main("--chip" in sys.argv[1:]))
