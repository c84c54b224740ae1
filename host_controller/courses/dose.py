"""What each zone of a client has had in all sessions together. Pure."""

from datetime import date
from typing import NamedTuple

from host_controller.courses.history import History
from host_controller.courses.interval import day_of


class DoseSoFar(NamedTuple):
    """All sessions of one zone."""

    zone: str
    sessions: int
    punctures_per_cm2: int  # of all sessions together
    deepest_um: int
    first: date
    last: date


def so_far(history: History) -> tuple[DoseSoFar, ...]:
    """Per zone that was ever treated, the one treated last first."""
    found: dict[str, DoseSoFar] = {}
    for session in sorted(history.sessions, key=lambda one: one.begun):
        day = day_of(session)
        for zone in session.treated_zones:
            had = found.get(zone.zone) or DoseSoFar(zone.zone, 0, 0, 0, day, day)
            found[zone.zone] = DoseSoFar(
                zone.zone,
                had.sessions + 1,
                had.punctures_per_cm2 + zone.punctures_per_cm2,
                max(had.deepest_um, zone.depth_um),
                had.first,
                day,
            )
    return tuple(sorted(found.values(), key=lambda dose: (-dose.last.toordinal(), dose.zone)))
