"""`make evidence`: the figures of the whole chain, host to needle (build/evidence/chain.json)."""

import sys

from tests.evidence import (
    measure_cli,
    measure_codec,
    measure_decoder,
    measure_depth,
    measure_heap,
    measure_link,
    measure_rate,
    measure_speed,
    measure_stop,
)
from tests.evidence.report import Measure, run_missing

MEASURES: dict[tuple[str, ...], Measure] = {
    ("rate_error_steady_pct",): measure_rate.steady,
    ("load_dip_pct", "load_recovery_ms"): measure_rate.load_step,
    ("depth_error_um",): measure_depth.depth,
    ("stop_still_ms", "stop_parked_ms", "stop_parked_share"): measure_stop.stop,
    ("tick_heap_bytes",): measure_heap.tick_heap,
    ("sim_speed_x", "sim_speed_mpy_x"): measure_speed.speed,
    ("telemetry_lost",): measure_link.telemetry,
    ("round_trip_ms",): measure_link.round_trip,
    ("decoder_wrong",): measure_decoder.decoder,
    ("cli_help_vs_mpremote",): measure_cli.help_time,
    ("codec_vs_pymavlink",): measure_codec.codec,
}

if __name__ == "__main__":
    sys.exit(min(run_missing("chain", "make evidence", MEASURES), 1))
