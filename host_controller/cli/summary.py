"""The end of a treatment: one table and the record's id."""

from typing import Any

from host_controller import words
from host_controller.cli.output import Output

_HEADER = ("zone", "depth", "error", "rate", "error", "dose", "stops", "time", "parked")


def print_summary(out: Output, summary: dict[str, Any]) -> None:
    """Print the zones and what was measured in each."""
    rows = [
        (
            zone["zone"],
            words.mm(zone["depth_um_set"]),
            f"{zone['depth_um_max_error'] / 1000:.3f} mm",
            words.hz(zone["rate_chz_set"], 0),
            f"{zone['rate_pct_max_error_steady']:.1f} %",
            f"{zone['punctures_per_cm2']}/cm²",
            str(zone["stops"]),
            words.minutes(zone["zone_ms"]),
            f"{zone['parked_ms_max']} ms",
        )
        for zone in summary["zones"]
    ]
    if rows:
        out.table(_HEADER, rows, _HEADER[1:])
    else:
        out.line("no zone was treated")
    inside = "in (sensed)" if summary["needles_in"] else "NOT SENSED INSIDE"
    faults = ", ".join(summary["faults"]) or "none"
    out.line()
    out.line(f"needles {inside}; faults: {faults}; record {summary['record_id']}")
