"""Which sources are mutated, and which tests may notice. Owns no state."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

# Sources, and the tests that may notice what is wrong with them. The first row is tried first: it
# takes a second or two, and notices nearly everything; the others are for what it lets pass.
AREAS: dict[str, tuple[tuple[str, ...], ...]] = {
    "protocol": (
        ("tests/protocol",),
        ("tests/firmware/comms",),
    ),
    "firmware/safety": (
        (
            "tests/firmware/safety/test_conditions_written_twice.py",
            "tests/firmware/safety/test_line_written_twice.py",
            "tests/firmware/safety/test_measures_written_twice.py",
            "tests/firmware/safety/test_verdict_written_twice.py",
            "tests/firmware/safety/test_limits_by_hand.py",
            "tests/firmware/safety/test_rules_by_hand.py",
            "tests/firmware/safety/test_table_by_hand.py",
            "tests/firmware/safety/test_beginnings.py",
            "tests/firmware/safety/test_beyond_the_data.py",
            "tests/firmware/safety/test_faults.py",
            "tests/firmware/safety/test_requests.py",
            "tests/firmware/safety/test_restated.py",
            "tests/firmware/safety/test_stop_path.py",
            "tests/firmware/safety/test_transitions.py",
            "tests/firmware/test_signs.py",
        ),
        ("tests/firmware/safety",),
    ),
    "firmware/treatment": (
        (
            "tests/firmware/treatment/test_beginnings.py",
            "tests/firmware/treatment/test_cartridge.py",
            "tests/firmware/treatment/test_cartridge_keeper.py",
            "tests/firmware/treatment/test_cartridge_times.py",
            "tests/firmware/treatment/test_contact_written_twice.py",
            "tests/firmware/treatment/test_counting_written_twice.py",
            "tests/firmware/treatment/test_gestures.py",
            "tests/firmware/treatment/test_plan.py",
            "tests/firmware/treatment/test_plan_refusals.py",
            "tests/firmware/treatment/test_progress.py",
            "tests/firmware/treatment/test_treatment.py",
            "tests/firmware/safety/test_restated.py",
            "tests/firmware/test_signs.py",
        ),
        ("tests/firmware/treatment",),
    ),
    "firmware/storage": (("tests/firmware/storage",),),
}
STAGES = 2  # rows at most
NEAR = -1  # in place of a row, for a sample: sources with the few tests that notice all mistakes
NEAREST: dict[str, tuple[str, ...]] = {
    "firmware/safety/transitions.py": (
        "tests/firmware/safety/test_table_by_hand.py",
        "tests/firmware/safety/test_transitions.py",
        "tests/firmware/safety/test_restated.py",
    ),
    "firmware/safety/limits.py": ("tests/firmware/safety/test_limits_by_hand.py",),
    "firmware/safety/drive_line.py": (
        "tests/firmware/safety/test_line_written_twice.py",
        "tests/firmware/safety/test_restated.py",
    ),
    "firmware/treatment/cartridge_keeper.py": (
        "tests/firmware/treatment/test_cartridge_keeper.py",
        "tests/firmware/treatment/test_cartridge_times.py",
    ),
    "firmware/treatment/gestures.py": (
        "tests/firmware/treatment/test_beginnings.py",
        "tests/firmware/treatment/test_gestures.py",
    ),
    "protocol/cartridge_layout.py": (
        "tests/protocol/test_cartridge_layout.py",
        "tests/protocol/test_edges.py",
        "tests/protocol/test_restated.py",
    ),
    "protocol/cobs.py": ("tests/protocol/test_cobs.py",),
    "protocol/plan_layout.py": (
        "tests/protocol/test_edges.py",
        "tests/protocol/test_plan_layout.py",
        "tests/protocol/test_restated.py",
    ),
    "protocol/requester_link.py": (
        "tests/protocol/test_requester_link.py",
        "tests/protocol/test_burst.py",
    ),
    "protocol/responder_link.py": (
        "tests/protocol/test_responder_link.py",
        "tests/protocol/test_deferred_answers.py",
        "tests/protocol/test_restated.py",
    ),
    "firmware/storage/append_log.py": (
        "tests/firmware/storage/test_append_log.py",
        "tests/firmware/storage/test_log_end.py",
    ),
    "firmware/storage/record_store.py": (
        "tests/firmware/storage/test_record_store.py",
        "tests/firmware/storage/test_prepared.py",
    ),
}
SOURCES = tuple(AREAS)
# Sentences for people: their tests compare them with nothing but themselves.
LEFT_OUT = ("protocol/texts.py",)
RING = "not mpy and not system and not emulated and not board"


def modules(under: tuple[str, ...] = SOURCES) -> list[str]:
    """Paths of the mutated sources, relative to the repository."""
    return [
        path
        for folder in under
        for path in sorted(
            str(file.relative_to(REPOSITORY)) for file in (REPOSITORY / folder).rglob("*.py")
        )
        if path not in LEFT_OUT
    ]


def dotted(path: str) -> str:
    """The name under which a source is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def mirror(path: str) -> str:
    """The test that is named after a source."""
    folder, _, name = path.rpartition("/")
    return f"tests/{folder}/test_{name}"


def tests_for(path: str, stage: int) -> tuple[str, ...]:
    """Tests that may notice what is wrong in a source: those of one row, none beyond the last."""
    if stage == NEAR:
        return NEAREST.get(path, ())
    rows = next(tests for area, tests in AREAS.items() if path.startswith(area + "/"))
    return rows[stage] if stage < len(rows) else ()
