"""A treatment plan as bytes: one header, then one row per zone; both sides pack and read it.

Layout alone is judged here (magic, number of rows, length); whether the pen allows what the plan
asks is the firmware's decision. The plan's hash is the SHA-256 of these bytes. Owns no state.
"""

import hashlib
import struct

from protocol.interpreter import const

MAGIC = const(0x4E50)  # "PN" in memory
LAYOUT = const(1)
HEADER_FORMAT = "<HBBIBBH8s16s"
ROW_FORMAT = "<BBHHHHHBB"
HEADER_SIZE = const(36)
ROW_SIZE = const(14)
ZONES_MAX = const(16)
SIZE_MAX = const(260)  # 36 + 16 * 14

FLAG_LATCH = const(1)  # press starts, press stops; otherwise it runs while the button is held
FLAG_TETHERED = const(2)  # needs the host's lease while armed or moving
FLAG_DEMONSTRATION = const(4)


class PlanFormatError(ValueError):
    """Bytes that are no plan; `offset` is where it shows."""

    def __init__(self, offset: int, reason: str):
        super().__init__("%s (at byte %d)" % (reason, offset))
        self.offset = offset
        self.reason = reason


class PlanRow:
    """What to do in one zone."""

    def __init__(
        self,
        zone: int,
        passes: int,
        depth_um: int,
        rate_chz: int,
        time_limit_s: int,
        dose_limit_per_cm2: int,
        area_mm2: int,
        override_reason: int = 0,
    ):
        self.zone = zone  # number in protocol/zones.py
        self.passes = passes  # 1..6
        self.depth_um = depth_um
        self.rate_chz = rate_chz
        self.time_limit_s = time_limit_s
        self.dose_limit_per_cm2 = dose_limit_per_cm2
        self.area_mm2 = area_mm2
        self.override_reason = override_reason  # 0 none


class Plan:
    """A whole plan."""

    def __init__(
        self,
        session_id: int,
        flags: int,
        pins: int,
        needle_um: int,
        library_id: bytes,
        name: bytes,
        rows: "list[PlanRow]",
    ):
        self.session_id = session_id  # 32 bits, from the host
        self.flags = flags
        self.pins = pins  # 12, 24, 36; 0 nano
        self.needle_um = needle_um
        self.library_id = library_id  # 8 bytes
        self.name = name  # up to 16 bytes, ASCII
        self.rows = rows

    def row(self, zone: int) -> "PlanRow | None":
        """The row of a zone, None when the plan has none for it."""
        for row in self.rows:
            if row.zone == zone:
                return row
        return None


def pack(plan: Plan) -> bytes:
    """The bytes of `plan`; ValueError when a value does not fit its field."""
    if not 1 <= len(plan.rows) <= ZONES_MAX:
        raise ValueError("a plan has 1 to %d zones, this has %d" % (ZONES_MAX, len(plan.rows)))
    if len(plan.library_id) > 8 or len(plan.name) > 16:
        raise ValueError("library id has 8 bytes at most, the name 16")
    buffer = bytearray(HEADER_SIZE + ROW_SIZE * len(plan.rows))
    header = (plan.session_id, plan.flags, plan.pins, plan.needle_um)
    _check(header, (0xFFFFFFFF, 7, 255, 0xFFFF), ("session_id", "flags", "pins", "needle_um"))
    struct.pack_into(
        HEADER_FORMAT,
        buffer,
        0,
        MAGIC,
        LAYOUT,
        len(plan.rows),
        *header,
        plan.library_id,
        plan.name,
    )
    offset = HEADER_SIZE
    for row in plan.rows:
        values = _row_values(row)
        _check(values, _ROW_HIGH, ROW_FIELDS)
        struct.pack_into(ROW_FORMAT, buffer, offset, *values, 0)
        offset += ROW_SIZE
    return bytes(buffer)


def unpack(data: "bytes | bytearray") -> Plan:
    """The plan of `data`; PlanFormatError when the bytes are none."""
    count = zone_count(data)
    header = struct.unpack_from(HEADER_FORMAT, data, 0)
    rows = []
    for index in range(count):
        offset = HEADER_SIZE + index * ROW_SIZE
        values = struct.unpack_from(ROW_FORMAT, data, offset)
        if values[8] != 0:
            raise PlanFormatError(offset + 13, "a reserved byte is not 0")
        rows.append(PlanRow(*values[:8]))
    if header[4] > 7:
        raise PlanFormatError(8, "unknown flags")
    return Plan(
        header[3],
        header[4],
        header[5],
        header[6],
        header[7],
        header[8].rstrip(b"\0"),
        rows,
    )


def zone_count(data: "bytes | bytearray") -> int:
    """Rows of the plan, after its magic, layout and length were found right."""
    size = len(data)
    if size < HEADER_SIZE + ROW_SIZE:
        raise PlanFormatError(size, "too short for a plan")
    magic, layout, count = struct.unpack_from("<HBB", data, 0)
    if magic != MAGIC:
        raise PlanFormatError(0, "not a plan")
    if layout != LAYOUT:
        raise PlanFormatError(2, "layout %d is unknown, known is %d" % (layout, LAYOUT))
    if not 1 <= count <= ZONES_MAX:
        raise PlanFormatError(3, "%d zones, allowed are 1 to %d" % (count, ZONES_MAX))
    if size != HEADER_SIZE + count * ROW_SIZE:
        raise PlanFormatError(3, "%d bytes do not hold %d zones" % (size, count))
    return int(count)


def digest(data: "bytes | bytearray") -> bytes:
    """The 32 bytes of the plan's hash."""
    return hashlib.sha256(data).digest()


ROW_FIELDS = (
    "zone",
    "passes",
    "depth_um",
    "rate_chz",
    "time_limit_s",
    "dose_limit_per_cm2",
    "area_mm2",
    "override_reason",
)
_ROW_HIGH = (255, 255, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 255)


def _row_values(row: PlanRow) -> "tuple[int, ...]":
    return (
        row.zone,
        row.passes,
        row.depth_um,
        row.rate_chz,
        row.time_limit_s,
        row.dose_limit_per_cm2,
        row.area_mm2,
        row.override_reason,
    )


def _check(values: "tuple[int, ...]", highs: "tuple[int, ...]", names: "tuple[str, ...]") -> None:
    """MicroPython's `struct` cuts silently what does not fit: refuse it first."""
    for index, value in enumerate(values):
        if not 0 <= value <= highs[index]:
            raise ValueError("%s is %d, allowed is 0 to %d" % (names[index], value, highs[index]))
