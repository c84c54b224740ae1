"""One example of every message in both directions, and how to make its frame.

The golden vectors, the mutation tests and the worked example of docs/protocol.md are made of these.
"""

import dataclasses
from typing import Any

from protocol import codec, frame, messages, plan_layout, schema
from protocol.layout import JSON, Layout
from protocol.plan_layout import Plan, PlanRow

ROLES = (("request", frame.REQUEST), ("response", frame.RESPONSE), ("event", frame.EVENT))

PLAN = Plan(
    session_id=0x1234ABCD,
    flags=plan_layout.FLAG_TETHERED,
    pins=12,
    needle_um=2500,
    library_id=b"starter0",
    name=b"three zones",
    rows=[
        PlanRow(1, 2, 500, 10000, 240, 300, 4000),
        PlanRow(6, 3, 1000, 12000, 300, 400, 5000),
        PlanRow(5, 1, 250, 8000, 120, 200, 1200, 1),
    ],
)
PLAN_BYTES = plan_layout.pack(PLAN)
PLAN_DIGEST = plan_layout.digest(PLAN_BYTES)

# counter 4321: three minutes into a treatment, cheek, second pass.
RUNNING = (
    *(4321, 187654, 6, 0, 0, 6, 2, 81, 0x000C9FFF, 10000, 10013, 1000, 1004, 187, 3812, 3142),
    *(3120, 24310, 19870, 28611, 212, 0, 0),
)
COLD = (65535, 0x3FFFFFFF, 8, 10, 12, 0, 0, 100, 1, 0, 65535, 0, -32768, -1, 0, -500)
AT_THE_ENDS = (*COLD, -5000, 0, 0, 0x3FFFFFFF, 65535, 65535, 65535)

IDENTITY = [
    ("product", "microneedling-pen"),
    ("serial", "e6614c311b7a5c2f"),
    ("firmware", "0.1.0"),
    ("schema", "0123abcd"),
    ("library", "starter0"),
    ("capabilities", ["latch", "tether"]),
]

FIELDS: dict[tuple[int, str], Any] = {
    (messages.HELLO, "request"): (b"0123abcd", 0xDEADBEEF),
    (messages.HELLO, "response"): IDENTITY,
    (messages.UPDATE, "request"): (2, 0x00010000, bytes(range(250, 256)) + bytes(4)),
    (messages.UPDATE, "response"): (1, 0x0001000A),
    (messages.PLAN_BEGIN, "request"): (len(PLAN_BYTES), PLAN_DIGEST),
    (messages.PLAN_CHUNK, "request"): (0, PLAN_BYTES),
    (messages.PLAN_CHUNK, "response"): (len(PLAN_BYTES),),
    (messages.PLAN_INFO, "response"): (
        *(PLAN_DIGEST, PLAN.session_id, 3, PLAN.flags, PLAN.pins, PLAN.needle_um),
        *(PLAN.library_id, PLAN.name.ljust(16, b"\0")),
    ),
    (messages.SELECT_ZONE, "request"): (6,),
    (messages.ACKNOWLEDGE, "request"): (22,),
    (messages.SELF_TEST, "response"): [("passed", 0), ("failed", ["hall", "ntc"])],
    (messages.SETTINGS_GET, "request"): (b"buzzer",),
    (messages.SETTINGS_GET, "response"): [("buzzer", 1)],
    (messages.SETTINGS_SET, "request"): [("buzzer", 0), ("name", "Room 2")],
    (messages.SETTINGS_SET, "response"): [("buzzer", 0), ("name", "Room 2")],
    (messages.FAULT_LOG, "request"): (0,),
    (messages.FAULT_LOG, "response"): (
        *(17, 1800000000, 187654, 22, 6, 6, 64, 0x000C9FFF, PLAN.session_id),
        *(10000, 1200, 1000, 996, 812, 3600, 3333, 5000),
    ),
    (messages.USAGE_LOG, "request"): (3,),
    (messages.USAGE_LOG, "response"): (
        *(41, 1800000000, PLAN.session_id, b"\x12\x00\x34\xff", 6, 3, 1, 12),
        *(1000, 10000, 91000, 80250, 115560, 277),
    ),
    (messages.LIMITS, "request"): (6,),
    (messages.LIMITS, "response"): (6, 1500, 2500, 2500, 5000, 15000, 600, 800, 6, 250, 30),
    (messages.CARTRIDGE, "response"): (
        *(b"\x12\x00\x34\xff", 1, 12, 2500, b"L2027-03", 9999, 0, 0),
    ),
    (messages.SET_CLOCK, "request"): (1800000000,),
    (messages.TELEMETRY_RATE, "request"): (200,),
    (messages.STATUS, "response"): RUNNING,
    (messages.TELEMETRY, "event"): RUNNING,
    (messages.NOTICE, "event"): (7, 187999, 7, 6, 1, 0, 6),
}


@dataclasses.dataclass(frozen=True)
class Sample:
    """One frame and what it says."""

    name: str
    number: int
    role: str
    sequence: int
    flags: int
    layout: Layout
    fields: Any  # a tuple of values, or (key, value) pairs of a JSON object
    payload: bytes

    @property
    def wire(self) -> bytes:
        """The bytes on the wire, delimiter included."""
        return frame.build(self.number, self.sequence, self.flags, self.payload)


def pack(layout: Layout, fields: Any) -> bytes:
    """The payload of `fields`, whatever the kind of the layout."""
    return codec.pack_json(fields) if layout.kind == JSON else codec.pack(layout, fields)


def samples() -> list[Sample]:
    """Every message in each of its roles, a refusal, and telemetry at the ends of its ranges."""
    found = []
    for position, message in enumerate(schema.MESSAGES):
        for role, flags in ROLES:
            layout = getattr(message, role)
            if layout is not None:
                fields = FIELDS.get((message.number, role), ())
                found.append(
                    Sample(
                        f"{message.name} {role}",
                        *(message.number, role, position + 1, flags, layout, fields),
                        pack(layout, fields),
                    )
                )
    refusal = (7, 6, 1800, 0, 1500)  # above the zone's cap
    found.append(
        Sample(
            "refusal",
            *(messages.PLAN_COMMIT, "response", 7, frame.RESPONSE | frame.ERROR),
            *(schema.ERROR_REPLY, refusal, codec.pack(schema.ERROR_REPLY, refusal)),
        )
    )
    found.append(
        Sample(
            "TELEMETRY at the ends of its ranges",
            *(messages.TELEMETRY, "event", 255, frame.EVENT, schema.TELEMETRY_LAYOUT),
            *(AT_THE_ENDS, codec.pack(schema.TELEMETRY_LAYOUT, AT_THE_ENDS)),
        )
    )
    longest = bytes(range(1, 241))
    found.append(
        Sample(
            "longest frame, no zero in it",
            *(messages.UPDATE, "request", 1, frame.REQUEST),
            *(
                schema.BY_NUMBER[messages.UPDATE].request,
                (1, 0x05040302, longest[5:]),
                longest,
            ),
        )
    )
    return found
