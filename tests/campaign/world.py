"""The world of a run: hands, broken parts, cable and supply act to the millisecond.

Between two steps of the bench everything that is due is done, however long the host waits for an
answer. Owns what is still to come, and the cartridge that is fitted next.
"""

from random import Random
from typing import Any

from hardware.plant.parameters import Parameters, replace
from hardware.simulator.bench import Bench
from hardware.simulator.cartridges import make_cartridge
from host_controller.transport.base import Transport
from tests.campaign.script import WORLD, Event, Script


def parameters_of(script: Script) -> Parameters:
    """The pen that the script draws."""
    nominal = Parameters()
    groups = {
        group: replace(getattr(nominal, group), **values) for group, values in script.pen.items()
    }
    return replace(nominal, **groups)


class World:
    """Does what is due on one bench."""

    def __init__(self, bench: Bench, script: Script) -> None:
        self.bench = bench
        self._coming = [event for event in script.events if event.what in WORLD]
        self._coming.reverse()
        self._sources: list[tuple[Random, int, int]] = []  # of noise: numbers, bytes a ms, until
        self.knocked = False  # the stage was thrown outwards while the motor stood

    def step(self) -> None:
        """Everything that is due, then one millisecond."""
        bench = self.bench
        now_ms = bench.now_ms
        coming = self._coming
        while coming and coming[-1].at_ms <= now_ms:
            self.act(coming.pop())
        if self._sources:
            self._sources = [source for source in self._sources if source[2] > now_ms]
            for numbers, count, _ in self._sources:
                bench.host_write(numbers.randbytes(count))
        bench.advance(1)

    def act(self, event: Event) -> None:
        """Do one thing now."""
        getattr(self, "_" + event.what.replace(" ", "_"))(*event.values)

    def heal_all(self) -> None:
        """Nothing is broken any more, and nobody touches the pen."""
        bench = self.bench
        self._coming.clear()
        self._sources.clear()
        bench.person.release()
        bench.person.lift()
        self._cable_good()
        bench.hold_main = bench.hold_tick = bench.hold_all = False
        bench.plant.flash.cut_after(None)
        bench.faults.clear()
        if not bench.host.plugged:
            bench.plug()

    # ---- hands ----

    def _press(self) -> None:
        self.bench.person.press()

    def _release(self) -> None:
        self.bench.person.release()

    def _touch(self, zone: str, pressure: float) -> None:
        self.bench.person.touch(zone, pressure)

    def _lift(self) -> None:
        self.bench.person.lift()

    def _remove(self) -> None:
        self.bench.plant.remove()

    def _insert(self, pins: int, state: str, unique_id: int) -> None:
        self.bench.plant.insert(make_cartridge(pins, state, unique_id))

    # ---- broken parts ----

    def _fault(self, switch: str, value: Any) -> None:
        at_rest = not self.bench.truth.driven and self.bench.truth.still
        if switch == "depth_slip_wells" and value > 0 and at_rest:
            self.knocked = True
        setattr(self.bench.faults, switch, value)

    def _heal(self, switch: str) -> None:
        healthy = getattr(type(self.bench.faults)(), switch)
        setattr(self.bench.faults, switch, healthy)

    def _hold(self, what: str) -> None:
        setattr(self.bench, f"hold_{what}", True)

    def _go_on(self, what: str) -> None:
        setattr(self.bench, f"hold_{what}", False)

    # ---- supply and cable ----

    def _reset(self, cause: int) -> None:
        if not self.bench.faults.supply_cut:
            self.bench.restart(cause)

    def _cut(self) -> None:
        self.bench.power_off()

    def _power(self) -> None:
        self.bench.plant.flash.cut_after(None)
        self.bench.power_on()

    def _cut_in_flash(self, operations: int, fraction: float) -> None:
        self.bench.plant.flash.cut_after(operations, fraction)

    def _unplug(self) -> None:
        self.bench.unplug()

    def _plug(self) -> None:
        self.bench.plug()

    def _cable(self, kind: str, value: Any) -> None:
        for way in (self.bench.host.to_pen, self.bench.host.to_host):
            setattr(way.fault, kind, value)

    def _cable_good(self) -> None:
        for way in (self.bench.host.to_pen, self.bench.host.to_host):
            way.fault.clear()

    def _noise(self, seed: int, each_ms: int, for_ms: int) -> None:
        self._sources.append((Random(seed), each_ms, self.bench.now_ms + for_ms))


class WorldTransport(Transport):
    """Bytes to and from the pen; waiting for them lets the world go on."""

    url = "world://"

    def __init__(self, world: World) -> None:
        self._world = world

    def read(self, limit: int, timeout_s: float) -> bytes:
        """What the pen has sent; time passes until it does, or for `timeout_s`."""
        bench = self._world.bench
        to_host = bench.host.to_host
        end_ms = bench.now_ms + max(1, round(timeout_s * 1000))
        while bench.now_ms < end_ms and not (to_host.busy and to_host.arrived(bench.now_ms)):
            self._world.step()
        return to_host.take(limit, bench.now_ms)

    def write(self, data: bytes) -> None:
        """Send; it arrives with the next millisecond."""
        self._world.bench.host_write(data)

    def close(self) -> None:
        """Nothing to let go of."""
