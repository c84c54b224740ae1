"""Coverage-guided fuzzing of one target: libFuzzer through atheris, from the kept corpus.

    python -m tests.fuzz.coverage_guided TARGET RUNS [SEED]

Ends with 0 after RUNS inputs, or with libFuzzer's own number and the input that raised, or that
needed more than 1 GB, in build/fuzz. Owns the process: libFuzzer never returns.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["protocol", "firmware"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.corpus import inputs

OUT = Path(__file__).resolve().parents[2] / "build" / "fuzz"
RSS_MB = 1024


def selfcheck(data: bytes) -> None:
    """A target that fails, to see that it is told."""
    if data[:1] not in (b"", b"n"):
        raise ValueError("told")


def main(target: str, runs: int, seed: int) -> None:
    """Run the target; does not return."""
    found = OUT / target
    found.mkdir(parents=True, exist_ok=True)
    start = inputs(target) if target in TARGETS else {"near": b"nn"}
    for name, data in start.items():
        (found / name).write_bytes(data)
    options = [
        *("-max_len=1024", f"-runs={runs}", f"-seed={seed}", f"-rss_limit_mb={RSS_MB}"),
        *("-timeout=10", "-verbosity=0", f"-artifact_prefix={OUT}/{target}-"),
    ]
    atheris.Setup([sys.argv[0], *options, str(found)], TARGETS.get(target, selfcheck))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
