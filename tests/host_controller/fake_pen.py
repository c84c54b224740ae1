"""A small stand-in for a pen, built on the pen's side of the link; virtual time, no physics.

It keeps the rules the host depends on (nothing starts without the button, a plan is whole or not
there, the lease ends a tethered run) so that every path of the host can be tried without the
simulator. Owns its state; time moves by `advance` alone.
"""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from host_controller.transport.base import Transport
from protocol import codes, hello, messages, plan_layout
from protocol.reply import Reply
from protocol.responder_link import ResponderLink
from protocol.telemetry import FIELDS, Telemetry, TelemetryEncoder

LEASE_MS = 250
ARM_MS = 30_000
PARK_MS = 120
POSITION_MS = 80
CONDITIONS = 1 << codes.COND_SELF_TEST_PASSED | 1 << codes.COND_HOMED | 1 << codes.COND_BATTERY_OK
EXPOSED = (codes.STATE_POSITIONING, codes.STATE_RUNNING)


class FakePen:
    def __init__(self, schema: str = "", firmware: str = "0.1.0", serial: str = "FAKE0001") -> None:
        self.out = bytearray()
        self.link = ResponderLink(self._handle, self._write)
        self.schema = schema
        self.firmware = firmware
        self.serial = serial
        self.t_ms = 0
        self.state = codes.STATE_CARTRIDGE_OK
        self.stop_reason = codes.STOP_NONE
        self.fault = codes.FAULT_NONE
        self.fault_stays = False
        self.zone = 0
        self.plan: bytes | None = None
        self.cartridge = True
        self.button = False
        self.settings: dict[str, Any] = {"light_pct": 60, "name": "pen one"}
        self.failed_checks: list[str] = []
        self.unix_s = 0
        self.mute = False  # hangs: takes everything, says nothing
        self.parks = True
        self.contact = True
        self.zone_ms = 0
        self.clock_set = False
        self.requests: list[int] = []
        self._incoming: tuple[int, bytes, bytearray] | None = None
        self._lease_until = 0
        self._since_ms = 0
        self._record = Telemetry()
        self._encoder = TelemetryEncoder()
        self._rate_hz = 0
        self._telemetry_due = 0

    # --- time -----------------------------------------------------------------------------------

    def advance(self, ms: int) -> None:
        for _ in range(ms):
            self._millisecond()

    def _millisecond(self) -> None:
        self.t_ms += 1
        in_state = self.t_ms - self._since_ms
        tethered = self.plan is not None and plan_layout.unpack(self.plan).flags & 2
        lease_gone = bool(tethered) and self.t_ms > self._lease_until
        if self.state in (codes.STATE_ARMED, *EXPOSED) and lease_gone:
            self._leave(codes.STOP_LEASE)
        elif self.state == codes.STATE_ARMED and in_state >= ARM_MS:
            self._leave(codes.STOP_ARM_EXPIRED)
        elif self.state == codes.STATE_POSITIONING and in_state >= POSITION_MS:
            self._enter(codes.STATE_RUNNING)
        elif self.state == codes.STATE_RUNNING:
            self.zone_ms += 1
            if self._density() >= self._row().dose_limit_per_cm2:
                self._leave(codes.STOP_DOSE)
        elif self.state == codes.STATE_PARKING and in_state >= PARK_MS and self.parks:
            again = self.stop_reason == codes.STOP_BUTTON
            self._enter(codes.STATE_ARMED if again else codes.STATE_CONFIGURED)
            if self.fault:
                self._enter(codes.STATE_FAULT)
        if self._rate_hz and self.t_ms >= self._telemetry_due:
            self._telemetry_due = self.t_ms + 1000 // self._rate_hz
            record = self._filled()
            self._write(self._encoder.buffer, self._encoder.encode(record))
            self._record.counter = record[0]

    def press(self) -> None:
        self.button = True
        if self.state == codes.STATE_ARMED:
            self._enter(codes.STATE_POSITIONING)

    def release(self) -> None:
        self.button = False
        if self.state in EXPOSED:
            self._leave(codes.STOP_BUTTON)

    def raise_fault(self, fault: int, stays: bool = False) -> None:
        self.fault, self.fault_stays = fault, stays
        self._leave(codes.STOP_FAULT)

    def set_silent(self) -> None:
        """As after a start of its own: it answers, but sends nothing unasked."""
        self._rate_hz = 0

    def _enter(self, state: int) -> None:
        self.state, self._since_ms = state, self.t_ms

    def _leave(self, reason: int) -> None:
        if self.state in (*EXPOSED, codes.STATE_ARMED):
            self.stop_reason = reason
        exposed = self.state in EXPOSED
        if exposed:
            self._enter(codes.STATE_PARKING)
        elif self.fault:
            self._enter(codes.STATE_FAULT)
        elif self.state == codes.STATE_ARMED:
            self._enter(codes.STATE_CONFIGURED)

    # --- the wire -------------------------------------------------------------------------------

    def host_write(self, data: bytes) -> None:
        if not self.mute:
            self.link.receive(data, len(data))

    def take(self, limit: int) -> bytes:
        data = bytes(self.out[:limit])
        del self.out[:limit]
        return data

    def _write(self, buffer: bytearray, count: int) -> None:
        if not self.mute:
            self.out += buffer[:count]

    def _row(self) -> plan_layout.PlanRow:
        assert self.plan is not None
        row = plan_layout.unpack(self.plan).row(self.zone)
        assert row is not None
        return row

    def _density(self) -> int:
        row = self._row()
        return self.zone_ms * 12 * row.rate_chz // (1000 * row.area_mm2) if self.contact else 0

    def _filled(self) -> list[int]:
        record, running = self._record, self.state == codes.STATE_RUNNING
        row = self._row() if self.zone else None
        record.t_ms = self.t_ms
        record.state, record.fault, record.stop_reason = self.state, self.fault, self.stop_reason
        record.zone = self.zone
        record.pass_number = 1 if self.zone_ms else 0
        record.battery_pct = 87
        inside = self.state not in (*EXPOSED, codes.STATE_PARKING)
        record.conditions = CONDITIONS | inside << codes.COND_NEEDLES_IN
        record.conditions |= (running and self.contact) << codes.COND_CONTACT
        record.conditions |= self.button << codes.COND_BUTTON
        record.rate_set_chz = row.rate_chz if running and row else 0
        record.rate_chz = record.rate_set_chz + 20 if running else 0
        record.depth_set_um = row.depth_um if running and row else 0
        record.depth_um = record.depth_set_um + 7 if running else 3
        record.current_ma = 80 if running else 0
        record.supply_mv = 3900
        record.temperature_cdeg = 2950
        record.zone_ms = self.zone_ms
        record.contact_ms = self.zone_ms if self.contact else 0
        record.punctures = self._density() * (row.area_mm2 // 100) if row else 0
        record.punctures_per_cm2 = self._density() if row else 0
        return [getattr(record, name) for name in FIELDS]

    def _handle(self, number: int, values: tuple[Any, ...], reply: Reply) -> int:
        self.requests.append(number)
        name = next(n for n, v in vars(messages).items() if v == number and n.isupper())
        return int(getattr(self, "_on_" + name.lower())(values, reply))

    def _on_hello(self, _values: tuple[Any, ...], reply: Reply) -> int:
        pairs = hello.pairs(self.serial, self.firmware, "starter1", ["simulated"])
        if self.schema:
            pairs = [(k, self.schema if k == "schema" else v) for k, v in pairs]
        return reply.json(pairs)

    def _on_stop(self, _values: tuple[Any, ...], _reply: Reply) -> int:
        self._leave(codes.STOP_HOST)
        return codes.RESULT_OK

    def _on_keepalive(self, _values: tuple[Any, ...], _reply: Reply) -> int:
        self._lease_until = self.t_ms + LEASE_MS
        return codes.RESULT_OK

    def _on_plan_begin(self, values: tuple[Any, ...], reply: Reply) -> int:
        if self.state in (codes.STATE_ARMED, *EXPOSED, codes.STATE_PARKING):
            return reply.refuse(codes.RESULT_WRONG_STATE, value=self.state)
        self._incoming = (values[0], values[1], bytearray())
        return codes.RESULT_OK

    def _on_plan_chunk(self, values: tuple[Any, ...], reply: Reply) -> int:
        if self._incoming is None or values[0] != len(self._incoming[2]):
            return reply.refuse(codes.RESULT_CHUNK_GAP, value=values[0])
        self._incoming[2].extend(values[1])
        return reply.fields(len(self._incoming[2]))

    def _on_plan_commit(self, _values: tuple[Any, ...], reply: Reply) -> int:
        if self._incoming is None:
            return reply.refuse(codes.RESULT_CHUNK_GAP)
        size, sha256, data = self._incoming
        self._incoming = None
        if len(data) != size or plan_layout.digest(data) != sha256:
            return reply.refuse(codes.RESULT_HASH_MISMATCH)
        for row in plan_layout.unpack(data).rows:
            if row.zone == 5 and row.depth_um > 500 and not row.override_reason:
                return reply.refuse(codes.RESULT_ABOVE_ZONE_CAP, row.zone, row.depth_um, 50, 500)
        self.plan, self.zone, self.zone_ms = bytes(data), 0, 0
        self._enter(codes.STATE_CARTRIDGE_OK)
        return codes.RESULT_OK

    def _on_plan_info(self, _values: tuple[Any, ...], reply: Reply) -> int:
        if self.plan is None:
            return reply.refuse(codes.RESULT_NO_PLAN)
        plan = plan_layout.unpack(self.plan)
        return reply.fields(
            plan_layout.digest(self.plan),
            plan.session_id,
            len(plan.rows),
            plan.flags,
            plan.pins,
            plan.needle_um,
            plan.library_id,
            plan.name.ljust(16, b"\0"),
        )

    def _on_select_zone(self, values: tuple[Any, ...], reply: Reply) -> int:
        if self.plan is None:
            return reply.refuse(codes.RESULT_NO_PLAN)
        if plan_layout.unpack(self.plan).row(values[0]) is None:
            return reply.refuse(codes.RESULT_ZONE_NOT_IN_PLAN, value=values[0])
        if self.state in (*EXPOSED, codes.STATE_PARKING):
            return reply.refuse(codes.RESULT_WRONG_STATE, value=self.state)
        self.zone, self.zone_ms, self.stop_reason = values[0], 0, codes.STOP_NONE
        self._enter(codes.STATE_CONFIGURED)
        return codes.RESULT_OK

    def _on_arm(self, _values: tuple[Any, ...], reply: Reply) -> int:
        if self.fault:
            return reply.refuse(codes.RESULT_FAULT_LATCHED, value=self.fault)
        if self.state != codes.STATE_CONFIGURED:
            return reply.refuse(codes.RESULT_WRONG_STATE, value=self.state)
        if self.button:
            return reply.refuse(codes.RESULT_BUTTON_HELD)
        if self.t_ms > self._lease_until and plan_layout.unpack(self.plan or b"").flags & 2:
            return reply.refuse(codes.RESULT_LEASE_MISSING)
        self._enter(codes.STATE_ARMED)
        return codes.RESULT_OK

    def _on_disarm(self, _values: tuple[Any, ...], _reply: Reply) -> int:
        if self.state == codes.STATE_ARMED:
            self._enter(codes.STATE_CONFIGURED)
        return codes.RESULT_OK

    def _on_acknowledge(self, values: tuple[Any, ...], reply: Reply) -> int:
        if values[0] != self.fault:
            return reply.refuse(codes.RESULT_OUT_OF_RANGE, 0, values[0], self.fault, self.fault)
        if self.fault_stays:
            return reply.refuse(codes.RESULT_CAUSE_PRESENT, value=self.fault)
        self.fault = codes.FAULT_NONE
        self._enter(codes.STATE_CARTRIDGE_OK)
        return codes.RESULT_OK

    def _on_self_test(self, _values: tuple[Any, ...], reply: Reply) -> int:
        return reply.json([("passed", int(not self.failed_checks)), ("failed", self.failed_checks)])

    def _on_settings_get(self, values: tuple[Any, ...], reply: Reply) -> int:
        name = values[0].decode()
        if not name:
            return reply.json([("names", sorted(self.settings))])
        if name not in self.settings:
            return reply.refuse(codes.RESULT_UNKNOWN_SETTING)
        return reply.json([(name, self.settings[name])])

    def _on_settings_set(self, values: tuple[Any, ...], reply: Reply) -> int:
        if set(values[0]) - set(self.settings):
            return reply.refuse(codes.RESULT_UNKNOWN_SETTING)
        self.settings.update(values[0])
        return reply.json(list(values[0].items()))

    def _on_fault_log(self, values: tuple[Any, ...], reply: Reply) -> int:
        if values[0] > 0:
            return reply.refuse(codes.RESULT_NO_SUCH_ENTRY, value=values[0])
        return reply.fields(
            3, 1_790_000_000, 5000, codes.FAULT_STALL, codes.STATE_RUNNING, 6, 80, 0, 7,
            11000, 0, 1000, 990, 700, 3700, 3100, 4000,
        )  # fmt: skip

    def _on_usage_log(self, values: tuple[Any, ...], reply: Reply) -> int:
        if values[0] > 0:
            return reply.refuse(codes.RESULT_NO_SUCH_ENTRY, value=values[0])
        return reply.fields(
            9, 1_790_000_000, 7, b"\x01\x02\x03\x04", 6, 2, codes.STOP_DOSE, 12,
            1000, 11000, 20_000, 15_000, 9000, 225,
        )  # fmt: skip

    def _on_limits(self, values: tuple[Any, ...], reply: Reply) -> int:
        return reply.fields(values[0], 500, 750, 2500, 5000, 15000, 1800, 5000, 6, LEASE_MS, 30)

    def _on_cartridge(self, _values: tuple[Any, ...], reply: Reply) -> int:
        if not self.cartridge:
            return reply.refuse(codes.RESULT_NO_CARTRIDGE)
        lot = b"L2409\0\0\0"
        return reply.fields(b"\x01\x02\x03\x04", 1, 12, 2500, lot, 10_000, 0, codes.RESULT_OK)

    def _on_set_clock(self, values: tuple[Any, ...], _reply: Reply) -> int:
        self.unix_s = values[0]
        return codes.RESULT_OK

    def _on_telemetry_rate(self, values: tuple[Any, ...], _reply: Reply) -> int:
        self._rate_hz, self._telemetry_due = values[0], self.t_ms
        return codes.RESULT_OK

    def _on_status(self, _values: tuple[Any, ...], reply: Reply) -> int:
        return reply.fields(*self._filled())


class FakeTransport(Transport):
    """A cable to a FakePen on which time passes only while somebody waits."""

    def __init__(self, pen: FakePen) -> None:
        self.url = "fake://"
        self.pen = pen
        self.closed = False
        self.unplugged = False

    def clock_ms(self) -> int:
        return self.pen.t_ms

    def _check(self) -> None:
        if self.unplugged:
            from host_controller.errors import PenUnplugged

            raise PenUnplugged("The pen on fake:// was unplugged.")

    def read(self, limit: int, timeout_s: float) -> bytes:
        self._check()
        waited = 0
        while not self.pen.out and waited < timeout_s * 1000:
            self.pen.advance(1)
            waited += 1
        return self.pen.take(limit)

    def write(self, data: bytes) -> None:
        self._check()
        self.pen.host_write(data)

    def close(self) -> None:
        self.closed = True


@contextlib.contextmanager
def served(pen: FakePen) -> Iterator[str]:
    """Serve `pen` on a TCP port at real-time pace; yields its URL. One host at a time."""
    listener = socket.create_server(("127.0.0.1", 0))
    ending = threading.Event()

    def run() -> None:
        host: socket.socket | None = None
        start = time.monotonic() - pen.t_ms / 1000
        while not ending.is_set():
            watched = [listener] if host is None else [host]
            ready, _, _ = select.select(watched, [], [], 0.001)
            if ready and host is None:
                host = listener.accept()[0]
            elif ready and host is not None:
                try:
                    data = host.recv(4096)
                except OSError:
                    data = b""
                if data:
                    pen.host_write(data)
                else:
                    host.close()
                    host = None
            pen.advance(max(0, int((time.monotonic() - start) * 1000) - pen.t_ms))
            if host is not None and pen.out:
                with contextlib.suppress(OSError):
                    host.sendall(pen.take(4096))
        if host is not None:
            host.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"socket://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ending.set()
        thread.join()
        listener.close()
