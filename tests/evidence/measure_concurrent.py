"""Eight programs on two laptops and one PostgreSQL: entries lost or doubled."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.evidence.figure import figure
from tests.host_controller.records import concurrent
from tests.postgres_server import running

EACH = 6  # treatments of each program


def concurrent_lost() -> list[dict[str, Any]]:
    """The figure `concurrent_lost`: entries lost, doubled, or not provably in order."""
    folder = Path(tempfile.mkdtemp(prefix="pen-concurrent-"))
    try:
        with running(durable=True) as server:
            came = concurrent.run(folder, server.fresh(), EACH)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    wrong = came.lost + came.doubled + len(came.breaks)
    note = (
        f"{came.sessions} treatments by 8 programs on 2 laptops at once, {came.doubled} doubled, "
        f"{came.chains} chains whole, {came.references} references between them"
    )
    if came.err:
        note = f"a program complained: {came.err[:200]}"
    return [figure("concurrent_lost", wrong, "entries", "== 0", came.entries, note)]
