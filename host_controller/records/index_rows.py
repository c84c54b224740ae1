"""What an entry means for the index: pure, so that storing and verifying cannot differ.

An operation puts a row that is not there yet, or changes columns of one that is. Order between
chains does not matter: a put that comes twice changes nothing, and of two corrections the later
one wins by its time. Owns no state.
"""

import hashlib
import json
from typing import Any, NamedTuple

from host_controller.records import kinds
from host_controller.records.chain import Entry

CORRECTABLE = ("client", "operator")


class Put(NamedTuple):
    """Insert `values` unless there is a row with the same key."""

    table: str
    key: tuple[str, ...]
    values: dict[str, Any]


class Change(NamedTuple):
    """Set `values` in the row of `record_id`; with a guard only where that column is lower."""

    record_id: str
    values: dict[str, Any]
    guard: str
    order: str


Operation = Put | Change

KEYS = {
    "session": ("record_id",),
    "zone": ("record_id", "number"),
    "event": ("record_id", "number", "part"),
    "cartridge": ("cartridge_id",),
    "pen_event": ("pen", "log", "number", "digest"),
    "score": ("writer", "number"),
    "calibration": ("writer", "number"),
}


def order_key(entry: Entry) -> str:
    """Sorts entries of different chains by time, then by chain and number."""
    return f"{entry['time']} {entry['writer']} {entry['number']:010d}"


def _put(table: str, **values: Any) -> Put:
    return Put(table, KEYS[table], values)


def _begin(entry: Entry) -> Put:
    planning = entry.get("planning") or {}
    plan = entry.get("plan") or {}
    zones = plan.get("zones") or []
    return _put(
        "session",
        record_id=entry["record_id"],
        writer=entry["writer"],
        client=entry.get("client", ""),
        operator=entry.get("operator", ""),
        begun=entry["time"],
        outcome="open",
        ended="",
        pen=entry.get("pen", ""),
        session_id=entry.get("session_id", 0),
        simulated=entry.get("simulated", ""),
        demo=int(bool(entry.get("demo"))),
        continues=entry.get("continues", ""),
        concern=planning.get("concern", ""),
        library_id=planning.get("library_id") or plan.get("library_id", ""),
        pins=plan.get("pins") if isinstance(plan.get("pins"), int) else 0,
        needle_um=plan.get("needle_um", 0),
        early_reason=planning.get("early_reason") or "",
        zones=", ".join(row["zone"] for row in zones),
        faults=0,
        client_set="",
        operator_set="",
        end_set="",
    )


def _zone_end(entry: Entry) -> Put:
    return _put(
        "zone",
        record_id=entry["record_id"],
        number=entry["number"],
        zone=entry["zone"],
        depth_um=entry["depth_um_set"],
        rate_chz=entry["rate_chz_set"],
        passes=entry["passes"],
        area_mm2=entry.get("area_mm2", 0),
        punctures_per_cm2=entry["punctures_per_cm2"],
        zone_ms=entry["zone_ms"],
        contact_ms=entry["contact_ms"],
        override_reason=entry.get("override", ""),
        runs=entry["runs"],
    )


def overrides_of(begin: Entry) -> list[dict[str, Any]]:
    """Each value outside the soft limits once: zone, field, value, reason, approved_by.

    A plan made from a library names every deviation; of one written by hand only the zones are
    known, and their depth stands for what was changed.
    """
    planning, approvals = begin.get("planning") or {}, begin.get("approvals") or {}
    if planning.get("library_id"):
        return [
            {**row, "approved_by": row.get("approved_by") or ""}
            for row in planning.get("deviations") or []
        ]
    return [
        {
            "zone": row["zone"],
            "field": "depth",
            "value": row["depth_um"],
            "reason": row["override"],
            "approved_by": approvals.get(row["zone"], ""),
        }
        for row in (begin.get("plan") or {}).get("zones") or []
        if row["override"]
    ]


def _event(entry: Entry, kind: str, zone: str, word: str, field: str = "", part: int = 0) -> Put:
    return _put(
        "event",
        record_id=entry["record_id"],
        number=entry["number"],
        part=part,
        kind=kind,
        zone=zone,
        field=field,
        word=word,
    )


def _events(entry: Entry) -> list[Operation]:
    if entry["type"] == kinds.STOP:
        return [_event(entry, "stop", entry["zone"], entry["reason"])]
    if entry["type"] == kinds.FAULT:
        return [_event(entry, "fault", entry.get("zone", ""), entry["fault"])]
    return [
        _event(entry, "override", row["zone"], row["reason"], row["field"], part)
        for part, row in enumerate(overrides_of(entry))
    ]


def _calibrated(entry: Entry) -> Put:
    return _put(
        "calibration",
        writer=entry["writer"],
        number=entry["number"],
        pen=entry["pen"],
        done=entry["time"],
        done_by=entry["by"],
        depth_error_um=entry["depth_error_um"],
        rate_error_ppt=entry["rate_error_ppt"],
    )


def _score(entry: Entry) -> Put:
    photos = {"before": entry.get("before_sha256", []), "after": entry.get("after_sha256", [])}
    return _put(
        "score",
        writer=entry["writer"],
        number=entry["number"],
        client=entry["client"],
        concern=entry["concern"],
        grade=entry["grade"],
        given_on=entry["on"],
        given_by=entry.get("by", ""),
        record_id=entry.get("of_record", ""),
        photos=json.dumps(photos, sort_keys=True),
    )


def _pen_log(entry: Entry) -> Put:
    body = json.dumps(entry["body"], sort_keys=True)
    return _put(
        "pen_event",
        pen=entry["pen"],
        log=entry["log"],
        number=entry["pen_number"],
        digest=hashlib.sha256(body.encode()).hexdigest()[:16],
        session_id=entry["body"].get("session_id", 0),
        body=body,
    )


def operations(entry: Entry) -> list[Operation]:
    """What `entry` puts into or changes in the index."""
    kind = entry["type"]
    if kind == kinds.BEGIN:
        return [_begin(entry), *_events(entry)]
    if kind in (kinds.STOP, kinds.FAULT):
        return _events(entry)
    if kind == kinds.ZONE_END:
        return [_zone_end(entry)]
    if kind == kinds.PEN_LOG:
        return [_pen_log(entry)]
    if kind == kinds.SCORE:
        return [_score(entry)]
    if kind == kinds.CALIBRATED:
        return [_calibrated(entry)]
    if kind == kinds.CARTRIDGE_USED:
        used = {
            "cartridge_id": entry["id"],
            "session_id": entry["session_id"],
            "record_id": entry["record_id"],
            "used": entry["time"],
        }
        return [_put("cartridge", **used)]
    if kind == kinds.END:
        end = {
            "ended": entry["time"],
            "outcome": entry["outcome"],
            "faults": len(entry.get("faults") or []),
        }
        # What a later start closed as interrupted gives way to an end that comes in afterwards.
        order = f"{'0' if entry.get('recovered') else '1'} {entry['time']}"
        return [Change(entry["record_id"], {**end, "end_set": order}, "end_set", order)]
    if kind == kinds.CORRECTION and entry["field"] in CORRECTABLE:
        guard, order = f"{entry['field']}_set", order_key(entry)
        values = {entry["field"]: entry["value"], guard: order}
        return [Change(entry["record_id"], values, guard, order)]
    return []
