"""Plays a script on a pen and tells which promises were broken. Owns one run."""

from dataclasses import dataclass, field

from hardware.simulator.bench import Bench
from hardware.simulator.cartridges import make_cartridge
from hardware.simulator.observer import Observer
from hardware.simulator.twin import Twin
from host_controller.errors import PenError
from protocol import codes
from tests.campaign import ending
from tests.campaign.host import Host
from tests.campaign.invariants import PROMISES, Broken, DriveOff, NotTooDeep, Promise
from tests.campaign.part_invariants import PART_PROMISES
from tests.campaign.script import HOST, Event, Script
from tests.campaign.start_invariants import ButtonFirst
from tests.campaign.tally import Tally
from tests.campaign.world import World, parameters_of

SETTLE_MS = 4000  # to park, boot or give up
QUIET_MS = 700  # at rest for so long, nothing more will begin by itself
# States that end by themselves, at rest too: a parking that gets nowhere is given up after 1.5 s.
LONGEST_MS = {codes.STATE_BOOT: 11_000, codes.STATE_PARKING: 1_600}
CARTRIDGE_ID = 0x1234
EACH_MS: tuple[type[Promise], ...] = (ButtonFirst, *PROMISES, *PART_PROMISES)
AT_THE_END = (
    *("Alive", "NoMisuse", "Answers", "ComesToRest"),
    *("NeedlesIn", "OnlyPower", "Calm", "RecordAgrees"),
)


@dataclass
class Result:
    """What a run came to."""

    id: int
    broken: list[Broken] = field(default_factory=list)
    simulated_ms: int = 0
    strokes: int = 0
    starts: int = 0
    boots: int = 0
    faults: tuple[int, ...] = ()  # that the pen told
    deepest_um: float = 0.0
    dead_off_ms: float = 0.0


class Watch(Observer):
    """The bench's observer that also asks every promise, after every millisecond."""

    __slots__ = ("promises", "tally")

    promises: list[Promise]
    tally: Tally

    def look(self) -> None:
        """Take in the millisecond that has just passed."""
        Observer.look(self)
        self.tally.step()
        for promise in self.promises:
            promise.step()


def play(script: Script, twin: Twin | str = "cpython") -> Result:
    """Run the script to its end, put everything right, and ask the pen."""
    pins, state = script.cartridge
    bench = Bench(twin, parameters_of(script), script.id & 0xFFFFFF, cartridge_pins=None)
    with bench:
        bench.plant.insert(make_cartridge(pins, state, CARTRIDGE_ID))
        return _Run(script, bench).result


class _Run:
    def __init__(self, script: Script, bench: Bench) -> None:
        self.script = script
        self.bench = bench
        self.world = World(bench, script)
        self.host = Host(self.world, script)
        self.result = Result(script.id)
        self.tally = Tally(bench)
        self.promises: list[Promise] = [promise(bench, self.host.view) for promise in EACH_MS]
        watch = Watch(bench.plant)
        watch.promises, watch.tally = self.promises, self.tally
        bench.observer = watch
        for event in script.events:
            if event.what in HOST:
                self.host.act(event)
        self.host.wait_until(script.lasts_ms)
        self._end()
        self._count()

    def _end(self) -> None:
        """Everything is whole again: the pen must be, too."""
        self.world.heal_all()
        self.host.act(Event(self.bench.now_ms, "lease", (0,)))
        self.host.act(Event(self.bench.now_ms + 20, "stop"))
        self._settle()
        if self.bench.firmware_error:
            self._breaks("Alive", self.bench.firmware_error.splitlines()[-1])
            return
        for misuse in self.bench.misuses:
            self._breaks("NoMisuse", misuse)
        try:
            self.host._hello()
            pen = self.host._connected()
            status = pen.status()
            longest_ms = LONGEST_MS.get(status.state)
            if longest_ms:
                self.host.wait_until(self.bench.now_ms + longest_ms)
                status = pen.status()
            entries = list(pen.usage())
            log = list(pen.faults())
        except PenError as error:
            self._breaks("Answers", f"a whole pen on a whole cable: {error}")
            return
        self.host.view.tell(status.fault, status.t_ms, self.bench)
        if status.state in (codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_PARKING):
            self._breaks("ComesToRest", f"still {status.state_name}")
        self._add(ending.needles_in(self.bench, status, self.world.knocked))
        self._add(ending.only_power(self.bench, status, log))
        told = {one.fault for one in self.host.view.told if one.fault}
        self._add(ending.calm(self.script, told, self.bench.now_ms))
        if not self._count_is_broken():
            presses = sum(event.what == "press" for event in self.script.events)
            self._add(ending.record(self.bench, entries, self.tally, presses))

    def _settle(self) -> None:
        """Let time pass until the pen has been at rest for a while, or it never is."""
        truth = self.bench.truth
        end_ms = self.bench.now_ms + SETTLE_MS
        rest_ms, depth_um = 0, truth.depth_um
        while self.bench.now_ms < end_ms and rest_ms < QUIET_MS:
            self.host.wait_until(self.bench.now_ms + 50)
            moved = abs(truth.depth_um - depth_um) > 1.0
            moves = moved or truth.driven or not truth.still or self.bench.plant.enable_level
            rest_ms = 0 if moves else rest_ms + 50
            depth_um = truth.depth_um

    def _count_is_broken(self) -> bool:
        broken = {event.values[0] for event in self.script.events if event.what == "fault"}
        return not broken.isdisjoint(ending.COUNTING)

    def _breaks(self, promise: str, said: str) -> None:
        self._add(Broken(promise, self.bench.now_ms, said))

    def _add(self, broken: Broken | None) -> None:
        if broken is not None:
            self.result.broken.append(broken)

    def _count(self) -> None:
        result = self.result
        for promise in self.promises:
            promise.step()
            self._add(promise.broken)
            if isinstance(promise, ButtonFirst):
                result.starts = promise.starts
            elif isinstance(promise, NotTooDeep):
                result.deepest_um = promise.deepest_um
            elif isinstance(promise, DriveOff):
                result.dead_off_ms = promise.off_ms_max
        result.broken.sort(key=lambda broken: broken.at_ms)
        result.simulated_ms = self.bench.now_ms
        result.strokes = self.tally.strokes
        result.boots = self.bench.boots
        result.faults = tuple(sorted({told.fault for told in self.host.view.told if told.fault}))
