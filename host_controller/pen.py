"""The pen, as a program sees it: `with Pen.open(url) as pen: print(pen.status())`.

Every method is one question or one request; the pen decides and may refuse (`PenRefused`).
Connected means: greeted, and both sides speak the same schema. Nothing here starts the needles;
only the pen's own button does. Owns the client.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from host_controller import errors, refusals, replies, timeouts, versions
from host_controller.client import Client, ClockMs, monotonic_ms
from host_controller.planning.plan_bytes import PlanImage
from host_controller.transport import Transport, open_transport
from protocol import codes, messages
from protocol.hello import PenIdentity

CHUNK_BYTES = 150  # a plan of eight zones in one chunk, of sixteen in two; short on a noisy cable
TELEMETRY_HZ = 60  # a new sample for each frame that a screen shows; up to 200 is possible


class Pen:
    """A connected pen. Use `Pen.open`, or give a client whose `say_hello` has been answered."""

    def __init__(self, client: Client, identity: PenIdentity) -> None:
        self.client = client
        self.identity = identity

    @classmethod
    def open(cls, url: str, *, trace: str | None = None, clock_ms: ClockMs = monotonic_ms) -> "Pen":
        """Open `url` and greet the pen; `trace` names a file for every frame.

        The pen is told the date on the way: it has no clock of its own, and a cartridge cannot
        be judged without. Raises a PenError that tells the cause: NoSuchPort, PortBusy,
        PortPermission, NoAnswer, NotAPen, SchemaMismatch ...
        """
        transport = open_transport(url)
        if trace:
            from host_controller.transport.trace import TracedTransport, TraceFile

            transport = TracedTransport(transport, TraceFile(trace, url))
        pen = cls.over(transport, clock_ms)
        pen.set_clock()
        return pen

    @classmethod
    def over(cls, transport: Transport, clock_ms: ClockMs = monotonic_ms) -> "Pen":
        """Greet the pen at the other end of an open transport; closes it when that fails."""
        client = Client(transport, clock_ms)
        try:
            identity = client.say_hello()
            versions.require_our_schema(identity)
        except BaseException:
            client.close()
            raise
        return cls(client, identity)

    def __enter__(self) -> "Pen":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the port; a lease that was held expires."""
        self.client.close()

    # --- questions ------------------------------------------------------------------------------

    def status(self) -> replies.Reading:
        """State and measurements now."""
        return replies.Reading(*self.client.request(messages.STATUS))

    def limits(self, zone: int) -> replies.Limits:
        """What the pen allows in zone number `zone`."""
        return replies.Limits(*self.client.request(messages.LIMITS, zone))

    def cartridge(self) -> replies.CartridgeInfo | None:
        """The cartridge, fit or not; None when none is seated."""
        try:
            return replies.CartridgeInfo(*self.client.request(messages.CARTRIDGE))
        except refusals.PenRefused as refusal:
            if refusal.code == codes.RESULT_NO_CARTRIDGE:
                return None
            raise

    def plan_info(self) -> replies.PlanInfo | None:
        """The plan in force; None when there is none."""
        try:
            return replies.PlanInfo(*self.client.request(messages.PLAN_INFO))
        except refusals.PenRefused as refusal:
            if refusal.code == codes.RESULT_NO_PLAN:
                return None
            raise

    def faults(self) -> Iterator[replies.FaultEntry]:
        """The fault history, newest first."""
        for row in self._log(messages.FAULT_LOG):
            yield replies.FaultEntry(*row)

    def usage(self) -> Iterator[replies.UsageEntry]:
        """The pen's own history of treated zones, newest first."""
        for row in self._log(messages.USAGE_LOG):
            yield replies.UsageEntry(*row)

    def _log(self, message: int) -> Iterator[Any]:
        index = 0
        while True:
            try:
                row = self.client.request(message, index)
            except refusals.PenRefused as refusal:
                if refusal.code == codes.RESULT_NO_SUCH_ENTRY:
                    return
                raise
            yield row
            index += 1

    def setting_names(self) -> list[str]:
        """Names of the settings this pen has."""
        answer = self.client.request(messages.SETTINGS_GET, b"")
        names = answer.get("names")
        return [str(name) for name in names] if isinstance(names, list) else sorted(answer)

    def settings(self) -> dict[str, Any]:
        """Every setting with its value."""
        found: dict[str, Any] = {}
        for name in self.setting_names():
            found.update(self.setting(name))
        return found

    def setting(self, name: str) -> dict[str, Any]:
        """One setting as {name: value}."""
        answer = self.client.request(messages.SETTINGS_GET, name.encode("ascii", "replace"))
        return dict(answer)

    # --- requests -------------------------------------------------------------------------------

    def set_settings(self, values: dict[str, Any]) -> dict[str, Any]:
        """Change settings, all or none; returns what is now in force."""
        return dict(self.client.request(messages.SETTINGS_SET, values))

    def set_clock(self, now: datetime | None = None) -> None:
        """Tell the pen date and time; expiry dates cannot be judged before."""
        moment = now or datetime.now(UTC)
        self.client.request(messages.SET_CLOCK, int(moment.timestamp()))

    def push_plan(
        self, image: PlanImage, progress: Callable[[int, int], None] | None = None
    ) -> replies.PlanInfo:
        """Send a plan as a whole and compare hashes; returns what is now in force.

        The pen keeps its old plan until the new one is complete and checked. `progress` is called
        with bytes sent and bytes in all. Raises PenRefused or PlanNotVerified.
        """
        info = self._push_at_once(image, progress) or self._push_in_turn(image, progress)
        if info is None or info.sha256 != image.sha256:
            raise errors.PlanNotVerified("The pen holds another plan than the one sent.")
        return info

    def _push_at_once(
        self, image: PlanImage, progress: Callable[[int, int], None] | None
    ) -> replies.PlanInfo | None:
        """All of it in one go; None where something stood in the way, which is then asked for."""
        chunks = [(messages.PLAN_CHUNK, *part) for part in _parts(image.data)]
        answers = self.client.burst(
            (messages.PLAN_BEGIN, len(image.data), image.sha256),
            *chunks,
            (messages.PLAN_COMMIT,),
            (messages.PLAN_INFO,),
        )
        if answers is None:
            return None
        if progress:
            progress(len(image.data), len(image.data))
        return replies.PlanInfo(*answers[-1])

    def _push_in_turn(
        self, image: PlanImage, progress: Callable[[int, int], None] | None
    ) -> replies.PlanInfo | None:
        """Request by request, each repeated until it is answered."""
        total = len(image.data)
        self.client.request(messages.PLAN_BEGIN, total, image.sha256)
        for offset, data in _parts(image.data):
            self.client.request(messages.PLAN_CHUNK, offset, data)
            if progress:
                progress(offset + len(data), total)
        self.client.request(messages.PLAN_COMMIT)
        return self.plan_info()

    def select_zone(self, zone: int) -> None:
        """Choose a zone of the plan by its number."""
        self.client.request(messages.SELECT_ZONE, zone)

    def arm(self) -> None:
        """Ask the pen to accept its own button for 30 s. This starts nothing."""
        self.client.request(messages.ARM)

    def disarm(self) -> None:
        """Withdraw the arming."""
        self.client.request(messages.DISARM)

    def stop(self) -> None:
        """Stop now; returns once the pen has taken the order (`wait_parked` for the rest)."""
        self.client.stop()

    def wait_for(
        self, condition: Callable[[replies.Reading], bool], timeout_ms: int
    ) -> replies.Reading:
        """Ask for the status until `condition` holds or the time is over; returns the last one."""
        until_ms = self.client.clock_ms() + timeout_ms
        status = self.status()
        while not condition(status) and self.client.clock_ms() < until_ms:
            self.client.pump(timeouts.POLL_STATUS_MS / 1000)
            status = self.status()
        return status

    def wait_parked(self, timeout_ms: int = timeouts.PARKED_MS) -> replies.Reading:
        """Wait until the pen senses its needles inside; raises NotParked after `timeout_ms`."""
        status = self.wait_for(replies.parked, timeout_ms)
        if not replies.parked(status):
            raise errors.NotParked(
                f"The pen did not report needles in within {timeout_ms / 1000:.0f} s; "
                f"its state is {status.state_name}."
            )
        return status

    def acknowledge(self, fault: int) -> None:
        """Clear a latched fault whose cause is gone."""
        self.client.request(messages.ACKNOWLEDGE, fault)

    def self_test(self) -> list[str]:
        """Let the pen test itself; returns the names of the checks that failed, empty if none."""
        answer = self.client.request(messages.SELF_TEST)
        failed = answer.get("failed")
        if not isinstance(failed, list) or answer.get("passed") not in (0, 1):
            raise errors.BadReply("The self-test's answer cannot be read.")
        return [str(name) for name in failed]

    # --- telemetry and lease --------------------------------------------------------------------

    def set_telemetry(self, rate_hz: int) -> None:
        """Let the pen send `rate_hz` records a second, 0..200; 0 ends it."""
        self.client.request(messages.TELEMETRY_RATE, rate_hz)

    def telemetry(self, rate_hz: int = TELEMETRY_HZ) -> Iterator[replies.Reading]:
        """Records as they come, for ever; ends the stream when the iterator is closed.

        Raises NoAnswer when the pen falls silent, PenUnplugged when the port is gone.
        """
        self.set_telemetry(rate_hz)
        last_ms = self.client.clock_ms()
        try:
            while True:
                if not self.client.readings:
                    self.client.pump()
                while self.client.readings:
                    last_ms = self.client.clock_ms()
                    yield self.client.readings.popleft()
                if self.client.clock_ms() - last_ms > timeouts.SILENCE_MS + 2000 // rate_hz:
                    raise errors.NoAnswer(f"No telemetry for {timeouts.SILENCE_MS} ms.")
        except GeneratorExit:
            self.set_telemetry(0)
            raise

    def hold_lease(self) -> None:
        """Tell the pen from now on, at every `client.pump`, that the host is there."""
        self.client.hold_lease()

    def release_lease(self) -> None:
        """Stop telling it: a tethered pen stops within 250 ms."""
        self.client.release_lease()


def _parts(data: bytes) -> list[tuple[int, bytes]]:
    """A plan's bytes with their offsets, as they are sent."""
    return [(at, data[at : at + CHUNK_BYTES]) for at in range(0, len(data), CHUNK_BYTES)]
