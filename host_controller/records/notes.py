"""Entries that people add later: corrections, scores, an accepted clock. Nothing is ever changed.

Only pseudonyms and words of short lists are taken. Owns no state.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from host_controller import errors
from host_controller.courses.history import GRADES
from host_controller.records import kinds
from host_controller.records.index_rows import CORRECTABLE
from host_controller.records.merge import merge
from host_controller.records.pseudonyms import chosen, is_serial, pseudonym
from host_controller.records.spool import Spool
from host_controller.records.store import Store

REASONS = ("wrong client", "wrong operator", "typing mistake", "missing")


def _append(store: Store, kind: str, record_id: str, fields: dict[str, Any]) -> None:
    entry = {
        "schema": kinds.SCHEMA,
        "record_id": record_id,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "type": kind,
        **fields,
    }
    try:
        Spool(store.home).append([entry])
        merge(store)
    except OSError as error:
        raise errors.RecordUnwritable(
            f"The entry cannot be written to {store.home.folder}.",
            cause=f"The system says: {error}.",
        ) from error


def correct(store: Store, record_id: str, field: str, value: str, reason: str, by: str) -> None:
    """Append a correction of one field; raises UsageError, NoSuchRecord, RecordUnwritable."""
    chosen(field, CORRECTABLE, "field that can be corrected")
    chosen(reason, REASONS, "reason for a correction")
    pseudonym(by, "a staff code")
    pseudonym(value, "a client number" if field == "client" else "a staff code")
    store.session(record_id)  # there is one
    _append(
        store,
        kinds.CORRECTION,
        record_id,
        {"field": field, "value": value, "reason": reason, "by": by},
    )


def score(
    store: Store,
    client: str,
    concern: str,
    grade: int,
    on: date,
    by: str = "",
    record_id: str = "",
    before_sha256: Sequence[str] = (),
    after_sha256: Sequence[str] = (),
) -> None:
    """Append a practitioner's grade 0 to 4; photos are named by the SHA-256 of their files."""
    pseudonym(client, "a client number")
    if by:
        pseudonym(by, "a staff code")
    if grade not in GRADES:
        raise errors.UsageError(f"A grade is 0 to 4, not {grade}.")
    hashes = [*before_sha256, *after_sha256]
    if any(len(text) != 64 or set(text) - set("0123456789abcdef") for text in hashes):
        raise errors.UsageError("A photo is named by the 64 hex digits of its SHA-256.")
    if record_id:
        store.session(record_id)
    _append(
        store,
        kinds.SCORE,
        "",
        {
            "client": client,
            "concern": concern,
            "grade": grade,
            "on": on.isoformat(),
            "by": by,
            "of_record": record_id,
            "before_sha256": list(before_sha256),
            "after_sha256": list(after_sha256),
        },
    )


def calibrated(store: Store, pen: str, by: str, depth_error_um: int, rate_error_ppt: int) -> None:
    """Append that a pen was compared with gauges now, and the largest errors that were found.

    Errors are those before adjusting. Raises UsageError, RecordUnwritable.
    """
    pseudonym(by, "a staff code")
    if not is_serial(pen):
        raise errors.UsageError(f"{pen!r} is no pen's serial number.")
    errors_found = {"depth_error_um": depth_error_um, "rate_error_ppt": rate_error_ppt}
    _append(store, kinds.CALIBRATED, "", {"pen": pen, "by": by, **errors_found})


def accept_clock(store: Store, by: str) -> None:
    """Say that the clock is right now although the last record is later."""
    pseudonym(by, "a staff code")
    _append(store, kinds.CLOCK_ACCEPTED, "", {"by": by})
