"""What the wire costs the pen's heap, measured on MicroPython: prints one line of JSON.

With the heap locked any allocation raises MemoryError, so a run that ends allocated nothing.
`micropython tests/protocol/heap.py`
"""

import gc
import json
import sys

import micropython

sys.path.insert(0, ".")

from protocol import codes, crc, frame, messages, schema, telemetry, version
from protocol.decoder import Decoder
from protocol.quick_decoder import QuickDecoder
from protocol.responder_link import ResponderLink

FRAMES = 2000


def fresh_values(record: "telemetry.Record", step: int) -> None:
    """Values that wander through their ranges, zeros, ends and beyond among them."""
    record[1] = step * 524287 & 0x3FFFFFFF  # t_ms
    record[8] = step * 99991 & 0x3FFFFFFF  # conditions
    record[10] = step * 97 & 0x1FFFF  # rate_chz
    record[12] = (step * 31 & 0x1FFFF) - 65536  # depth_um
    record[13] = (step * 17 & 0x1FFFF) - 65536  # current_ma
    record[15] = (step * 13 & 0x1FFFF) - 65536  # temperature_cdeg
    record[19] = step * 77773 & 0x3FFFFFFF  # punctures
    record[21] = step * 3  # ticks_late


def encode_frames(encoder: "telemetry.TelemetryEncoder", record: "telemetry.Record") -> None:
    """Make many different frames."""
    for step in range(FRAMES):
        fresh_values(record, step)
        encoder.encode(record)


def converse(link: ResponderLink, ask: bytearray) -> None:
    """Requests in order, as a host sends them, each answered."""
    for step in range(FRAMES):
        frame.seal(ask, messages.KEEPALIVE, (step + 1) & 0xFF, frame.REQUEST, 0)
        link.receive(ask, frame.OVERHEAD)


def greeted_link() -> ResponderLink:
    """The pen's side of a conversation that has begun at sequence 0."""
    link = ResponderLink(lambda _number, _values, _reply: codes.RESULT_OK, lambda _data, _count: 1)
    payload = version.SCHEMA_ID.encode() + bytes(4)
    hello = frame.build(messages.HELLO, 0, frame.REQUEST, payload)
    link.receive(hello, len(hello))
    return link


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
    encoder = telemetry.TelemetryEncoder()
    record = telemetry.new_record()
    link = greeted_link()
    ask = frame.new_buffer(0)
    found = {
        "word": 32 if sys.maxsize < 2**32 else 64,
        "encode": locked(lambda: encode_frames(encoder, record)),
        "requests": locked(lambda: converse(link, ask)) and link.executed == 1 + 2 * FRAMES,
        "native crc": locked(lambda: control_crc(b"123456789")),  # 0xCBF43926 needs 32 bits
        "lock shows allocation": not locked(control),
        "keepalive": bytes_per_frame(QuickDecoder(), keepalive),
        "longest frame": bytes_per_frame(QuickDecoder(), chunk),
        "table": len(schema.MESSAGES),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
