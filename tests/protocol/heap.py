"""What the wire costs the pen's heap, measured on MicroPython: prints one line of JSON.

With the heap locked any allocation raises MemoryError, so a run that ends allocated nothing.
`micropython tests/protocol/heap.py`
"""

import gc
import json
import sys

import micropython

sys.path.insert(0, ".")

from protocol import cobs, crc, frame, messages, schema, telemetry
from protocol.decoder import Decoder

FRAMES = 2000


def fresh_values(record: "telemetry.Telemetry", step: int) -> None:
    """Values that wander through their ranges, zeros, ends and beyond among them."""
    record.t_ms = step * 524287 & 0x3FFFFFFF
    record.conditions = step * 99991 & 0x3FFFFFFF
    record.punctures = step * 77773 & 0x3FFFFFFF
    record.rate_chz = step * 97 & 0x1FFFF
    record.depth_um = (step * 31 & 0x1FFFF) - 65536
    record.current_ma = (step * 17 & 0x1FFFF) - 65536
    record.temperature_cdeg = (step * 13 & 0x1FFFF) - 65536
    record.ticks_late = step * 3


def encode_frames(encoder: "telemetry.TelemetryEncoder", record: "telemetry.Telemetry") -> None:
    """Make many different frames."""
    for step in range(FRAMES):
        fresh_values(record, step)
        encoder.encode(record)


def check_in_halves(buffer: bytearray) -> None:
    """The CRC of many different contents."""
    for step in range(FRAMES):
        buffer[step % 50] = step & 0xFF
        crc.write_in_halves(buffer, 0, 54)
        crc.write_lean(buffer, 0, 54)


def stuff(buffer: bytearray) -> None:
    """Stuff and unstuff in place."""
    for step in range(FRAMES):
        buffer[1 + step % 50] = step & 0xFF
        cobs.encode_in_place(buffer, 58)
        cobs.decode(buffer, 58)


def locked(work) -> bool:
    """Whether `work()` ran to its end without the heap."""
    work()  # what is made once and kept is made now
    micropython.heap_lock()
    try:
        work()
        done = True
    except MemoryError:
        done = False
    micropython.heap_unlock()
    return done


def bytes_per_frame(decoder: Decoder, data: bytes) -> int:
    """Heap that taking one frame uses up."""
    size = len(data)
    decoder.take(data, 0, size)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(100):
        decoder.take(data, 0, size)
    used = gc.mem_alloc() - before
    gc.enable()
    return used // 100


def control() -> None:
    """An allocation, to see that the lock would show one."""
    bytearray(16)


def control_crc(data: bytes) -> None:
    """The native CRC, whose result is an object on a 32-bit board."""
    for _ in range(4):
        crc.crc32(data)


def main() -> None:
    """Measure all."""
    keepalive = frame.build(messages.KEEPALIVE, 1, frame.REQUEST)
    chunk = frame.build(messages.PLAN_CHUNK, 1, frame.REQUEST, bytes(240))
    buffer = bytearray(60)
    encoder = telemetry.TelemetryEncoder()
    record = telemetry.Telemetry()
    found = {
        "word": 32 if sys.maxsize < 2**32 else 64,
        "encode": locked(lambda: encode_frames(encoder, record)),
        "crc in halves": locked(lambda: check_in_halves(buffer)),
        "stuffing": locked(lambda: stuff(buffer)),
        "native crc": locked(lambda: control_crc(b"123456789")),  # 0xCBF43926 needs 32 bits
        "lock shows allocation": not locked(control),
        "keepalive": bytes_per_frame(Decoder(), keepalive),
        "longest frame": bytes_per_frame(Decoder(), chunk),
        "table": len(schema.MESSAGES),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
