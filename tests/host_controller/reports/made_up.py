"""A treatment that never was, for the tests of what is printed from one."""

from dataclasses import replace
from datetime import UTC, date, datetime

from host_controller.records.views import (
    CartridgeRecord,
    ChainRecord,
    FaultRecord,
    LibraryRecord,
    OverrideRecord,
    PenRecord,
    Sample,
    SessionRecord,
    StopRecord,
    ZoneRecord,
)

HEAD = "9f" * 32
BEGUN = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ENDED = datetime(2026, 11, 22, 13, 31, tzinfo=UTC)
OVERRIDE = OverrideRecord("cheek", "depth", 1500, "thick-scar", "AB")


def zone(name: str, depth_um: int, stop: str = "dose reached") -> ZoneRecord:
    """A treated zone whose needles did what was planned, 3 um deeper."""
    return ZoneRecord(
        zone=name,
        depth_um_set=depth_um,
        rate_chz_set=9000,
        passes_set=3,
        area_mm2=4000,
        dose_limit_per_cm2=400,
        time_limit_s=120,
        depth_um_mean=depth_um + 3,
        depth_um_min=depth_um - 22,
        depth_um_max=depth_um + 18,
        rate_chz_mean=9004,
        rate_chz_min=8890,
        rate_chz_max=9101,
        passes=3,
        runs=4,
        punctures=15520,
        punctures_per_cm2=388,
        zone_ms=62_000,
        contact_ms=48_000,
        current_ma_max=220,
        temperature_cdeg_max=3350,
        parked_ms_max=160,
        stop_reasons=(stop,),
    )


def untreated(name: str) -> ZoneRecord:
    """A zone of the plan in which the needles never ran."""
    nothing = replace(zone(name, 500), runs=0, passes=0, punctures=0, punctures_per_cm2=0)
    return replace(
        nothing,
        depth_um_mean=None,
        depth_um_min=None,
        depth_um_max=None,
        rate_chz_mean=None,
        rate_chz_min=None,
        rate_chz_max=None,
        zone_ms=0,
        contact_ms=0,
        stop_reasons=(),
    )


def samples(zones: tuple[ZoneRecord, ...]) -> tuple[Sample, ...]:
    """Twenty seconds in each zone, one after the other."""
    found = []
    t_ms = 0
    for item in zones:
        t_ms += 3000
        for step in range(25):
            t_ms += 800
            depth = item.depth_um_set
            found.append(
                Sample(t_ms, item.zone, 800, 800, depth + step % 5, depth - 20, depth + 20,
                       9000 + step, 8950, 9060, 200, 3300, 600 * step, 700 * step)
            )  # fmt: skip
    return tuple(found)


def session() -> SessionRecord:
    """Three zones of a real pen's session, one of them overridden, one of them not begun."""
    cheek = replace(zone("cheek", 1500), override=OVERRIDE)
    zones = (zone("forehead", 500, "button"), cheek, untreated("nose"))
    return SessionRecord(
        record_id="R-000123",
        client="C-1042",
        operator="AB",
        begun=BEGUN,
        ended=ENDED,
        utc_offset_min=60,
        outcome="complete",
        simulated="",
        demo=False,
        continues="",
        session_id=123456,
        plan_sha256="ab" * 32,
        pen=PenRecord("PEN-A-00017", "0.1.0", "1234abcd"),
        library=LibraryRecord("starter", 3, "derived, not clinically approved", "ef" * 32),
        chain=ChainRecord("laptop-1", 411, 467, HEAD),
        program="pen 0.1.0",
        concern="acne-scars",
        fitzpatrick="III",
        screen=(("anticoagulants", "no"), ("cold-sores", "yes: antiviral-cover")),
        cartridges=(CartridgeRecord("a1b2c3d4", 12, 1500, "L2611", date(2028, 1, 1), True),),
        zones=zones,
        samples=samples(zones[:2]),
        stops=(StopRecord(65_000, "forehead", "button", True),),
        faults=(FaultRecord(70_000, "F22", "cheek", True),),
        overrides=(OVERRIDE,),
        needles_in=True,
        battery_pct=77,
    )
