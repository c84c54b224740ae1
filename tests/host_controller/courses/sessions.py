"""Sessions as the store hands them out, in few words."""

from datetime import UTC, date, datetime, time

from host_controller.courses.history import History, Score, SessionSummary, ZoneSummary


def zone(name: str, depth_um: int = 800, dose: int = 250) -> ZoneSummary:
    return ZoneSummary(
        name, depth_um, 11_000, 2, 4000, dose, zone_ms=9000, contact_ms=8000 if dose else 0
    )


def session(
    day: str, *zones: ZoneSummary, concern: str = "fine-lines", outcome: str = "complete"
) -> SessionSummary:
    begun = datetime.combine(date.fromisoformat(day), time(12), UTC)
    return SessionSummary(
        f"{day}-id", begun, outcome, concern, zones or (zone("cheek"),), pins=12, needle_um=2500
    )


def history(*sessions: SessionSummary, scores: tuple[Score, ...] = ()) -> History:
    newest_first = tuple(sorted(sessions, key=lambda one: one.begun, reverse=True))
    return History("C-1042", newest_first, scores)
