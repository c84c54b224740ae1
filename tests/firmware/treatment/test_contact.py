"""Contact from the voltage balance of the motor: sure of skin, sure of air, or honestly unsure."""

import math
import random

import pytest

from firmware import words as place
from firmware.treatment import contact
from firmware.treatment.contact import CONTACT, FREE, LIKELY, UNSURE, ContactEstimate

AIR_MA = 41.5
RATE_CHZ = 10000


def fed(estimate: ContactEstimate, mean_ma: float, ms: int, seed: int = 1) -> int:
    """Feed duties whose balance is `mean_ma`, with the swing of the strokes and noise on it."""
    rng = random.Random(seed)
    for start in range(0, ms, 4):
        duties = []
        for tick in range(start, start + 4):
            swing_ma = 60 if tick % 10 < 5 else -60
            balance_mv = (mean_ma + swing_ma + rng.gauss(0, 6)) * 3.07
            duties.append(round((RATE_CHZ * 0.336 + balance_mv) * 5000 / 6000))
        contact.sample(estimate.words, sum(duties) // 4, RATE_CHZ)
    return estimate.level


def begun(depth_um: int = 1000, pins: int = 12) -> ContactEstimate:
    estimate = ContactEstimate(place.new())
    contact.begin(estimate.words, depth_um, pins)
    return estimate


def test_it_is_unsure_until_the_run_has_settled() -> None:
    assert fed(begun(), AIR_MA, 656) == UNSURE


# depth um, needles, what a light hand adds, measured on the simulated skin
LIGHT = [
    (250, 12, 2.6),
    (500, 12, 7.8),
    (1000, 12, 18.5),
    (1500, 12, 36.0),
    (250, 36, 7.0),
    (500, 36, 19.6),
    (1000, 36, 56.0),
]


@pytest.mark.parametrize(("depth_um", "pins", "added_ma"), LIGHT)
@pytest.mark.parametrize("hand", [1.0, 1.7])
@pytest.mark.parametrize("offset_ma", [-30, 0, 40])
def test_a_touch_and_a_lift_are_told_apart_on_any_pen(
    depth_um: int, pins: int, added_ma: float, hand: float, offset_ma: float
) -> None:
    air_ma = AIR_MA + offset_ma
    estimate = begun(depth_um, pins)
    assert fed(estimate, air_ma, 2000) < CONTACT  # nothing to compare with yet
    assert fed(estimate, air_ma + added_ma * hand, 900) == CONTACT
    assert fed(estimate, air_ma, 1200) == FREE
    assert fed(estimate, air_ma + added_ma * hand, 900) == CONTACT


@pytest.mark.parametrize(("depth_um", "pins", "added_ma"), LIGHT)
def test_begun_in_skin_the_first_lift_tells(depth_um: int, pins: int, added_ma: float) -> None:
    estimate = begun(depth_um, pins)
    assert fed(estimate, AIR_MA + added_ma, 3000) == LIKELY
    assert fed(estimate, AIR_MA, 1500) == FREE
    assert fed(estimate, AIR_MA + added_ma, 900) == CONTACT


def test_what_was_seen_in_one_zone_is_not_trusted_in_the_next() -> None:
    """Deep and with short lifts, then shallow: the lifts were too short to show the free level."""
    estimate = begun(1000)
    for _ in range(8):
        fed(estimate, AIR_MA + 25, 2000)
        fed(estimate, AIR_MA, 250)
    contact.begin(estimate.words, 250, 12)
    assert fed(estimate, AIR_MA, 700) == UNSURE
    assert fed(estimate, AIR_MA + 2.6, 2000) in (UNSURE, LIKELY, CONTACT)


@pytest.mark.parametrize("level_ma", [AIR_MA, AIR_MA + 3, AIR_MA + 30])
def test_noise_alone_is_no_step(level_ma: float) -> None:
    estimate = begun(250)
    for seed in range(30):
        assert fed(estimate, level_ma, 1000, seed) == (LIKELY if level_ma > AIR_MA else UNSURE)


@pytest.mark.parametrize(("level_ma", "wander_ma"), [(146, 2.8), (274, 3.8)])
def test_in_hard_skin_from_the_start_the_wander_of_the_load_is_no_lift(
    level_ma: float, wander_ma: float
) -> None:
    """No pen takes 146 mA in air; 24 needles of 0.3 N do, and vary by a few mA over a second."""
    estimate = begun(274, 24)
    for step in range(120):
        level = fed(estimate, level_ma + wander_ma * math.sin(step / 2), 200, seed=step)
        assert level in (UNSURE, LIKELY)
    assert fed(estimate, AIR_MA, 1500) == FREE  # a lift is seen all the same


@pytest.mark.parametrize("offset_ma", [-50, -30, 0, 40])
@pytest.mark.parametrize("skin_ma", [5, 10, 20, 40, 60, 90])
@pytest.mark.parametrize("depth_um", [250, 350, 420])
def test_a_hand_that_wanders_by_8_percent_is_no_sure_lift(
    depth_um: int, skin_ma: int, offset_ma: int
) -> None:
    """Shallow in firm skin, at 1.3 Hz, for half a minute from the start."""
    estimate = begun(depth_um)
    for step in range(600):
        hand = 1 + 0.08 * math.sin(2 * math.pi * 1.3 * step * 0.048)
        fed(estimate, AIR_MA + offset_ma + skin_ma * hand, 48, seed=step)
        assert estimate.words[place.CONTACT_KNOWN] != contact.SURE


@pytest.mark.parametrize(("depth_um", "pins", "added_ma"), LIGHT)
@pytest.mark.parametrize("offset_ma", [-30, 0, 40])
def test_a_lift_that_takes_an_eighth_and_3_ma_off_is_sure(
    depth_um: int, pins: int, added_ma: float, offset_ma: float
) -> None:
    air_ma = AIR_MA + offset_ma
    estimate = begun(depth_um, pins)
    fed(estimate, air_ma + added_ma, 3000)
    fed(estimate, air_ma, 1500)
    assert estimate.level == FREE or added_ma < 3
    known = estimate.words[place.CONTACT_KNOWN]
    if added_ma > 4 + air_ma / 8:  # half a mA for what the filter has not yet followed, and noise
        assert known == contact.SURE
    elif added_ma < air_ma / 8:
        assert known == (contact.SEEN if estimate.level == FREE else 0)


def test_a_motor_that_was_held_up_and_comes_to_speed_again_is_no_touch() -> None:
    estimate = begun(640)
    words = estimate.words
    words[place.RATE_SET_CHZ] = RATE_CHZ
    fed(estimate, AIR_MA + 20, 300)
    for rate_chz in (RATE_CHZ // 2 - 1, 2834, 1950, 1486, 3781, 3624):  # a cam that jams for 15 ms
        contact.sample(words, 5000, rate_chz)
    for rate_chz in range(RATE_CHZ * 3 // 4, RATE_CHZ, 250):
        contact.sample(words, 5000, rate_chz)
    for _ in range(10):
        assert fed(estimate, AIR_MA + 20, 300) in (UNSURE, LIKELY)
    assert fed(estimate, AIR_MA, 1500) == FREE
    assert contact.sample(words, 0, RATE_CHZ // 2) is None
    assert estimate.level == FREE  # half of the rate is not yet held up


def test_nano_tips_cannot_be_felt() -> None:
    estimate = begun(500, 0)
    assert fed(estimate, AIR_MA, 1000) == UNSURE
    assert fed(estimate, AIR_MA + 30, 1000) == UNSURE


def test_a_depth_below_a_quarter_cannot_be_felt() -> None:
    assert fed(begun(240), AIR_MA, 2000) == UNSURE


def test_a_motor_that_warms_is_not_taken_for_skin() -> None:
    estimate = begun(1000)
    fed(estimate, AIR_MA + 25, 1500)
    fed(estimate, AIR_MA, 1500)
    for step in range(60):  # 12 mA in a minute
        assert fed(estimate, AIR_MA + step * 0.2, 1000, seed=step) == FREE


def test_garbage_does_not_run_away() -> None:
    estimate = begun(1000)
    for duty, rate_chz in ((5000, 0), (-5000, 30000), (0, 0), (5000, 30000)) * 500:
        contact.sample(estimate.words, duty, rate_chz)
        assert abs(estimate.current_ua) < 1 << 21
        assert abs(estimate.words[place.CONTACT_SUM_UA]) < 1 << 30
