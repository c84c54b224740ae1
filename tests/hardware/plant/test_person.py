"""The person: a button that bounces, a hand that presses and glides, things done at set times."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.plant.parameters import SkinParameters, replace
from hardware.plant.pen import Pen
from hardware.plant.person import Person
from tests.hardware.plant.rig import Rig


def make(bounce_ms: int = 4, seed: int = 1) -> Person:
    return Person(SkinParameters(), bounce_ms, Random(seed))


@given(st.integers(0, 500))
def test_the_button_settles_within_its_bounce(seed: int) -> None:
    person = make(seed=seed)
    assert not any(person.button() for _ in range(20))
    person.press()
    levels = [person.button() for _ in range(40)]
    assert all(levels[4:])
    person.release()
    levels = [person.button() for _ in range(40)]
    assert not any(levels[4:])


def test_it_does_bounce() -> None:
    changes = 0
    person = make()
    for _ in range(50):
        person.pressed = not person.pressed
        levels = [person.button() for _ in range(10)]
        changes += sum(now != after for now, after in pairwise(levels))
    assert changes > 25


def test_a_script_happens_at_its_times() -> None:
    pen = Pen()
    person = pen.person
    person.at(20, pressed=False, contact=False)
    person.at(10, pressed=True, contact=True, zone="nose", pressure=0.5)
    seen = []
    for _ in range(30):
        pen.step_ms()
        seen.append((person.pressed, person.zone, person.contact))
    assert seen[9] == (False, "cheek", False)
    assert seen[10] == (True, "nose", True)
    assert seen[19] == (True, "nose", True)
    assert seen[20] == (False, "nose", False)


def test_unknown_things_are_refused() -> None:
    person = make()
    with pytest.raises(ValueError, match="eyelid"):
        person.change(zone="eyelid")
    with pytest.raises(ValueError, match="mood"):
        person.change(mood=1)


def test_pressure_wanders_about_its_mean_and_is_nothing_off_the_skin() -> None:
    person = make()
    assert person.hand_pressure(0) == 0.0
    person.touch("cheek", 2.0)
    values = [person.hand_pressure(ms) for ms in range(7692)]  # ten waves of 1.3 Hz
    assert min(values) == pytest.approx(1.84, abs=0.01)
    assert max(values) == pytest.approx(2.16, abs=0.01)
    assert sum(values) / len(values) == pytest.approx(2.0, abs=0.01)
    person.lift()
    assert person.hand_pressure(0) == 0.0


def test_force_of_a_needle_follows_zone_and_pressure() -> None:
    person = make()
    person.touch("cheek", 1.0)
    assert person.force_per_needle_n(1.0) == pytest.approx(0.055)
    assert person.force_per_needle_n(2.0) == pytest.approx(0.055 * 2**0.3)
    assert person.force_per_needle_n(0.0) == 0.0
    person.zone = "body-scar"
    assert person.force_per_needle_n(1.0) == pytest.approx(0.055 * 2.7)


def test_a_nose_held_above_the_skin_does_not_reach_it() -> None:
    rig = Rig(replace(Rig().pen.parameters))
    rig.pen.place_carriage(500.0)
    rig.pen.person.touch()
    rig.pen.person.gap_um = 600.0
    rig.run(300, duty=3000)
    assert rig.pen.truth.strokes > 10
    assert rig.pen.truth.punctures == 0
    rig.pen.person.gap_um = 0.0
    rig.run(300)
    assert rig.pen.truth.punctures > 100


def test_area_and_punctures_of_a_glide() -> None:
    """12 pins, 100 Hz, 20 mm/s, 8 mm head: 750 per cm2 and pass."""
    rig = Rig()
    rig.pen.place_carriage(500.0)
    rig.pen.person.touch("forehead")
    rig.pen.person.glide_mm_s = 20.0
    rig.run(500, duty=2800)
    punctures = rig.pen.truth.punctures
    area = rig.pen.truth.area_mm2["forehead"]
    strokes = rig.pen.truth.strokes
    rig.run(2000)
    rate = (rig.pen.truth.strokes - strokes) / 2.0
    density = (rig.pen.truth.punctures - punctures) / (
        (rig.pen.truth.area_mm2["forehead"] - area) / 100
    )
    assert density == pytest.approx(12 * rate / (20 * 8 / 100), rel=0.02)
    assert density == pytest.approx(750 * rate / 100, rel=0.02)
