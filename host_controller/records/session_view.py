"""Makes a SessionRecord of the entries of a record: pure, so that it is the same for every reader.

What a crash cut off is filled up from the last sample. Owns no state.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from host_controller.records import kinds, views
from host_controller.records.chain import Entry
from host_controller.records.index_rows import overrides_of

_DAY_ZERO = date(2000, 1, 1)  # expiry days count from here


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _of(entries: Sequence[Entry], kind: str) -> list[Entry]:
    return [entry for entry in entries if entry["type"] == kind]


def _sample(entry: Entry) -> views.Sample:
    depth, rate = entry["depth_um"], entry["rate_chz"]
    return views.Sample(
        t_ms=entry["t_ms"],
        zone=entry["zone"],
        lasted_ms=entry["lasted_ms"],
        running_ms=entry["running_ms"],
        depth_um_mean=depth[0],
        depth_um_min=depth[1],
        depth_um_max=depth[2],
        rate_chz_mean=rate[0],
        rate_chz_min=rate[1],
        rate_chz_max=rate[2],
        current_ma_max=entry["current_ma_max"],
        temperature_cdeg=entry["temperature_cdeg"],
        punctures=entry["punctures"],
        contact_ms=entry["contact_ms"],
    )


def _cartridge(entry: Entry) -> views.CartridgeRecord:
    return views.CartridgeRecord(
        cartridge_id=entry["id"],
        pins=entry["pins"],
        needle_um=entry["needle_um"],
        lot=entry["lot"],
        expires=_DAY_ZERO + timedelta(days=entry["expiry_day"]),
        accepted=entry["result"] == 0,
        udi=entry.get("udi", ""),
    )


def _steady(samples: Sequence[Entry]) -> list[Entry]:
    """Steps that ran through and came after one that did: depth and rate have settled."""
    through = [entry["running_ms"] == entry["lasted_ms"] for entry in samples]
    return [
        entry
        for entry, now, before in zip(samples, through, [False, *through], strict=False)
        if now and before
    ]


def _mean(values: Sequence[int], weights: Sequence[int]) -> int | None:
    total = sum(weights)
    weighted = sum(value * weight for value, weight in zip(values, weights, strict=True))
    return round(weighted / total) if total else None


def _measured(samples: Sequence[Entry]) -> dict[str, Any]:
    running = [entry for entry in samples if entry["running_ms"]]
    steady = _steady(samples)
    settled = steady or running
    weights = [entry["running_ms"] for entry in settled]
    return {
        "depth_um_mean": _mean([e["depth_um"][0] for e in settled], weights),
        "depth_um_min": min((e["depth_um"][1] for e in settled), default=None),
        "depth_um_max": max((e["depth_um"][2] for e in running), default=None),
        "rate_chz_mean": _mean([e["rate_chz"][0] for e in settled], weights),
        "rate_chz_min": min((e["rate_chz"][1] for e in steady), default=None),
        "rate_chz_max": max((e["rate_chz"][2] for e in running), default=None),
        "temperature_cdeg_max": max((e["temperature_cdeg"] for e in samples), default=None),
        "current_ma_max": max((e["current_ma_max"] for e in running), default=0),
    }


def _given(ends: Sequence[Entry], samples: Sequence[Entry]) -> dict[str, Any]:
    """Dose and time: of the end of the zone, or of the last sample where it has none."""
    if ends:
        last = ends[-1]
        return {
            "passes": last["passes"],
            "runs": sum(entry["runs"] for entry in ends),
            "punctures": last["punctures"],
            "punctures_per_cm2": last["punctures_per_cm2"],
            "zone_ms": last["zone_ms"],
            "contact_ms": last["contact_ms"],
            "parked_ms_max": max(entry["parked_ms_max"] for entry in ends),
            "stop_reasons": tuple(reason for entry in ends for reason in entry["stop_reasons"]),
        }
    last = samples[-1] if samples else {}
    return {
        "passes": last.get("pass", 0),
        "runs": int(any(entry["running_ms"] for entry in samples)),
        "punctures": last.get("punctures", 0),
        "punctures_per_cm2": last.get("punctures_per_cm2", 0),
        "zone_ms": last.get("zone_ms", 0),
        "contact_ms": last.get("contact_ms", 0),
        "parked_ms_max": 0,
    }


def _pen_count(zone: str, pen_log: Sequence[dict[str, Any]]) -> views.PenCount | None:
    mine = [row for row in pen_log if row["zone"] == zone]
    if not mine:
        return None
    last = max(mine, key=lambda row: int(row["number"]))
    names = ("number", "punctures", "punctures_per_cm2", "zone_ms", "contact_ms")
    return views.PenCount(**{name: int(last[name]) for name in names})


def _by_depth(entries: Sequence[Entry], zone: str, depth_um: int) -> dict[int, list[Entry]]:
    """Samples of a zone by the depth that it was entered with, `depth_um` where nothing says so."""
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry["type"] == kinds.ZONE and entry["zone"] == zone:
            depth_um = entry["depth_um"]
        elif entry["type"] == kinds.SAMPLE and entry["zone"] == zone:
            found.setdefault(depth_um, []).append(entry)
    return found


def _deepest(by_depth: dict[int, list[Entry]], planned_um: int) -> tuple[int, list[Entry]]:
    """(depth set, its samples): as planned, or that of a shallower first pass that was the last."""
    ran = [um for um, samples in by_depth.items() if any(entry["running_ms"] for entry in samples)]
    depth_um = max(ran, default=planned_um)
    return depth_um, by_depth.get(depth_um, [])


def _zone(
    row: dict[str, Any],
    entries: Sequence[Entry],
    override: views.OverrideRecord | None,
    pen_log: Sequence[dict[str, Any]],
) -> views.ZoneRecord:
    name = row["zone"]
    samples = [entry for entry in _of(entries, kinds.SAMPLE) if entry["zone"] == name]
    depth_um, deepest = _deepest(_by_depth(entries, name, row["depth_um"]), row["depth_um"])
    ends = [entry for entry in _of(entries, kinds.ZONE_END) if entry["zone"] == name]
    return views.ZoneRecord(
        zone=name,
        depth_um_set=depth_um,
        rate_chz_set=row["rate_chz"],
        passes_set=row["passes"],
        area_mm2=row["area_mm2"],
        dose_limit_per_cm2=row["dose_limit_per_cm2"],
        time_limit_s=row["time_limit_s"],
        override=override,
        pen_count=_pen_count(name, pen_log),
        **_measured(deepest),
        **_given(ends, samples),
    )


def _overrides(begin: Entry) -> list[views.OverrideRecord]:
    names = ("zone", "field", "value", "reason", "approved_by")
    return [
        views.OverrideRecord(**{name: row[name] for name in names}) for row in overrides_of(begin)
    ]


def _corrections(
    begin: Entry, entries: Sequence[Entry]
) -> tuple[dict[str, str], list[views.CorrectionRecord]]:
    """(values in force, every correction with what stood before)."""
    values = {
        "client": begin.get("client", ""),
        "operator": begin.get("operator", ""),
    }
    found = []
    ordered = sorted(
        _of(entries, kinds.CORRECTION), key=lambda e: (e["time"], e["writer"], e["number"])
    )
    for entry in ordered:
        name = entry["field"]
        found.append(
            views.CorrectionRecord(
                at=_moment(entry["time"]),
                field=name,
                before=values.get(name, ""),
                after=entry["value"],
                reason=entry["reason"],
                by=entry["by"],
            )
        )
        values[name] = entry["value"]
    return values, found


def _faults(entries: Sequence[Entry]) -> list[views.FaultRecord]:
    cleared = [(entry["fault"], entry["t_ms"]) for entry in _of(entries, kinds.ACKNOWLEDGE)]
    return [
        views.FaultRecord(
            t_ms=entry["t_ms"],
            number=entry["fault"],
            zone=entry.get("zone", ""),
            acknowledged=any(
                fault == entry["fault"] and at >= entry["t_ms"] for fault, at in cleared
            ),
        )
        for entry in _of(entries, kinds.FAULT)
    ]


def session_record(
    entries: Sequence[Entry], pen_log: Sequence[dict[str, Any]] = ()
) -> views.SessionRecord:
    """The record that these entries make, oldest first; `pen_log` is the pen's usage of it."""
    begin = _of(entries, kinds.BEGIN)[0]
    ends = sorted(_of(entries, kinds.END), key=lambda e: (not e.get("recovered"), e["time"]))
    end = ends[-1] if ends else {}
    plan, planning = begin["plan"], begin.get("planning") or {}
    values, corrections = _corrections(begin, entries)
    overrides = _overrides(begin)
    by_zone = {o.zone: o for o in reversed(overrides) if o.field == "depth"}
    own = [entry for entry in entries if entry["writer"] == begin["writer"]]
    late = len({entry["writer"] for entry in entries if entry["type"] != kinds.CORRECTION}) > 1
    return views.SessionRecord(
        record_id=begin["record_id"],
        client=values["client"],
        operator=values["operator"],
        begun=_moment(begin["time"]),
        ended=_moment(end["time"]) if end else None,
        utc_offset_min=begin.get("utc_offset_min", 0),
        outcome=end.get("outcome", "open"),
        simulated=begin.get("simulated", ""),
        demo=bool(begin.get("demo")),
        continues=begin.get("continues", ""),
        session_id=begin["session_id"],
        plan_sha256=begin["plan_sha256"],
        pen=views.PenRecord(begin["pen"], begin["firmware"], begin["schema_id"]),
        library=views.LibraryRecord(
            library_id=str(planning.get("library_id") or plan["library_id"]),
            version=int(planning.get("library_version") or 0),
            approval=", ".join(
                str(planning[key])
                for key in ("library_state", "library_approval")
                if planning.get(key)
            ),
            sha256=str(planning.get("library_sha256") or ""),
        ),
        chain=views.ChainRecord(
            own[0]["writer"], own[0]["number"], own[-1]["number"], own[-1]["hash"]
        ),
        program=begin.get("program", ""),
        concern=str(planning.get("concern") or ""),
        fitzpatrick=str(planning.get("fitzpatrick") or ""),
        screen=tuple(sorted((planning.get("screen") or {}).items())),
        cartridges=tuple(_cartridge(entry) for entry in _of(entries, kinds.CARTRIDGE)),
        zones=tuple(
            _zone(row, entries, by_zone.get(row["zone"]), pen_log) for row in plan["zones"]
        ),
        samples=tuple(_sample(entry) for entry in _of(entries, kinds.SAMPLE)),
        stops=tuple(
            views.StopRecord(e["t_ms"], e["zone"], e["reason"], e["needles_in"])
            for e in _of(entries, kinds.STOP)
        ),
        faults=tuple(_faults(entries)),
        overrides=tuple(overrides),
        corrections=tuple(corrections),
        remarks=("its entries stand in several chains",) if late else (),
        needles_in=end.get("needles_in"),
        battery_pct=end.get("battery_pct"),
        early_reason=str(planning.get("early_reason") or ""),
        error=end.get("error") or "",
    )
