"""The twins by name. Each is imported when it is asked for."""

from hardware.simulator.twin import Twin, TwinError

TWINS = ("cpython", "micropython")


def make_twin(name: str) -> Twin:
    """Return a new twin, not started; TwinError for a name that is none or cannot run here."""
    if name == "cpython":
        from hardware.simulator.twin_cpython import CpythonTwin

        return CpythonTwin()
    if name == "micropython":
        from hardware.simulator.twin_micropython import MicropythonTwin

        return MicropythonTwin()
    raise TwinError(f"There is no twin {name!r}; there are {' and '.join(TWINS)}.")
