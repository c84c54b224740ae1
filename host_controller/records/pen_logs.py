"""Takes what pens wrote into their own logs into the record: gaps filled, doubles dropped.

A pen numbers the entries of its usage log and its fault log by counters of its own, whatever the
host did meanwhile (an untethered treatment, a crash, another laptop). They come in late, oldest
first and all or none of a reading, so that a reading that breaks off leaves no gap. Owns no state.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from host_controller.pen import Pen
from host_controller.records import database, kinds, schema
from host_controller.records.recorder import Recorder
from host_controller.records.store import Store
from host_controller.refusals import fault_number
from protocol import codes
from protocol.zones import zone_name

USAGE = "usage"
FAULTS = "faults"


def digest(body: dict[str, Any]) -> str:
    """Tells two entries under one number apart (a pen whose memory was replaced)."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def _usage(pen: Pen) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in pen.usage():
        fields = row._asdict()
        number = fields.pop("number")
        fields["cartridge_id"] = row.cartridge_id.hex()
        fields["zone"] = zone_name(row.zone)
        known = row.stop_reason < len(codes.STOP_NAMES)
        fields["stop_reason"] = codes.STOP_NAMES[row.stop_reason] if known else str(row.stop_reason)
        yield number, fields


def _faults(pen: Pen) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in pen.faults():
        fields = row._asdict()
        number = fields.pop("number")
        fields["fault"] = fault_number(row.fault)
        fields["zone"] = zone_name(row.zone) if row.zone else ""
        yield number, fields


def known(store: Store, pen: str, log: str) -> tuple[int, set[str]]:
    """(highest number that was read, digests under it); (0, empty) when nothing was."""
    table = schema.pen_event
    mine = (table.c.pen == pen) & (table.c.log == log)
    with database.told(store.home), store.reading() as connection:
        top = connection.execute(select(func.max(table.c.number)).where(mine)).scalar() or 0
        found = connection.execute(select(table.c.digest).where(mine, table.c.number == top))
        return top, {str(row[0]) for row in found}


def _new(
    rows: Iterator[tuple[int, dict[str, Any]]], top: int, digests: set[str]
) -> list[tuple[int, dict[str, Any]]]:
    """Rows (newest first) that come after what is known; all when the pen began to count again."""
    fresh = []
    for number, body in rows:
        if number == top and digest(body) in digests:
            break
        fresh.append((number, body))
    fresh.reverse()
    return fresh


def reconcile(pen: Pen, recorder: Recorder) -> int:
    """Read both logs and record what is new; returns how many entries. Raises PenError."""
    if recorder.store is None:  # what is known cannot be asked now: next time
        return 0
    serial, count = pen.identity.serial, 0
    for log, rows in ((USAGE, _usage(pen)), (FAULTS, _faults(pen))):
        # What this record has read already may not have reached the database yet.
        newest = recorder.pen_logs_read.get(log) or known(recorder.store, serial, log)
        for number, body in _new(rows, *newest):
            recorder.add(kinds.PEN_LOG, pen=serial, log=log, pen_number=number, body=body)
            newest = (number, {digest(body)})
            count += 1
        recorder.pen_logs_read[log] = newest
    return count
