"""Telemetry through our codec and through pymavlink's, same fields, same run, CPython.

The message of the comparison is made from our own table: a dialect of one message is written as
XML and compiled by pymavlink's generator at run time.
"""

import contextlib
import importlib.util
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from pymavlink.generator import mavgen

from protocol import frame, schema, telemetry
from protocol.decoder import Decoder
from protocol.telemetry import Telemetry, TelemetryEncoder
from tests.evidence.figure import figure

TYPES = {"B": "uint8_t", "H": "uint16_t", "h": "int16_t", "I": "uint32_t"}
ROUNDS = 201  # of 200 frames each, ours and theirs in turn, so that a busy machine slows both


def dialect() -> ModuleType:
    """A MAVLink 2 dialect with one message that has exactly the fields of our telemetry."""
    fields = "".join(
        f'<field type="{TYPES[code]}" name="{name}">{name}</field>'
        for name, code, *_rest in schema.TELEMETRY_LAYOUT.fields
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "pen.xml")
        source.write_text(
            '<?xml version="1.0"?><mavlink><version>3</version><messages>'
            f'<message id="300" name="PEN_TELEMETRY"><description>telemetry</description>{fields}'
            "</message></messages></mavlink>"
        )
        target = Path(folder, "pen_dialect.py")
        with contextlib.redirect_stdout(io.StringIO()):
            mavgen.mavgen(
                mavgen.Opts(str(target), wire_protocol="2.0", language="Python3", validate=False),
                [str(source)],
            )
        spec = importlib.util.spec_from_file_location("pen_dialect", target)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["pen_dialect"] = module
        spec.loader.exec_module(module)
    return module


def records() -> list[list[int]]:
    """A second of a treatment at 200 Hz: values of the size they have in the middle of it."""
    found = []
    for step in range(200):
        values = (
            *(4000 + step, 187_000 + 5 * step, 6, 0, 0, 6, 2, 81, 0x000C9FFF),
            *(10000, 9990 + step % 21, 1000, 996 + step % 9, 180 + step % 15, 3812 - step % 5),
            *(3142, 3100 + step % 40, 24_000 + 5 * step, 19_000 + 5 * step, 28_000 + 6 * step),
            *(212 + step // 50, 0, 0),
        )
        found.append(list(values))
    return found


def ours() -> Callable[[list[int]], Any]:
    """Encode a record, decode the frame, hand back its fields by name."""
    encoder = TelemetryEncoder()
    decoder = Decoder()
    buffer = encoder.buffer

    def trip(record: list[int]) -> Telemetry:
        decoder.take(buffer, 0, encoder.encode(record))
        return telemetry.unpack(decoder.buffer, frame.PAYLOAD_AT)

    return trip


def theirs() -> Callable[[list[int]], Any]:
    """The same through pymavlink: numbers to a message, to bytes, to a message with the fields."""
    module = dialect()
    sender = module.MAVLink(None, srcSystem=1, srcComponent=1)
    receiver = module.MAVLink(None)

    def trip(record: list[int]) -> Any:
        data = sender.pen_telemetry_encode(*record).pack(sender)
        sender.seq = (sender.seq + 1) & 0xFF
        return receiver.parse_buffer(data)[0]

    return trip


def seconds(trip: Callable[[list[int]], Any], sent: list[list[int]]) -> float:
    """CPU time of one round trip, the mean of all records.

    Not the time on the wall: on a busy machine the longer of two rounds is interrupted more often.
    """
    start = time.process_time()
    for record in sent:
        trip(record)
    return (time.process_time() - start) / len(sent)


def codec(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Median of the ratios of alternating rounds."""
    our_trip, their_trip = ours(), theirs()
    sent = records()
    for record in sent:  # both must bring back what was sent
        theirs_back, ours_back = their_trip(record), our_trip(record)
        for name, value in zip(telemetry.FIELDS[1:], record[1:], strict=True):
            assert getattr(theirs_back, name) == getattr(ours_back, name) == value
    our_s, their_s = [], []
    for _ in range(rounds):
        our_s.append(seconds(our_trip, sent))
        their_s.append(seconds(their_trip, sent))
    ratio = statistics.median(b / a for a, b in zip(our_s, their_s, strict=True))
    our_us, their_us = (1e6 * statistics.median(times) for times in (our_s, their_s))
    note = (
        f"encode + decode of one frame, medians of CPU time: ours {our_us:.1f} us, pymavlink "
        f"{their_us:.1f} us; its message is generated from our table, its CRC is native"
    )
    cases = rounds * len(sent)
    return [figure("codec_vs_pymavlink", round(ratio, 2), "ratio", ">= 3", cases, note)]


if __name__ == "__main__":
    print(json.dumps(codec(), indent=1))
