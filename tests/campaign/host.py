"""The host of a run: does what its script says, and remembers what it asked and was told.

It uses the real client, so it waits, repeats and gives up as one does. What it asked without
getting an answer may or may not have happened; `HostView` keeps both possibilities. Owns the
conversation and the view.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from hardware.simulator.bench import Bench
from host_controller.client import Client
from host_controller.errors import PenError
from host_controller.pen import Pen
from host_controller.planning.plan_bytes import PlanImage
from host_controller.refusals import PenRefused
from protocol import plan_layout
from protocol.requester_link import RequesterLink
from protocol.zones import zone_id
from tests.campaign.script import Event, PlanSketch, Script
from tests.campaign.world import World, WorldTransport

TODAY = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NEVER_MS = -(1 << 30)
LATER_MS = 1 << 30
ON_ITS_WAY_MS = 1000  # no cable keeps a request for longer


class Told(NamedTuple):
    """The pen's word."""

    now_ms: int  # when the host heard it
    fault: int
    t_ms: int  # latest time of the pen's own clock at which it was so
    boots: int  # of the bench, when the host heard it
    sent_in: int  # of the bench, at the latest when the pen had said it: the same, but for delays


class HostView:
    """What a host can know. Times in ms of the bench."""

    def __init__(self) -> None:
        self.plans: list[PlanSketch] = []  # each may be the one in force
        self.taken: list[PlanSketch] = []  # that the pen has said yes to
        self.zones: set[int] = set()  # each may be the one that is chosen
        self.arm_asked_ms = NEVER_MS  # last request to arm that was not refused
        self.arm_done_ms = NEVER_MS  # latest at which the pen may have done it
        self.stopped_ms = NEVER_MS  # last stop that the pen acknowledged
        self.disarmed_ms = NEVER_MS  # when the last stop or disarming was asked that it did
        self.cleared = (NEVER_MS, 0)  # last request to clear a fault, not refused: when, which
        self.fault = 0  # latest that the pen told
        self.fault_ms = NEVER_MS
        self.fault_t_ms = NEVER_MS  # latest of the pen's own clock, since its boot, with a fault
        self.fault_boots = 0  # of the bench in that life of the pen
        self.told: list[Told] = []  # at each change
        self.heard_all_in = 0  # boots of the bench when nothing said was on its way any more

    def granted_um(self) -> int:
        """Deepest that may have been granted."""
        depths = [plan.depth_um(zone) for plan in self.plans for zone in self.zones]
        return max(depths, default=0)

    def all_hold(self) -> bool:
        """Whichever plan is in force, the button has to be held."""
        return bool(self.plans) and not any(plan.latch for plan in self.plans)

    def all_latch(self) -> bool:
        """Whichever plan is in force, the next press ends the run."""
        return bool(self.plans) and all(plan.latch for plan in self.plans)

    def all_tethered(self) -> bool:
        """Whichever plan is in force, it needs the host's lease."""
        return bool(self.plans) and all(plan.tethered for plan in self.plans)

    def tell(self, fault: int, t_ms: int, bench: Bench) -> None:
        """The pen has told its fault, or that it has none, at `t_ms` of its own clock."""
        last = self.told[-1] if self.told else Told(0, 0, 0, 0, 0)
        restarted = bench.boots != last.boots or t_ms < last.t_ms
        if fault != last.fault or restarted:
            self.told.append(Told(bench.now_ms, fault, t_ms, bench.boots, self.heard_all_in))
        else:
            self.told[-1] = last._replace(t_ms=t_ms, sent_in=self.heard_all_in)
        if fault != self.fault:
            self.fault, self.fault_ms = fault, bench.now_ms
        if fault and self.heard_all_in == bench.boots:  # said in this life of the pen
            self.fault_t_ms, self.fault_boots = t_ms, bench.boots


class Host:
    """Acts on one bench through its world."""

    def __init__(self, world: World, script: Script) -> None:
        self.world = world
        self.bench: Bench = world.bench
        self.script = script
        self.view = HostView()
        self._conversations = 0
        self.client = self._new_client()
        self.pen: Pen | None = None

    def wait_until(self, at_ms: int) -> None:
        """Listen until then."""
        while self.bench.now_ms < at_ms:
            self.client.pump((at_ms - self.bench.now_ms) / 1000)
            self._hear()

    def act(self, event: Event) -> None:
        """One thing; the pen may refuse it or not answer."""
        self.wait_until(event.at_ms)
        try:
            if self.pen is None:
                self._hello()
            getattr(self, "_" + event.what.replace("-", "_"))(*event.values)
        except PenRefused:
            pass
        except PenError:
            self._hello_again()
        self._hear()

    # ---- what it can do ----

    def _new_client(self) -> Client:
        self._conversations += 1
        client = Client(WorldTransport(self.world), lambda: self.bench.now_ms)
        seed = self.script.id & 0xFFFFFF
        client.link = RequesterLink(seed << 8 | self._conversations & 0xFF, seed & 0xFF)
        return client

    def _hello(self) -> None:
        lease = self.client.lease_held
        self.client = self._new_client()
        self.pen = None
        self.pen = Pen(self.client, self.client.say_hello())
        if lease:
            self.client.hold_lease()

    def _hello_again(self) -> None:
        try:
            self._hello()
        except PenError:
            self.pen = None

    def _connected(self) -> Pen:
        assert self.pen is not None
        return self.pen

    def _clock(self) -> None:
        self._connected().set_clock(TODAY)

    def _telemetry(self, rate_hz: int) -> None:
        self._connected().set_telemetry(rate_hz)

    def _push(self, number: int) -> None:
        if number >= len(self.script.plans):
            return
        plan = self.script.plans[number]
        data = plan.image()
        before = list(self.view.plans)
        self.view.plans.append(plan)
        try:
            self._connected().push_plan(PlanImage(data, plan_layout.digest(data)))
        except PenRefused:
            self.view.plans = before
            raise
        self.view.taken.append(plan)
        self.view.plans = [plan]
        self.view.zones.clear()

    def _select(self, zone: str) -> None:
        before = set(self.view.zones)
        self.view.zones.add(zone_id(zone))
        try:
            self._connected().select_zone(zone_id(zone))
        except PenRefused:
            self.view.zones = before
            raise
        self.view.zones = {zone_id(zone)}

    def _lease(self, hold: int) -> None:
        if hold:
            self.client.hold_lease()
        else:
            self.client.release_lease()

    def _arm(self) -> None:
        view = self.view
        before = view.arm_asked_ms, view.arm_done_ms
        view.arm_asked_ms, view.arm_done_ms = self.bench.now_ms, LATER_MS
        try:
            self._connected().arm()
        except PenRefused:
            view.arm_asked_ms, view.arm_done_ms = before
            raise
        except PenError:
            view.arm_done_ms = self.bench.now_ms + ON_ITS_WAY_MS
            raise
        view.arm_done_ms = self.bench.now_ms

    def _disarm(self) -> None:
        asked_ms = self.bench.now_ms
        self._connected().disarm()
        self.view.disarmed_ms = asked_ms

    def _stop(self) -> None:
        asked_ms = self.bench.now_ms
        self._connected().stop()
        self.view.stopped_ms, self.view.disarmed_ms = self.bench.now_ms, asked_ms

    def _acknowledge(self) -> None:
        status = self._connected().status()
        self._hear()
        self.view.tell(status.fault, status.t_ms, self.bench)
        if not status.fault:
            return
        before, self.view.cleared = self.view.cleared, (self.bench.now_ms, status.fault)
        try:
            self._connected().acknowledge(status.fault)
        except PenRefused:
            self.view.cleared = before
            raise

    def _silent(self, milliseconds: int) -> None:
        """The program hangs."""
        until_ms = self.bench.now_ms + milliseconds
        while self.bench.now_ms < until_ms:
            self.world.step()

    def _self_test(self) -> None:
        self._connected().self_test()

    def _setting(self, name: str, value: int) -> None:
        self._connected().set_settings({name: value})

    # ---- what it hears ----

    def _hear(self) -> None:
        """Take in telemetry and notices that have come."""
        client = self.client
        # The client keeps the two apart, so their order is lost: where both have come, telemetry
        # tells all that the notices do.
        for one in client.readings or client.notices:
            self.view.tell(one.fault, one.t_ms, self.bench)
        client.readings.clear()
        client.notices.clear()
        if not self.bench.host.to_host.busy:
            self.view.heard_all_in = self.bench.boots
