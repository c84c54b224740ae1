"""Stepper sequence and motor bridge: what goes to the ports."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from firmware import words
from firmware.drivers import depth_stage, motor_bridge
from firmware.readings import Readings

# The half-step sequence that extends: A+, A+B+, B+, B+A-, A-, A-B-, B-, B-A+.
OUTWARDS = [0b0001, 0b0101, 0b0100, 0b0110, 0b0010, 0b1010, 0b1000, 0b1001]


class DepthStage:
    """The stage's kernels and words by name, and what it has put out."""

    position = words.named(words.STAGE_POSITION)

    def __init__(self) -> None:
        self.words = words.new()
        self.written: list[tuple[int, int]] = []

    def step(self, direction: int, count: int) -> None:
        depth_stage.step(self.words, direction, count)
        self.put_out()

    def hold(self) -> None:
        depth_stage.hold(self.words)
        self.put_out()

    def release(self) -> None:
        depth_stage.release(self.words)
        self.put_out()

    def put_out(self) -> None:
        if self.words[words.COIL_COUNT]:
            self.written.append((self.words[words.COILS], self.words[words.COIL_COUNT]))
            self.words[words.COIL_COUNT] = 0


class MotorBridge(Readings):
    """The bridge's kernels and words by name."""

    rail_mv = words.named(words.RAIL_MV)
    driving = words.named(words.DRIVING)
    starting_ms = words.named(words.BOOST_LEFT_MS)
    boosted = words.named(words.BOOST)

    def __init__(self) -> None:
        super().__init__()
        motor_bridge.begin(self.words)

    def supply(self, supply_mv: int) -> None:
        self.supply_mv = supply_mv
        motor_bridge.follow_rail(self.words)

    def boost(self, level: int) -> None:
        motor_bridge.boost(self.words, level)

    def brake(self) -> None:
        motor_bridge.brake(self.words)


def steps(stage: DepthStage) -> list[int]:
    return [
        patterns >> 4 * number & 15 for patterns, count in stage.written for number in range(count)
    ]


def test_outwards_is_the_sequence_and_back_is_its_reverse() -> None:
    stage = DepthStage()
    for _ in range(4):
        stage.step(1, 2)
    assert steps(stage) == [*OUTWARDS[1:], OUTWARDS[0]]
    assert stage.position == 8
    stage.written.clear()
    for count in (1, 4, 3):
        stage.step(-1, count)
    assert steps(stage) == [*OUTWARDS[:0:-1], OUTWARDS[0]]
    assert stage.position == 0


@given(st.lists(st.tuples(st.sampled_from((1, -1)), st.integers(1, 4)), max_size=60))
def test_neighbouring_patterns_differ_by_one_half_step(moves: list[tuple[int, int]]) -> None:
    stage = DepthStage()
    stage.hold()
    for direction, count in moves:
        stage.step(direction, count)
    places = [OUTWARDS.index(pattern) for pattern in steps(stage)]
    assert all((after - before) % 8 in (1, 7) for before, after in pairwise(places))
    assert stage.position == sum(direction * count for direction, count in moves)


def test_hold_and_release_keep_the_place_and_write_once() -> None:
    stage = DepthStage()
    stage.step(1, 3)
    stage.release()
    stage.release()
    stage.hold()
    stage.hold()
    assert stage.written[1:] == [(0, 1), (OUTWARDS[3], 1)]
    assert stage.position == 3


def boosted() -> MotorBridge:
    bridge = MotorBridge()
    bridge.boost(1)
    while bridge.starting_ms:
        bridge.supply(3700)
    return bridge


def test_without_boost_the_rail_is_the_battery_behind_the_diode() -> None:
    bridge = MotorBridge()
    bridge.supply(3700)
    assert bridge.rail_mv == 3400


def test_the_rail_is_believed_to_rise_over_the_start_of_the_boost() -> None:
    bridge = MotorBridge()
    bridge.boost(1)
    rail_mv = []
    while bridge.starting_ms:
        bridge.supply(3700)
        rail_mv.append(bridge.rail_mv)
    assert rail_mv == sorted(rail_mv)
    assert rail_mv[0] > 3400
    assert rail_mv[3:] == [6000]


def test_brake_ends_driving_and_boost_that_is_on_does_not_start_again() -> None:
    bridge = boosted()
    bridge.boost(1)
    assert (bridge.boosted, bridge.rail_mv, bridge.starting_ms) == (1, 6000, 0)
    bridge.driving = bridge.words[words.DUTY_OUT] = 1
    bridge.brake()
    assert (bridge.driving, bridge.words[words.DUTY_OUT]) == (0, 0)
    assert bridge.words[words.BRIDGE] == words.BRIDGE_BRAKE


def test_a_dead_battery_sensor_leaves_a_rail_to_divide_by() -> None:
    bridge = MotorBridge()
    bridge.supply(0)
    assert bridge.rail_mv == 2000
