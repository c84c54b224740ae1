"""Entries of treatments that nobody had, as a session writes them. Pure; owns no state."""

from datetime import UTC, datetime, timedelta
from typing import Any

from host_controller.records import kinds

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ZONES = (("forehead", 500, 9000, 3000), ("cheek", 1000, 11000, 4000), ("nose", 250, 8000, 1200))


def moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def planned(zones: Any = ZONES) -> dict[str, Any]:
    rows = [
        {
            "zone": zone,
            "depth_um": depth_um,
            "rate_chz": rate_chz,
            "passes": 2,
            "time_limit_s": 60,
            "dose_limit_per_cm2": 300,
            "area_mm2": area_mm2,
            "override": "scar" if zone == "cheek" else "",
        }
        for zone, depth_um, rate_chz, area_mm2 in zones
    ]
    return {"mode": "hold", "tethered": True, "demo": False, "pins": 12, "needle_um": 2500,
            "library_id": "starter1", "zones": rows}  # fmt: skip


def begin(**changes: Any) -> dict[str, Any]:
    fields = {
        "client": "C-0042",
        "operator": "np-07",
        "continues": "",
        "demo": False,
        "simulated": "",
        "pen": "PEN00001",
        "firmware": "0.1.0",
        "schema_id": "01234567",
        "program": "0.1.0",
        "utc_offset_min": 60,
        "session_id": 7,
        "plan": planned(),
        "plan_sha256": "ab" * 32,
        "planning": {"concern": "acne-scars", "library_state": "draft"},
        "approvals": {"cheek": "dr-03"},
        "seen": [],
    }
    return {"type": kinds.BEGIN, "t_ms": 0, **fields, **changes}


# Two deviations of one zone; the plan's own override word says the same a second time.
DEVIATIONS: dict[str, Any] = {
    "concern": "acne-scars",
    "library_id": "starter",
    "library_version": 1,
    "library_state": "draft",
    "early_reason": "clinician",
    "deviations": [
        {"zone": "cheek", "field": "depth", "value": 1000, "default": 750, "low": 500, "high": 900,
         "reason": "scar", "approved_by": "dr-03"},
        {"zone": "cheek", "field": "rate", "value": 11000, "default": 9000, "low": 8000,
         "high": 10000, "reason": "scar", "approved_by": "dr-03"},
    ],
}  # fmt: skip


def fault(record_id: str, at: datetime, number: str = "F22", zone: str = "cheek") -> dict[str, Any]:
    return {"schema": kinds.SCHEMA, "record_id": record_id, "time": moment(at),
            "type": kinds.FAULT, "t_ms": 5000, "fault": number, "zone": zone}  # fmt: skip


def cartridge(cartridge_id: str = "01020304") -> dict[str, Any]:
    return {"type": kinds.CARTRIDGE, "t_ms": 5, "id": cartridge_id, "pins": 12, "needle_um": 2500,
            "lot": "L2409", "expiry_day": 10_000, "result": 0}  # fmt: skip


def used(cartridge_id: str = "01020304", session_id: int = 7) -> dict[str, Any]:
    return {"type": kinds.CARTRIDGE_USED, "t_ms": 90, "id": cartridge_id, "session_id": session_id}


def sample(zone: str, t_ms: int, depth_um: int = 500, running_ms: int = 800) -> dict[str, Any]:
    return {"type": kinds.SAMPLE, "t_ms": t_ms, "zone": zone, "lasted_ms": 800,
            "running_ms": running_ms, "depth_um": [depth_um, depth_um - 4, depth_um + 6],
            "rate_chz": [9010, 8990, 9030], "current_ma_max": 90, "temperature_cdeg": 2900,
            "zone_ms": t_ms, "contact_ms": t_ms // 2, "punctures": t_ms, "pass": 1,
            "punctures_per_cm2": t_ms // 30}  # fmt: skip


def stop(zone: str, t_ms: int) -> dict[str, Any]:
    return {"type": kinds.STOP, "t_ms": t_ms, "zone": zone, "reason": "dose reached",
            "needles_in": True, "zone_ms": t_ms, "punctures": t_ms}  # fmt: skip


def zone_end(zone: str, t_ms: int, depth_um: int, rate_chz: int, area_mm2: int) -> dict[str, Any]:
    return {"type": kinds.ZONE_END, "t_ms": t_ms, "zone": zone, "depth_um_set": depth_um,
            "depth_um_max_error": 9, "rate_chz_set": rate_chz, "rate_pct_max_error_steady": 0.4,
            "punctures": 9000, "punctures_per_cm2": 300, "passes": 2, "runs": 1, "stops": 1,
            "stop_reasons": ["dose reached"], "zone_ms": 20_000, "contact_ms": 16_000,
            "current_max_ma": 90, "parked_ms_max": 120, "area_mm2": area_mm2,
            "override": "scar" if zone == "cheek" else ""}  # fmt: skip


def usage(session_id: int, zone: str) -> dict[str, Any]:
    return {"unix_s": 1_790_000_000, "session_id": session_id, "cartridge_id": "01020304",
            "zone": zone, "passes": 2, "stop_reason": "dose reached", "pins": 12,
            "depth_set_um": 500, "rate_set_chz": 9000, "zone_ms": 20_000, "contact_ms": 15_000,
            "punctures": 9000, "punctures_per_cm2": 300}  # fmt: skip


def end(outcome: str = "complete") -> dict[str, Any]:
    return {"type": kinds.END, "t_ms": 60_000, "outcome": outcome, "error": None, "faults": [],
            "needles_in": True, "battery_pct": 80}  # fmt: skip


def treatment(
    record_id: str, at: datetime = DAY, samples: int = 2, zones: Any = ZONES, **changes: Any
) -> list[dict[str, Any]]:
    """All entries of one treatment, a second apart."""
    session_id = changes.get("session_id", 7)
    serial = f"{session_id:08x}"
    entries = [begin(**{"plan": planned(zones), **changes}), cartridge(serial)]
    entries.append(used(serial, session_id))
    for zone, depth_um, rate_chz, area_mm2 in zones:
        entries.append({"type": kinds.ZONE, "t_ms": 50, "zone": zone, "depth_um": depth_um,
                        "rate_chz": rate_chz})  # fmt: skip
        entries += [sample(zone, 800 * step, depth_um) for step in range(1, samples + 1)]
        entries.append(stop(zone, 900 * samples))
        entries.append(zone_end(zone, 950 * samples, depth_um, rate_chz, area_mm2))
    entries.append(end())
    for number, entry in enumerate(entries):
        entry |= {"schema": kinds.SCHEMA, "record_id": record_id}
        entry["time"] = moment(at + timedelta(seconds=number))
    return entries
