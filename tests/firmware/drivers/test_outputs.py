"""Stepper sequence and motor bridge: what goes to the ports."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.depth_stage import DepthStage
from firmware.drivers.motor_bridge import MotorBridge
from firmware.readings import Readings

# The half-step sequence that extends: A+, A+B+, B+, B+A-, A-, A-B-, B-, B-A+.
OUTWARDS = [0b0001, 0b0101, 0b0100, 0b0110, 0b0010, 0b1010, 0b1000, 0b1001]


class Board:
    """Records what is written."""

    def __init__(self) -> None:
        self.written: list[tuple[int, int]] = []
        self.duties: list[int] = []
        self.boosts: list[int] = []
        self.brakes = 0
        self.coils = self
        self.bridge = self
        self.boost = self

    def write(self, patterns: int, count: int) -> None:
        self.written.append((patterns, count))

    def drive(self, duty: int) -> None:
        self.duties.append(duty)

    def brake(self) -> None:
        self.brakes += 1

    def set(self, level: int) -> None:
        self.boosts.append(level)


def steps(board: Board) -> list[int]:
    return [
        patterns >> 4 * number & 15 for patterns, count in board.written for number in range(count)
    ]


def test_outwards_is_the_sequence_and_back_is_its_reverse() -> None:
    board = Board()
    stage = DepthStage(board)
    for _ in range(4):
        stage.step(1, 2)
    assert steps(board) == [*OUTWARDS[1:], OUTWARDS[0]]
    assert stage.position == 8
    board.written.clear()
    for count in (1, 4, 3):
        stage.step(-1, count)
    assert steps(board) == [*OUTWARDS[:0:-1], OUTWARDS[0]]
    assert stage.position == 0


@given(st.lists(st.tuples(st.sampled_from((1, -1)), st.integers(1, 4)), max_size=60))
def test_neighbouring_patterns_differ_by_one_half_step(moves: list[tuple[int, int]]) -> None:
    board = Board()
    stage = DepthStage(board)
    stage.hold()
    for direction, count in moves:
        stage.step(direction, count)
    places = [OUTWARDS.index(pattern) for pattern in steps(board)]
    assert all((after - before) % 8 in (1, 7) for before, after in pairwise(places))
    assert stage.position == sum(direction * count for direction, count in moves)


def test_hold_and_release_keep_the_place_and_write_once() -> None:
    board = Board()
    stage = DepthStage(board)
    stage.step(1, 3)
    stage.release()
    stage.release()
    stage.hold()
    stage.hold()
    assert board.written[1:] == [(0, 1), (OUTWARDS[3], 1)]
    assert stage.position == 3


def boosted(board: Board) -> MotorBridge:
    bridge = MotorBridge(board, Readings())
    bridge.boost(1)
    while not bridge.steady:
        bridge.supply(3700)
    return bridge


def test_volts_become_duty_by_the_rail() -> None:
    board = Board()
    bridge = boosted(board)
    assert bridge.drive_mv(3000) == 2500
    assert bridge.drive_mv(-1500) == -1250
    assert board.duties == [2500, -1250]
    assert bridge.driving == 1


def test_without_boost_the_rail_is_the_battery_behind_the_diode() -> None:
    bridge = MotorBridge(Board(), Readings())
    bridge.supply(3700)
    assert bridge.rail_mv == 3400
    assert bridge.drive_mv(1700) == 2500


def test_the_rail_is_believed_to_rise_over_the_start_of_the_boost() -> None:
    bridge = MotorBridge(Board(), Readings())
    bridge.boost(1)
    rail_mv = []
    while not bridge.steady:
        bridge.supply(3700)
        rail_mv.append(bridge.rail_mv)
    assert rail_mv == sorted(rail_mv)
    assert rail_mv[0] > 3400
    assert rail_mv[3:] == [6000]


@pytest.mark.parametrize(("volts_mv", "duty", "limited"), [(7000, 5000, 1), (-9000, -5000, -1)])
def test_more_than_the_rail_is_the_rail_and_says_so(volts_mv: int, duty: int, limited: int) -> None:
    bridge = boosted(Board())
    assert bridge.drive_mv(volts_mv) == duty
    assert bridge.limited == limited
    bridge.drive_mv(1000)
    assert bridge.limited == 0


def test_brake_ends_driving_and_boost_is_written_once() -> None:
    board = Board()
    bridge = boosted(board)
    bridge.boost(1)
    bridge.drive_mv(1000)
    bridge.brake()
    assert (bridge.driving, board.brakes, board.boosts) == (0, 1, [1])


def test_a_dead_battery_sensor_does_not_divide_by_zero() -> None:
    bridge = MotorBridge(Board(), Readings())
    bridge.supply(0)
    assert bridge.drive_mv(1000) == 2500
