"""A clinic that does not exist: a year of courses, three pens, grades, photos; the same each time.

For tests and pictures of the pages: `python -m tests.host_controller.ui.clinic.demo_clinic`
fills the data folder and a folder `photos` in it. Values come from the shipped library; nobody was
treated. Owns no state.
"""

import hashlib
import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from host_controller import dates
from host_controller.data_folder import data_folder
from host_controller.library import reader
from host_controller.library.library import Library
from host_controller.records import kinds
from host_controller.records.chain import Entry
from host_controller.records.home import home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from tests.host_controller.records import made_up

LIBRARY = "host_controller/library/starter_library.toml"
PENS = (("PEN-A-00017", "0.1.0"), ("PEN-A-00023", "0.1.0"), ("PEN-A-00031", "0.0.9"))
STAFF = ("np-07", "np-11", "dr-03")
# What each client comes for, where, and how the grade goes from session to session.
COURSES = (
    ("acne-scars", ("cheek-acne-scar", "chin", "temple"), (4, 4, 3, 2, 2)),
    ("wrinkles", ("forehead", "cheek", "perioral"), (3, 3, 2, 2)),
    ("fine-lines", ("forehead", "malar"), (2, 2, 1)),
    ("enlarged-pores", ("nose", "cheek"), (3, 2, 2, 2)),
    ("stretch-marks", ("striae",), (4, 4, 4)),
    ("uneven-tone", ("cheek", "forehead", "chin"), (2, 3)),
)
CLIENTS = 36
SHOWN = "C-1042"  # the client of the pictures: five sessions, photos, an override, a correction


@dataclass(frozen=True)
class DemoClinic:
    """What was made."""

    photos: Path
    sessions: int


def _zones(library: Library, concern: str, names: tuple[str, ...]) -> tuple[Any, ...]:
    found = []
    for name in names:
        entry = library.find(concern, name)
        if entry is not None:
            found.append((name, entry.depth.default, entry.rate.default, 2400))
    return tuple(found)


def _planning(concern: str, changed: str, early: str) -> dict[str, Any]:
    deviations = [
        {"zone": changed, "field": "depth", "value": 0, "default": 0, "low": 0, "high": 0,
         "reason": "thick-skin", "approved_by": "dr-03"}
    ] if changed else []  # fmt: skip
    return {
        "concern": concern, "fitzpatrick": "III", "library_id": "starter", "library_version": 1,
        "library_state": "draft", "library_approval": "derived, not clinically approved",
        "early_reason": early, "deviations": deviations,
    }  # fmt: skip


def _session(
    rng: random.Random,
    number: int,
    at: datetime,
    client: str,
    concern: str,
    zones: tuple[Any, ...],
    early: str,
) -> list[Entry]:
    pen, firmware = rng.choices(PENS, (6, 4, 1 if at.month < 9 else 0))[0]
    deeper = rng.random() < 0.12
    zones = tuple(
        (name, depth + (200 if deeper and at_ == 0 else 0), rate, area)
        for at_, (name, depth, rate, area) in enumerate(zones)
    )
    entries = made_up.treatment(
        f"{at:%Y%m%d-%H%M%S}-{number:06x}",
        at,
        samples=12,
        zones=zones,
        client=client,
        operator=rng.choice(STAFF[:2]),
        session_id=number + 1,
        pen=pen,
        firmware=firmware,
        planning=_planning(concern, zones[0][0] if deeper else "", early),
        approvals={},
    )
    for entry in entries:
        if entry["type"] == kinds.STOP and rng.random() < 0.04:
            entry["reason"] = rng.choice(("dwell", "lease lost", "cartridge removed"))
        if entry["type"] == kinds.ZONE_END:
            dose = rng.randrange(220, 301)
            entry |= {"zone_ms": rng.randrange(60_000, 150_000), "punctures_per_cm2": dose,
                      "punctures": dose * 24, "contact_ms": 50_000}  # fmt: skip
        if entry["type"] == kinds.BEGIN:
            entry["plan"]["zones"] = [{**row, "override": ""} for row in entry["plan"]["zones"]]
    if rng.random() < 0.05:
        fault = rng.choice(("F22", "F31", "F12"))
        at_fault = datetime.fromisoformat(entries[-1]["time"])
        entries.insert(-1, made_up.fault(entries[0]["record_id"], at_fault, fault, zones[0][0]))
        entries.append(_pen_fault(pen, number, fault, at))
    return entries


def _note(at: datetime, kind: str, **fields: Any) -> Entry:
    return {"schema": kinds.SCHEMA, "record_id": "", "time": made_up.moment(at), "type": kind,
            **fields}  # fmt: skip


def _pen_fault(pen: str, number: int, fault: str, at: datetime) -> Entry:
    body = {"unix_s": int(at.timestamp()), "fault": fault, "zone": ""}
    return _note(at, kinds.PEN_LOG, pen=pen, log="faults", pen_number=number, body=body)


def _grade(at: datetime, client: str, concern: str, grade: int, *photos: list[str]) -> Entry:
    before, after = photos or ([], [])
    return _note(at, kinds.SCORE, client=client, concern=concern, grade=grade,
                 on=at.date().isoformat(), by="np-07", of_record="", before_sha256=before,
                 after_sha256=after)  # fmt: skip


def photo(rng: random.Random, marks: int, width: int = 480, height: int = 360) -> bytes:
    """A PNG of made-up skin with `marks` dark spots."""
    spots = [
        (rng.randrange(width), rng.randrange(height), rng.randrange(4, 15)) for _ in range(marks)
    ]
    rows = []
    for y in range(height):
        row = bytearray(b"\0")
        near = [(x, r * r - (at - y) ** 2) for x, at, r in spots if abs(at - y) <= r]
        for x in range(width):
            shade = (x * 7 + y * 13) % 9 - y // 14
            dark = 46 if any((x - at) ** 2 <= wide for at, wide in near) else 0
            row += bytes((216 + shade - dark, 172 + shade - dark, 148 + shade - dark))
        rows.append(bytes(row))

    def chunk(name: bytes, body: bytes) -> bytes:
        checked = name + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _client(
    rng: random.Random, library: Library, number: int, today: date
) -> Iterator[tuple[datetime, str, str, tuple[Any, ...], str, int]]:
    """(when, client, concern, zones, early reason, grade) of each session of a course."""
    client = SHOWN if number == 0 else f"C-{1100 + number * 7}"
    concern, names, grades = COURSES[number % len(COURSES)]
    zones = _zones(library, concern, names)
    back = 25 + 4 * 32 if number == 0 else rng.randrange(20, 330)  # due in three days
    day = today - timedelta(days=back)
    for grade in grades:
        if day >= today:
            return
        early = "clinician" if number and rng.random() < 0.05 else ""
        at = datetime.combine(day, time(8 + rng.randrange(9), rng.randrange(60)), UTC)
        yield at, client, concern, zones, early, grade
        day += timedelta(days=17 if early else 32 if number == 0 else rng.choice((30, 31, 35, 42)))


def fill(store: Store, photos: Path, today: date, seed: int = 7) -> DemoClinic:
    """Write the clinic's year up to yesterday; photos into a folder."""
    rng, library = random.Random(seed), reader.load(LIBRARY)
    photos.mkdir(parents=True, exist_ok=True)
    planned = sorted(
        session for number in range(CLIENTS) for session in _client(rng, library, number, today)
    )
    entries: list[Entry] = []
    marks = 60
    for number, (at, client, concern, zones, early, grade) in enumerate(planned):
        pictures: list[list[str]] = [[], []]
        if client == SHOWN:
            marks = max(6, marks - 12)
            content = photo(rng, marks)
            (photos / f"IMG_{number:04d}.png").write_bytes(content)
            pictures[0 if marks > 40 else 1] = [hashlib.sha256(content).hexdigest()]
        entries.append(_grade(at - timedelta(minutes=5), client, concern, grade, *pictures))
        entries += _session(rng, number, at, client, concern, zones, early)
    begun = min(at for at, *_ in planned)
    for pen, days in (("PEN-A-00017", 341), ("PEN-A-00023", 120)):
        done = datetime.combine(today - timedelta(days=days), time(7), UTC)
        entries.append(_note(max(done, begun), kinds.CALIBRATED, pen=pen, by="tech-2",
                             depth_error_um=-28, rate_error_ppt=3))  # fmt: skip
    Spool(store.home).append(entries)
    merge(store)
    return DemoClinic(photos, len(planned))


def main() -> None:
    """Fill the data folder of this computer (PEN_DATA_DIR)."""
    store = Store.open(home())
    made = fill(store, data_folder() / "photos", dates.today())
    store.close()
    print(f"{made.sessions} sessions in {data_folder()}")


if __name__ == "__main__":
    main()
