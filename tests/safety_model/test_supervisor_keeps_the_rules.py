"""The world of the model is at least as wide as the real one: the supervisor never leaves it.

A real supervisor among fakes is handled at random; in every tick the facts that it puts to the
table must be possible by the rules of the model, and it must go where the table says. So what was
shown of the model holds of the firmware.
"""

import random

import pytest

from firmware import words as place
from firmware.safety import faults, requests, transitions
from protocol import codes
from tests.firmware.safety.rig import EVERYTHING, Rig
from tests.safety_model.environment import LATCH, problem, remembered
from tests.safety_model.facts import ARMED, CONFIGURED, POSITIONING, STATES, VIEWS, words

FAULTS = [value for name, value in vars(codes).items() if name.startswith("FAULT_") and value]
LIES = (("depth_um", 1400), ("current_ma", 1700), ("home", 0), ("seat", 0), ("tick_us", 6000))


class Watched:
    """A rig whose every question to the table is compared with the model."""

    def __init__(self) -> None:
        self.rig = Rig()
        self.memory = 0
        self.seen: set[tuple[int, int]] = set()
        self.states: set[int] = set()

    def step(self, ticks: int = 1) -> None:
        """One tick after the other, each compared."""
        for _ in range(ticks):
            before = self.rig.state
            taken = self.rig.pen.latch
            self.rig.step()
            facts = self.rig.words[place.FACTS]
            self._compare(before, facts & ~VIEWS, self.rig.state, taken)

    def _compare(self, before: int, facts: int, after: int, latch: int) -> None:
        memory = self.memory & ~LATCH | (LATCH if latch else 0)
        self.seen.add((before, facts))
        self.states.add(after)
        wrong = problem(before, memory, facts)
        assert not wrong, f"{wrong}: {STATES[before]} with {words(facts)} after {words(memory)}"
        row = transitions.next_row(before, facts)
        refused = row is not None and row[4] == POSITIONING and after == ARMED
        assert refused or after == (before if row is None else row[4])
        clears = row is not None and row[5] == transitions.ACTION_CLEAR
        # The model knows two worlds for a run that begins; which one is read from the firmware.
        self.memory = remembered(before, memory, facts, after, clears)[0]


def handle(watched: Watched, rng: random.Random) -> None:
    """Do something to the pen: what hosts, hands and failing parts do."""
    rig = watched.rig
    treatment = rig.treatment
    deed = rng.randrange(14)
    if deed < 4:
        ready(watched)
    elif deed == 4:
        requests.stop(rig.pen, codes.STOP_HOST)
    elif deed == 5:
        requests.fault(rig.pen, rng.choice(FAULTS))
    elif deed == 6:
        rig.words[place.ASK_SELF_TEST] = rng.choice((1, 1, 2))
    elif deed == 7:
        requests.acknowledge(rig.pen, rig.fault)
    elif deed == 8:
        requests.arm(rig.pen, rng.random() < 0.5)
    elif deed == 9:
        facts = rng.getrandbits(20) & EVERYTHING
        if not facts >> codes.COND_CARTRIDGE_VALID & 1:
            facts &= ~(1 << codes.COND_CARTRIDGE_FITS)  # treatment.judge_cartridge
        treatment.facts = facts
    elif deed == 10:
        treatment.tethered = rng.randrange(2)
        if rig.state < ARMED:
            treatment.latch = rng.randrange(2)
    elif deed == 11:
        name, value = rng.choice(LIES)
        rig.force = {name: value} if rng.random() < 0.5 else {}
    elif deed == 12:
        rig.pen.conditions.lease_ms = 0
    (rig.press if rng.random() < 0.5 else rig.release)()


def ready(watched: Watched) -> None:
    """Put everything right that a person can put right, and ask to arm."""
    rig = watched.rig
    rig.force = {}
    rig.readings.seat = 1
    rig.readings.home = 1
    rig.readings.depth_um = 0
    rig.readings.current_ma = 0
    rig.treatment.facts = EVERYTHING
    rig.treatment.tethered = 0
    rig.treatment.seat_generation = rig.pen.conditions.seat_generation
    rig.release()
    if requests.acknowledge(rig.pen, rig.fault)[0] == codes.RESULT_OK:
        watched.step(20)
    if rig.state == codes.STATE_BOOT:
        rig.pass_self_test()
    for _ in range(12):
        watched.step(25)
        if rig.state == CONFIGURED:
            requests.arm(rig.pen, False)
            watched.step(2)
        if rig.state == ARMED:
            rig.press()
            watched.step(12)
            return


@pytest.mark.parametrize("turn", range(4))
def test_random_hands_never_lead_out_of_the_model(rng: random.Random, turn: int) -> None:
    states: set[int] = set()
    seen: set[tuple[int, int]] = set()
    watched = Watched()
    for _ in range(1000):  # hasty hands: many of their presses end in FAULT_BUTTON_STUCK
        handle(watched, rng)
        watched.step(rng.randrange(1, 40))
        states |= watched.states
        seen |= watched.seen
        if faults.fault_row(watched.rig.fault)[2] == faults.BY_POWER and watched.rig.fault:
            watched = Watched()  # only a power cycle clears it
    assert states == set(range(len(STATES)))
    assert len(seen) > 150
