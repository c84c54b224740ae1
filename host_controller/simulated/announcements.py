"""Where running simulated pens announce themselves, so that `pen list` finds them.

One small JSON file per simulator in the user's cache folder (or PEN_RUNTIME_DIR), written by
`pen simulate` and `pen try` when the simulator is ready and removed when it ends. A file whose
process is gone is ignored and removed. Owns that folder.
"""

import contextlib
import json
import os
from pathlib import Path
from typing import NamedTuple

from protocol.hello import PenIdentity


class SimulatedPen(NamedTuple):
    """A simulator that announced itself."""

    url: str
    serial_number: str
    process_id: int
    twin: str
    boot_disk: str = ""  # folder that plays its boot loader's disk
    control: str = ""  # HOST:PORT of the simulated person


def folder() -> Path:
    """The folder of announcements (not created here)."""
    chosen = os.environ.get("PEN_RUNTIME_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs

    cache = Path(platformdirs.user_cache_dir("microneedling-pen", appauthor=False))
    return cache / "simulators"


def announce(pen: SimulatedPen) -> Path | None:
    """Write the announcement; None where the folder cannot be written (finding is a comfort)."""
    path = folder() / f"simulator-{pen.process_id}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(json.dumps(pen._asdict()), encoding="utf-8")
    except OSError:
        return None
    return path


def withdraw(path: Path | None) -> None:
    """Remove an announcement made by `announce`."""
    if path is not None:
        with contextlib.suppress(OSError):
            path.unlink()


def _alive(process_id: int) -> bool:
    if os.name == "nt":  # os.kill(pid, 0) would end the process there
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def of(serial_number: str) -> SimulatedPen | None:
    """The running simulated pen with this serial number, whichever way it was reached."""
    return next((pen for pen in running() if pen.serial_number == serial_number), None)


def twin_of(identity: PenIdentity) -> str:
    """The interpreter of a simulated pen, "simulated" where its number alone tells; "" if real."""
    found = of(identity.serial)
    if found is not None:
        return found.twin
    return "simulated" if identity.simulated else ""


def running() -> list[SimulatedPen]:
    """Simulated pens whose process is alive, in order of their announcement files."""
    found = []
    for path in sorted(folder().glob("simulator-*.json")):
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            pen = SimulatedPen(
                str(fields["url"]),
                str(fields["serial_number"]),
                int(fields["process_id"]),
                str(fields["twin"]),
                str(fields.get("boot_disk", "")),
                str(fields.get("control", "")),
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if _alive(pen.process_id):
            found.append(pen)
        else:
            withdraw(path)
    return found
