"""Records as JSON objects and as a table of zones for a spreadsheet. Pure; owns no state."""

import csv
import dataclasses
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from host_controller.records.views import SessionRecord, ZoneRecord

SCHEMA = "pen.records.session/1"

_SESSION = ("record_id", "client", "operator", "begun", "ended", "outcome", "simulated", "concern")
_PLANNED = ("zone", "depth_um_set", "rate_chz_set", "passes_set", "area_mm2", "dose_limit_per_cm2")
_MEASURED = (
    "depth_um_mean",
    "depth_um_min",
    "depth_um_max",
    "rate_chz_mean",
    "rate_chz_min",
    "rate_chz_max",
    "passes",
    "runs",
    "punctures",
    "punctures_per_cm2",
    "zone_ms",
    "contact_ms",
    "parked_ms_max",
)
_OTHERS = (
    "stop_reasons",
    "override",
    "approved_by",
    "cartridge",
    "lot",
    "pen",
    "firmware",
    "library",
    "chain_head",
)
COLUMNS = (*_SESSION, *_PLANNED, *_MEASURED, *_OTHERS)


def redacted(record: SessionRecord) -> SessionRecord:
    """The same without who was treated, who treated, and who corrected or approved what."""
    nobody = [dataclasses.replace(override, approved_by="") for override in record.overrides]
    zones = [
        dataclasses.replace(
            zone,
            override=dataclasses.replace(zone.override, approved_by="") if zone.override else None,
        )
        for zone in record.zones
    ]
    return dataclasses.replace(
        record,
        client="",
        operator="",
        screen=(),
        corrections=(),
        overrides=tuple(nobody),
        zones=tuple(zones),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def as_object(record: SessionRecord) -> dict[str, Any]:
    """A record as one JSON object; names and units are those of views.py."""
    plain: dict[str, Any] = _plain(dataclasses.asdict(record))
    plain["screen"] = dict(record.screen)
    return plain


def _row(record: SessionRecord, zone: ZoneRecord) -> list[Any]:
    cartridge = record.cartridges[-1] if record.cartridges else None
    others = {
        "stop_reasons": "; ".join(zone.stop_reasons),
        "override": zone.override.reason if zone.override else "",
        "approved_by": zone.override.approved_by if zone.override else "",
        "cartridge": cartridge.cartridge_id if cartridge else "",
        "lot": cartridge.lot if cartridge else "",
        "pen": record.pen.serial,
        "firmware": record.pen.firmware,
        "library": record.library.library_id,
        "chain_head": record.chain.head,
    }
    values = [_plain(getattr(record, name)) for name in _SESSION]
    values += [_plain(getattr(zone, name)) for name in (*_PLANNED, *_MEASURED)]
    return [*values, *(others[name] for name in _OTHERS)]


def as_csv(records: Iterable[SessionRecord]) -> str:
    """One line for each zone of each record; a cell never begins with what a sheet computes."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        for zone in record.zones:
            writer.writerow(["" if value is None else _safe(value) for value in _row(record, zone)])
    return stream.getvalue()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and value else value
