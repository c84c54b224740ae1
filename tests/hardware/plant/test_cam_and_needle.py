"""Geometry of the cam and the needle's force law: exposed share, work, penetration."""

from math import cos, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.plant import cam
from hardware.plant.needle import force_in, force_out, work_in, work_out, work_tables
from hardware.plant.parameters import SkinParameters
from hardware.plant.pen import Pen
from hardware.plant.skin import ZONES, penetration_um

RADIUS = 1.25e-3
DEPTHS_UM = st.integers(min_value=0, max_value=2500)


@pytest.mark.parametrize(
    ("depth_um", "percent"), [(500, 30), (1000, 44), (1500, 56), (2000, 70), (0, 0)]
)
def test_share_of_the_turn_with_needles_out(depth_um: int, percent: int) -> None:
    pen = Pen()
    pen.place_carriage(depth_um)
    out = 0
    for degree in range(720):
        pen.motor.place(degree * pi / 360)
        out += pen.truth.exposed
    assert out / 7.2 == pytest.approx(percent, abs=0.7)


def test_fully_retracted_is_inside_at_every_depth() -> None:
    pen = Pen()
    pen.motor.place(pi)
    for depth_um in range(0, 2501, 100):
        pen.place_carriage(depth_um)
        assert not pen.truth.exposed
        assert pen.truth.tip_um == pytest.approx(depth_um - 2500)


def test_with_the_stage_at_home_nothing_stands_out_at_any_phase() -> None:
    pen = Pen()
    pen.place_carriage(0.0)
    for degree in range(360):
        pen.motor.place(degree * pi / 180)
        assert not pen.truth.exposed


def test_force_law_at_its_corners() -> None:
    assert force_in(0.0) == 0.0
    assert force_in(0.15) == pytest.approx(0.5)
    assert force_in(0.3) == pytest.approx(1.0)  # breaks through
    assert force_in(0.300001) == pytest.approx(0.7, abs=1e-4)
    assert force_in(1.3) == pytest.approx(1.7)
    assert force_out(1.0) == pytest.approx(0.5)
    assert force_out(-0.1) == 0.0


@given(st.floats(min_value=0.0, max_value=2.5))
def test_work_is_the_integral_of_force(depth_mm: float) -> None:
    n = 2000
    for work, force in ((work_in, force_in), (work_out, force_out)):
        total = sum(force((i + 0.5) * depth_mm / n) for i in range(n)) * depth_mm / n
        assert work(depth_mm) == pytest.approx(total, rel=2e-3, abs=1e-6)


@given(DEPTHS_UM)
def test_a_turn_takes_the_work_of_one_stroke(depth_um: int) -> None:
    work, changes = work_tables(depth_um, RADIUS)
    one = (work_in(depth_um * 1e-3) + work_out(depth_um * 1e-3)) * 1e-3
    assert work[2 * cam.CELLS] - work[cam.CELLS] == pytest.approx(one, abs=1e-12)
    assert all(change >= -1e-12 for change in changes)  # needles never push the motor along
    assert len(work) == 3 * cam.CELLS + 1


def test_kinetic_energy_seen_through_the_tables() -> None:
    ratio = cam.speed_ratio(RADIUS, 3e-3, 7.1e-8)
    quarter = cam.CELLS // 4
    # At 90 degrees the slider moves as fast as the crank pin: J = 7.1e-8 + 3e-3 (1.25e-3)^2.
    assert ratio[quarter] ** -2 == pytest.approx((7.1e-8 + 4.6875e-9) / 7.1e-8, rel=1e-3)
    assert ratio[0] == pytest.approx(1.0, abs=1e-4)


def test_spring_never_beats_friction() -> None:
    torques = cam.spring_torque(RADIUS, 0.02, 10.0)
    assert max(abs(torque) for torque in torques) < 0.22e-3 / 2
    assert sum(torques) == pytest.approx(0.0, abs=1e-12)


def test_tip_follows_the_cosine() -> None:
    assert cam.tip_offset_m(0.0, RADIUS) == 0.0
    assert cam.tip_offset_m(pi, RADIUS) == pytest.approx(-2.5e-3)
    assert cam.tip_offset_m(1.0, RADIUS) == pytest.approx(-RADIUS * (1 - cos(1.0)))


def test_penetration_is_less_than_protrusion_and_grows_with_pressure() -> None:
    skin = SkinParameters()
    load_n = 12 * 0.055
    light = penetration_um(1000, load_n, 0.5, skin)
    firm = penetration_um(1000, load_n, 2.0, skin)
    assert 300 <= light <= 500
    assert 700 <= firm <= 900


@given(DEPTHS_UM, st.floats(0.0, 3.0), st.floats(0.0, 10.0))
def test_penetration_stays_between_nothing_and_protrusion(
    depth_um: int, pressure: float, load_n: float
) -> None:
    assert 0.0 <= penetration_um(depth_um, load_n, pressure, SkinParameters()) <= depth_um


def test_zones_are_those_a_plan_may_name_and_none_is_an_eyelid() -> None:
    assert len(ZONES) == 16
    assert "eyelid" not in ZONES
    for zone in ZONES.values():
        assert 0.5 <= zone.stiffness <= 3.0
        assert 700 <= zone.thickness_um <= 2500
