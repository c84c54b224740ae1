"""Hours of nonsense: hosts and hands that do anything in any order, and what must hold anyway.

Seeded; a failure names its seed and what was done. The plant is healthy here (broken parts have
their own tests), so the pen must never show a fault either.
"""

import random
from typing import Any

import pytest

from hardware.plant.bridge import DRIVE
from hardware.simulator.cartridges import make_cartridge
from hardware.simulator.twin_cpython import CpythonTwin
from host_controller import errors
from host_controller.refusals import PenRefused
from protocol import codes
from tests.conftest import SEED
from tests.system.harness import TODAY, BenchPen, plan_image, row

pytestmark = [pytest.mark.system, pytest.mark.slow]

ACTIONS = 70
# The plans' 1000, the accuracy of 20, and one half step: a stop on the way out brakes beyond it.
DEEPEST_UM = 1030
PLANS = [
    plan_image([row("cheek", 1000), row("nose", 250, 8000)], session_id=1),
    plan_image([row("cheek", 500)], session_id=1, latch=False),
    plan_image([row("chin", 750, 7000)], session_id=1, tethered=False),
]
ZONES = [6, 5, 9, 1]
# What hands alone can bring about: a cartridge pulled while it moves, a button never let go, or
# held while the pen tests itself after a fault.
EXPECTED_FAULTS = (
    codes.FAULT_CARTRIDGE_LOST,
    codes.FAULT_BUTTON_STUCK,
    codes.FAULT_SELF_TEST,
)
NEEDLES_OUT = (codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_PARKING)


class Monkey:
    """Does something, and looks at the plant after every millisecond it can see."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"monkey {seed}")
        self.sim = BenchPen(seed=seed)
        self.in_process = isinstance(self.sim.bench.twin, CpythonTwin)
        self.done: list[str] = []
        self.pressed_ms = -1  # last time the thumb was down
        self.out = False
        self._look = self.sim.bench.observer.look
        self.sim.bench.observer = Watcher(self)  # type: ignore[assignment]
        self.actions = [
            *[self.treat] * 8,
            *[self.press, self.release, self.arm] * 4,
            *[self.push, self.select, self.touch, self.lift] * 2,
            self.disarm,
            self.stop,
            self.cable,
            self.remove,
            self.insert,
            self.noise,
            self.quiet,
            self.lease,
            self.no_lease,
            self.restart,
            self.acknowledge,
        ]

    def run(self) -> None:
        self.sim.pen.set_clock(TODAY)
        for _ in range(ACTIONS):
            action = self.random.choice(self.actions)
            self.done.append(f"{self.sim.bench.now_ms} {action.__name__}")
            try:
                action()
                self.sim.pump(self.random.choice([1, 7, 40, 150, 400, 1200]))
                if not self.in_process:
                    self.ask()
            except PenRefused:
                continue
            except errors.PenError:
                self.sim.bench.host.to_pen.fault.clear()
                self.sim.bench.host.to_host.fault.clear()
                self.sim.bench.plug()
                self.sim.client.release_lease()
                self.sim.connect()
        bench = self.sim.bench
        assert bench.firmware_error is None
        assert bench.misuses == []
        app = self.inside()
        assert app is None or app.statistics.last_error == ""

    def inside(self) -> Any:
        """The firmware's own object, where it runs in this process; elsewhere there is none."""
        return getattr(self.sim.bench.twin, "app", None)

    def ask(self) -> None:
        """Where nobody can look inside the firmware, it is asked after each action."""
        sim = self.sim
        out = sim.plant.truth.exposed
        status = sim.status()
        if codes.STATE_BOOT < status.state < codes.STATE_POSITIONING:
            assert not (out and sim.plant.truth.exposed), self.told()
        if status.state == codes.STATE_FAULT:
            assert status.fault in EXPECTED_FAULTS, self.told()

    def check(self) -> None:
        """After every millisecond."""
        self._look()
        sim = self.sim
        plant = sim.plant
        now_ms = sim.bench.now_ms
        if sim.person.pressed:
            self.pressed_ms = now_ms
        assert plant.truth.depth_um < DEEPEST_UM, self.told()
        driving = plant.enable_level and plant.bridge == DRIVE and plant.duty != 0
        if driving:
            assert plant.seat, self.told()
        if not self.in_process:
            return
        app = self.inside()
        if app is None:  # the processor is starting
            assert not driving, self.told()
            return
        supervisor = app.supervisor
        state = supervisor.state
        if driving:
            assert state in NEEDLES_OUT, self.told()
        # Booting after a reset in the middle of a run is when they are drawn in.
        if codes.STATE_BOOT < state < codes.STATE_POSITIONING and plant.truth.exposed:
            pytest.fail(f"needles out in state {codes.STATE_NAMES[state]}: {self.told()}")
        if state == codes.STATE_FAULT and supervisor.faults.current not in EXPECTED_FAULTS:
            pytest.fail(f"fault {supervisor.faults.current}: {self.told()}")

    def told(self) -> str:
        return f"at {self.sim.bench.now_ms}: {'; '.join(self.done[-12:])}"

    # ---- what it can do ----

    def treat(self) -> None:
        """What an operator does who means well; the monkey interrupts soon enough."""
        sim = self.sim
        self.acknowledge()
        self.quiet()
        number = self.random.randrange(len(PLANS))
        sim.pen.push_plan(PLANS[number])
        sim.pen.select_zone((6, 6, 9)[number])
        self.touch()
        sim.pump(20)
        self.arm()
        self.press()
        sim.pump(self.random.choice([20, 100, 300, 1000]))

    def press(self) -> None:
        self.sim.person.press()

    def release(self) -> None:
        self.sim.person.release()

    def touch(self) -> None:
        self.sim.person.touch(
            self.random.choice(["cheek", "nose", "chin"]), self.random.uniform(0.5, 2)
        )

    def lift(self) -> None:
        self.sim.person.lift()

    def push(self) -> None:
        self.sim.pen.push_plan(self.random.choice(PLANS))

    def select(self) -> None:
        self.sim.pen.select_zone(self.random.choice(ZONES))

    def arm(self) -> None:
        self.sim.client.hold_lease()
        self.sim.pump(90)
        self.sim.pen.arm()

    def disarm(self) -> None:
        self.sim.pen.disarm()

    def stop(self) -> None:
        self.sim.pen.stop()

    def acknowledge(self) -> None:
        self.sim.person.release()
        self.insert()
        self.sim.pump(100)
        fault = self.sim.status().fault
        if fault:
            self.sim.pen.acknowledge(fault)

    def lease(self) -> None:
        self.sim.client.hold_lease()

    def no_lease(self) -> None:
        self.sim.client.release_lease()

    def cable(self) -> None:
        self.sim.bench.unplug()
        self.sim.bench.advance(self.random.choice([5, 100, 700]))
        self.sim.bench.plug()

    def remove(self) -> None:
        self.sim.plant.remove()

    def insert(self) -> None:
        if self.sim.plant.cartridge is None:
            self.sim.plant.insert(make_cartridge(12, unique_id=self.random.getrandbits(32)))

    def noise(self) -> None:
        self.sim.bench.host.to_pen.fault.corrupt_ppm = 2000
        self.sim.bench.host.to_host.fault.drop_ppm = 2000

    def quiet(self) -> None:
        self.sim.bench.host.to_pen.fault.clear()
        self.sim.bench.host.to_host.fault.clear()

    def restart(self) -> None:
        self.sim.person.release()  # a button held at power-up is a finding of the self-test
        self.sim.pump(50)
        self.sim.bench.restart()
        self.sim.client.release_lease()
        self.sim.connect()


class Watcher:
    """Stands in for the observer, to look after every millisecond."""

    def __init__(self, monkey: Monkey) -> None:
        self.look = monkey.check


@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_nonsense_never_shows_a_needle(seed: int) -> None:
    monkey = Monkey(seed)
    with monkey.sim:
        monkey.run()
