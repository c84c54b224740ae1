"""Condition bits: debounce to the tick, freshness of the lease, validity by seating."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.safety import requests
from protocol import codes
from tests.firmware.safety.rig import EVERYTHING, Rig


def has(rig: Rig, bit: int) -> bool:
    return bool(rig.pen.conditions.word >> bit & 1)


def test_the_button_is_pressed_after_5_ms_and_released_after_5_ms() -> None:
    rig = Rig().configured()
    rig.press()
    rig.step(4)
    assert not has(rig, codes.COND_BUTTON)
    rig.step()
    assert has(rig, codes.COND_BUTTON)
    assert rig.pen.conditions.press == 1
    rig.step()
    assert rig.pen.conditions.press == 0
    rig.release()
    rig.step(4)
    assert has(rig, codes.COND_BUTTON)
    rig.step()
    assert not has(rig, codes.COND_BUTTON)
    assert rig.pen.conditions.press == 0


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 10)), max_size=30))
def test_bounces_of_less_than_5_ms_are_no_press(bounces: list[tuple[int, int]]) -> None:
    rig = Rig().armed()
    for down_ms, up_ms in bounces:
        rig.press()
        rig.step(down_ms)
        rig.release()
        rig.step(up_ms)
    assert rig.state == codes.STATE_ARMED


def test_how_long_the_button_is_held_is_counted_from_the_debounced_press() -> None:
    rig = Rig().configured()
    rig.press()
    rig.step(5)
    assert rig.pen.conditions.button_held_ms == 0
    rig.step(1234)
    assert rig.pen.conditions.button_held_ms == 1234


def test_a_cartridge_is_seated_after_200_ms_and_gone_after_5_ms() -> None:
    rig = Rig()
    rig.readings.seat = 0
    rig.step(300)
    rig.readings.seat = 1
    rig.step(199)
    assert not has(rig, codes.COND_SEATED)
    rig.step()
    assert has(rig, codes.COND_SEATED)
    rig.readings.seat = 0
    rig.step(4)
    assert has(rig, codes.COND_SEATED)
    rig.step()
    assert not has(rig, codes.COND_SEATED)


def test_what_was_known_of_a_cartridge_ends_with_its_seating() -> None:
    rig = Rig().configured()
    assert has(rig, codes.COND_CARTRIDGE_VALID)
    rig.readings.seat = 0
    rig.step(5)
    assert not has(rig, codes.COND_CARTRIDGE_VALID)
    assert not has(rig, codes.COND_CARTRIDGE_FITS)
    assert not has(rig, codes.COND_STOP_PATH_PROVEN)
    rig.readings.seat = 1
    rig.step(400)
    # The main loop still says valid, but of the cartridge that was there before.
    assert rig.treatment.facts == EVERYTHING
    assert not has(rig, codes.COND_CARTRIDGE_VALID)
    assert rig.state == codes.STATE_IDLE
    rig.treatment.seat_generation = rig.pen.conditions.seat_generation
    rig.step_until(codes.STATE_CONFIGURED)


def test_the_lease_lasts_250_ms() -> None:
    rig = Rig()
    rig.treatment.tethered = 1
    rig.step(10)
    assert not has(rig, codes.COND_TETHER_OK)
    requests.main_loop_lives(rig.pen)
    requests.renew_lease(rig.pen)
    rig.step(249)
    assert has(rig, codes.COND_TETHER_OK)
    rig.step()
    assert not has(rig, codes.COND_TETHER_OK)


@pytest.mark.parametrize(("before_ms", "waited_ms", "left_ms"), [(200, 40, 210), (30, 40, 220)])
def test_what_a_main_loop_hears_late_renews_the_lease_from_its_last_pass(
    before_ms: int, waited_ms: int, left_ms: int
) -> None:
    rig = Rig()
    rig.treatment.tethered = 1
    rig.pen.conditions.lease_ms = before_ms
    rig.words[place.MAIN_LOOP_MS] = waited_ms
    requests.renew_lease(rig.pen)
    rig.step(left_ms - 1)
    assert has(rig, codes.COND_TETHER_OK)
    rig.step()
    assert not has(rig, codes.COND_TETHER_OK)


def test_an_untethered_plan_needs_no_lease() -> None:
    rig = Rig().configured()
    rig.step(1000)
    assert has(rig, codes.COND_TETHER_OK)


def test_missed_ticks_count_for_the_lease() -> None:
    rig = Rig().configured()
    rig.treatment.tethered = 1
    rig.pen.conditions.lease_ms = 0
    rig.force["tick_us"] = 46_000  # a sector of flash was erased
    rig.step(5)
    assert has(rig, codes.COND_TETHER_OK)  # 230 ms
    rig.step()
    assert not has(rig, codes.COND_TETHER_OK)


@pytest.mark.parametrize(
    ("home", "depth_um", "pulse_age_ms", "inside"),
    [
        (1, 100, 25, True),
        (1, 101, 25, False),
        (0, 100, 25, False),
        (1, 100, 24, False),
        (1, -300, 1000, True),
    ],
)
def test_needles_in_is_sensed_by_switch_hall_and_stillness(
    home: int, depth_um: int, pulse_age_ms: int, inside: bool
) -> None:
    rig = Rig().configured()
    rig.force.update(home=home, depth_um=depth_um, pulse_age_ms=pulse_age_ms)
    rig.step()
    assert has(rig, codes.COND_NEEDLES_IN) == inside


@pytest.mark.parametrize(
    ("index_level", "pulse_age_ms", "parked"), [(1, 25, True), (0, 25, False), (1, 24, False)]
)
def test_cam_parked_is_sensed_by_index_and_stillness(
    index_level: int, pulse_age_ms: int, parked: bool
) -> None:
    rig = Rig().configured()
    rig.force.update(index_level=index_level, pulse_age_ms=pulse_age_ms)
    rig.step()
    assert has(rig, codes.COND_CAM_PARKED) == parked


@given(st.integers(min_value=0, max_value=(1 << 30) - 1))
def test_treatment_can_set_only_its_own_bits(facts: int) -> None:
    rig = Rig().configured()
    before = rig.pen.conditions.word
    rig.treatment.facts = facts
    rig.step()
    own = EVERYTHING | 1 << codes.COND_CONTACT | 1 << codes.COND_DWELL_WARN
    own |= 1 << codes.COND_DOSE_WARN
    assert (rig.pen.conditions.word ^ before) & ~own == 0
    assert rig.pen.conditions.word & own == facts & own
