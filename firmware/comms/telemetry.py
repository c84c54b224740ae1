"""Telemetry at the rate the host asked for, and a notice for every change of state.

Best effort: what finds no room in the queue is lost, and the counter shows it. Main loop; sending
allocates nothing. Owns the record, the rate and the notice buffer.
"""

from protocol import codec, frame, messages, schema
from protocol.telemetry import TelemetryEncoder, new_record
from protocol.telemetry import pack as _pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from protocol.layout import Layout
    from protocol.telemetry import Record

    Write = Callable[[bytearray, int], int]

_NOTICE: "Layout" = schema.BY_NUMBER[messages.NOTICE].event  # type: ignore[assignment]
_WRAP = 0x3FFFFFFF


class TelemetrySender:
    """`fill(record)` takes the measurements; `poll` sends when it is time."""

    def __init__(self, fill: "Callable[[Record], None]", write: "Write") -> None:
        self._record = new_record()
        self._fill = fill
        self._write = write
        self._encoder = TelemetryEncoder()
        self._notice = frame.new_buffer()
        self._notices = 0
        self.rate_hz = 0
        self._due = 0  # thousandths of a frame
        self.lost = 0  # frames that found no room, stops at 65535

    def set_rate(self, rate_hz: int) -> None:
        """Send `rate_hz` 0..200 records a second from now on; the first at once."""
        self.rate_hz = rate_hz
        self._due = 1000

    def poll(self, ms: int) -> None:
        """One pass of the main loop, `ms` after the last; at most one record."""
        rate_hz = self.rate_hz
        if rate_hz == 0:
            return
        due = self._due + rate_hz * ms
        if due < 1000:
            self._due = due
            return
        self._due = min(due - 1000, 1000)  # after a pause there is no burst to make up for it
        record = self._record
        self._fill(record)
        if not self._write(self._encoder.buffer, self._encoder.encode(record)):
            self.lost = min(self.lost + 1, 0xFFFF)

    def pack(self, buffer: bytearray) -> None:
        """Pack what is measured now as the payload of `buffer`, a frame's."""
        record = self._record
        self._fill(record)
        _pack(record, buffer)

    def notice(
        self, t_ms: int, state: int, previous: int, stop_reason: int, fault: int, zone: int
    ) -> None:
        """Tell that the state changed."""
        self._notices = (self._notices + 1) & 0xFFFF
        values = (self._notices, t_ms & _WRAP, state, previous, stop_reason, fault, zone)
        size = codec.pack_into(_NOTICE, self._notice, frame.PAYLOAD_AT, values)
        count = frame.seal(self._notice, messages.NOTICE, self._notices & 0xFF, frame.EVENT, size)
        self._write(self._notice, count)
