"""The twins by name. Each is imported when it is asked for."""

from hardware.simulator.twin import Twin, TwinError

TWINS = ("cpython", "micropython", "rp2040")


def make_twin(name: str) -> Twin:
    """Return a new twin, not started; TwinError for a name that is none or cannot run here."""
    if name == "cpython":
        from hardware.simulator.twin_cpython import CpythonTwin

        return CpythonTwin()
    if name == "micropython":
        from hardware.simulator.twin_micropython import MicropythonTwin

        return MicropythonTwin()
    if name == "rp2040":
        from hardware.simulator.twin_rp2040 import Rp2040Twin

        return Rp2040Twin()
    raise TwinError(f"There is no twin {name!r}; there are {', '.join(TWINS)}.")
