"""The figures of the report "safety", in their order. Owns no state.

Each is measured by a part that also has a report of its own, or can be run alone; wherever it is
kept it stands in this report too.
"""

REPORT = "safety"
MADE_BY = "make safety"
FIGURES = (
    "hazards_covered",
    "model_broken",
    "fault_cases_broken",
    "fault_off_ms_max",
    "fault_off_dead_ms_max",
    "strokes_after_fault_max",
    "campaign_runs",
    "campaign_broken",
    "campaign_runs_on_demand",
    "campaign_broken_on_demand",
    "planted_found",
    "branch_coverage_pct",
    "mutants_total",
    "mutants_killed_pct",
    "mutation_s",
    "power_cuts",
    "power_cut_lost",
    "fuzz_frames",
    "fuzz_wrong",
    "soak_days",
    "soak_heap_growth_bytes",
)
