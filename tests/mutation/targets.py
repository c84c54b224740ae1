"""Which sources are mutated, and which tests may notice. Owns no state."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

# Sources, and the tests that may notice what is wrong with them; the nearest ones first.
AREAS: dict[str, tuple[str, ...]] = {
    "protocol": ("tests/protocol", "tests/firmware/comms"),
    "firmware/safety": ("tests/firmware/safety", "tests/safety_model"),
    "firmware/treatment": ("tests/firmware/treatment",),
    "firmware/storage": ("tests/firmware/storage",),
}
SOURCES = tuple(AREAS)
TESTS = tuple(sorted({folder for folders in AREAS.values() for folder in folders}))
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


def tests_for(path: str) -> tuple[str, ...]:
    """Folders of tests that may notice what is wrong in a source."""
    return next(tests for area, tests in AREAS.items() if path.startswith(area + "/"))
