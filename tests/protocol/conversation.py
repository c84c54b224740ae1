"""A conversation for golden vectors: what a host says, right and wrong, and what a pen answers.

Runs on both interpreters; the pen here knows HELLO, STOP, SELECT_ZONE, PLAN_CHUNK and KEEPALIVE.
"""

from protocol import codes, frame, messages, version
from protocol.responder_link import ResponderLink

SCHEMA = "0123abcd"  # instead of the table's, so that these bytes outlive a change of the table
IDENTITY = [("product", "microneedling-pen"), ("schema", SCHEMA)]


def hello(nonce: int, schema: str = SCHEMA) -> bytes:
    """Payload of a HELLO."""
    return schema.encode() + nonce.to_bytes(4, "little")


REQUEST = frame.REQUEST
STEPS = (
    ("an empty frame is ignored", b"\0"),
    ("before HELLO: refused, HELLO_FIRST", (messages.KEEPALIVE, 7, REQUEST, b"")),
    ("STOP before HELLO: obeyed", (messages.STOP, 8, REQUEST, b"")),
    ("HELLO of another length: refused, BAD_LENGTH", (messages.HELLO, 0, REQUEST, b"0123abcd")),
    ("HELLO of another schema: answered", (messages.HELLO, 1, REQUEST, hello(1, "ffffffff"))),
    ("then all else: refused, SCHEMA_MISMATCH", (messages.KEEPALIVE, 2, REQUEST, b"")),
    ("HELLO with a new nonce: starts anew", (messages.HELLO, 200, REQUEST, hello(2))),
    ("its repetition: the same answer", (messages.HELLO, 200, REQUEST, hello(2))),
    ("a request: executed", (messages.PLAN_CHUNK, 201, REQUEST, b"\x00\x00abc")),
    ("its repetition: the same answer", (messages.PLAN_CHUNK, 201, REQUEST, b"\x00\x00abc")),
    ("its sequence, other contents: SEQUENCE", (messages.PLAN_CHUNK, 201, REQUEST, b"\x00\x00abd")),
    ("a late copy of HELLO: ignored", (messages.HELLO, 200, REQUEST, hello(2))),
    ("the next request: executed", (messages.PLAN_CHUNK, 202, REQUEST, b"\x03\x00de")),
    ("a late copy of the one before: ignored", (messages.PLAN_CHUNK, 201, REQUEST, b"\x00\x00abc")),
    ("127 ahead, round the circle: executed", (messages.SELECT_ZONE, 73, REQUEST, b"\x06")),
    ("128 ahead: ignored", (messages.SELECT_ZONE, 201, REQUEST, b"\x05")),
    ("STOP with an old sequence: obeyed", (messages.STOP, 3, REQUEST, b"")),
    ("the order is as before it", (messages.SELECT_ZONE, 73, REQUEST, b"\x06")),
    ("an unknown message: UNKNOWN_TYPE", (0x3F, 74, REQUEST, b"")),
    ("an event from a host: no request", (messages.TELEMETRY, 75, REQUEST, bytes(50))),
    ("too short: BAD_LENGTH", (messages.SELECT_ZONE, 76, REQUEST, b"")),
    ("too long: BAD_LENGTH", (messages.SELECT_ZONE, 77, REQUEST, b"\x06\x00")),
    ("out of range: OUT_OF_RANGE", (messages.PLAN_CHUNK, 78, REQUEST, b"\x05\x01x")),
    ("no JSON: BAD_FORMAT", (messages.SETTINGS_SET, 79, REQUEST, b"buzzer=0")),
    ("refused by the pen: UNKNOWN_ZONE", (messages.SELECT_ZONE, 80, REQUEST, b"\x63")),
    ("a response is no request: ignored", (messages.STOP, 81, frame.RESPONSE, b"")),
    ("two requests at once", "two"),
)


def handle(number: int, values: tuple, reply: object) -> int:
    """A pen of few words."""
    if number == messages.HELLO:
        return reply.json(IDENTITY)
    if number == messages.PLAN_CHUNK:
        return reply.fields(values[0] + len(values[1]))
    if number == messages.SELECT_ZONE and values[0] > 16:
        return reply.refuse(codes.RESULT_UNKNOWN_ZONE, values[0], values[0], 1, 16)
    return codes.RESULT_OK


def play() -> "list[tuple[str, bytes, bytes]]":
    """(name, bytes from the host, bytes from the pen) of every step."""
    out = bytearray()
    pen = ResponderLink(handle, lambda buffer, count: out.extend(buffer[:count]))
    ours = version.SCHEMA_ID
    version.SCHEMA_ID = SCHEMA
    played = []
    for name, said in STEPS:
        if isinstance(said, str):
            said = frame.build(messages.KEEPALIVE, 82, REQUEST)
            said += frame.build(messages.KEEPALIVE, 83, REQUEST)
        elif isinstance(said, tuple):
            said = frame.build(said[0], said[1], said[2], said[3])
        pen.receive(said, len(said))
        played.append((name, said, bytes(out)))
        out[:] = b""
    version.SCHEMA_ID = ours
    return played
