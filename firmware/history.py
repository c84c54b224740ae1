"""Faults, usage and begun runs: what an entry holds, and how it goes into the append-only logs.

An entry is the answer to FAULT_LOG or USAGE_LOG without its number, which the log keeps itself. The
third log is for the pen alone: before a run may begin, its usage goes there as if the run went on
to its limits; it is open until usage is added, or the arming ends without a run. One that is still
open after a restart is what has to be counted. Main loop at standstill only. Owns the three logs.
"""

import struct

from firmware.storage import layout
from firmware.storage.append_log import AppendLog
from protocol import messages, schema
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from firmware.hal.ports import Flash


def _entry_format(message: int) -> str:
    """The response's format without its first field, the number."""
    response = schema.BY_NUMBER[message].response
    if response is None:
        raise ValueError("message %d has no response" % message)
    return "<" + response.format[2:]


FAULT_FORMAT = _entry_format(messages.FAULT_LOG)
USAGE_FORMAT = _entry_format(messages.USAGE_LOG)
_RUN_FORMAT = "<BI" + USAGE_FORMAT[1:]  # open or closed, entries in the usage log then, usage
_RUN_OPEN = const(1)
_RUN_CLOSED = const(0)
_NO_USAGE = (0, 0, b"", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

# Places in the fields of a usage entry, its number included.
USAGE_SESSION = const(2)
USAGE_CARTRIDGE = const(3)
USAGE_ZONE = const(4)
USAGE_PASSES = const(5)
USAGE_ACTIVE_MS = const(10)
USAGE_CONTACT_MS = const(11)
USAGE_PUNCTURES = const(12)

USAGE_LOOK_BACK = const(1000)  # entries: some thirty full days of work


class History:
    """The logs of the pen."""

    def __init__(self, flash: "Flash") -> None:
        self._faults = AppendLog(
            flash, layout.FAULT_LOG_AT, layout.FAULT_LOG_SECTORS, struct.calcsize(FAULT_FORMAT)
        )
        self._usage = AppendLog(
            flash, layout.USAGE_LOG_AT, layout.USAGE_LOG_SECTORS, struct.calcsize(USAGE_FORMAT)
        )

        self._runs = AppendLog(
            flash, layout.RUN_LOG_AT, layout.RUN_LOG_SECTORS, struct.calcsize(_RUN_FORMAT)
        )
        self._logs = (self._faults, self._usage, self._runs)

    def find_room(self) -> bool:
        """Whether every log has a blank place ready."""
        return all(log.find_room() for log in self._logs)

    def find_room_ahead(self) -> bool:
        """Whether every log has room for a sector's entries: no arming takes that many."""
        return all(log.find_room_ahead() for log in self._logs)

    def make_room_ahead(self) -> None:
        """Have that room in every log; may erase (45 ms each). Standstill only."""
        for log in self._logs:
            log.make_room_ahead()

    def open_run(self, *values: "Any") -> None:
        """A run may begin: USAGE_LOG's fields from `unix_s` on as its limits would leave them."""
        self._runs.append(struct.pack(_RUN_FORMAT, _RUN_OPEN, self._usage.count, *values))

    def close_run(self) -> None:
        """The arming ended without a run."""
        self._runs.append(struct.pack(_RUN_FORMAT, _RUN_CLOSED, self._usage.count, *_NO_USAGE))

    def unfinished_run(self) -> "tuple[Any, ...] | None":
        """What `open_run` was given, when neither usage nor a close has followed it."""
        newest = self._runs.newest(0)
        if newest is None:
            return None
        values = struct.unpack(_RUN_FORMAT, newest[1])
        if values[0] != _RUN_OPEN or values[1] != self._usage.count:
            return None
        return values[2:]

    def add_fault(self, *values: "Any") -> None:
        """Append the fields of FAULT_LOG's response from `unix_s` on."""
        self._faults.append(struct.pack(FAULT_FORMAT, *values))

    def add_usage(self, *values: "Any") -> None:
        """Append the fields of USAGE_LOG's response from `unix_s` on."""
        self._usage.append(struct.pack(USAGE_FORMAT, *values))

    def fault(self, index: int) -> "tuple[Any, ...] | None":
        """All fields of FAULT_LOG's response, `index` back from the newest."""
        return _fields(self._faults.newest(index), FAULT_FORMAT)

    def usage(self, index: int) -> "tuple[Any, ...] | None":
        """All fields of USAGE_LOG's response, `index` back from the newest."""
        return _fields(self._usage.newest(index), USAGE_FORMAT)

    def usage_of_session(self, session_id: int) -> "list[tuple[Any, ...]]":
        """The newest entry of each zone of a session."""
        found = []
        zones = 0
        for entry in self._latest_usage():
            zone = entry[USAGE_ZONE]
            if entry[USAGE_SESSION] == session_id and not zones >> zone & 1:
                zones |= 1 << zone
                found.append(entry)
        return found

    def used_elsewhere(self, cartridge_id: bytes, session_id: int) -> bool:
        """Whether this pen has used the cartridge in another session (H19)."""
        for entry in self._latest_usage():
            if entry[USAGE_CARTRIDGE] == cartridge_id and entry[USAGE_SESSION] != session_id:
                return True
        return False

    def _latest_usage(self) -> "Iterator[tuple[Any, ...]]":
        for looked, (number, data) in enumerate(self._usage.backwards()):
            if looked == USAGE_LOOK_BACK:
                return
            yield (number,) + struct.unpack(USAGE_FORMAT, data)


def _fields(entry: "tuple[int, bytes] | None", entry_format: str) -> "tuple[Any, ...] | None":
    if entry is None:
        return None
    return (entry[0],) + struct.unpack(entry_format, entry[1])
