"""A plan as bytes says what the file said, and comes back the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.library import starter
from host_controller.planning import plan_copies, plan_file
from host_controller.planning.plan import Plan, PlanZone
from host_controller.planning.plan_bytes import compile_plan, plan_of
from protocol import plan_layout

EXAMPLE = "host_controller/planning/examples/scar_override.json"
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=16)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    zones = draw(st.lists(st.integers(1, 16), min_size=1, max_size=16, unique=True))
    rows = tuple(
        PlanZone(
            zone,
            draw(st.integers(50, 2500)),
            draw(st.integers(2500, 15000)),
            draw(st.integers(1, 6)),
            draw(st.integers(1, 1800)),
            draw(st.integers(1, 5000)),
            draw(st.integers(100, 60000)),
        )
        for zone in zones
    )
    return Plan(
        name=draw(NAMES),
        latch=draw(st.booleans()),
        tethered=draw(st.booleans()),
        demo=draw(st.booleans()),
        pins=draw(st.sampled_from([0, 12, 24, 36])),
        needle_um=draw(st.integers(100, 4000)),
        library_id="starter1",
        zones=rows,
    )


@given(plans(), st.integers(1, 2**32 - 1))
def test_a_plan_survives_its_bytes(plan: Plan, session_id: int) -> None:
    image = compile_plan(plan, session_id)
    assert image.sha256 == plan_layout.digest(image.data)
    assert plan_of(image.data, {}) == (plan, session_id)


def test_an_override_comes_back_with_its_reason() -> None:
    plan = plan_file.load(EXAMPLE)
    assert plan_of(compile_plan(plan, 1).data, {"cheek-acne-scar": "dr-03"}) == (plan, 1)


@pytest.mark.parametrize("session_id", [0, -1, 2**32])
def test_a_session_out_of_range_is_refused(session_id: int) -> None:
    with pytest.raises(ValueError, match="allowed is 1 to"):
        compile_plan(plan_file.load(EXAMPLE), session_id)


def test_a_copy_is_found_by_its_hash_and_only_while_it_is_whole() -> None:
    plan = plan_file.load(EXAMPLE)
    image = compile_plan(plan, 9)
    assert plan_copies.find(image.sha256) is None
    plan_copies.keep(plan, image)
    assert plan_copies.find(image.sha256) == (plan, image, 9)
    (path,) = plan_copies._path(image.sha256).parent.iterdir()
    path.write_text(path.read_text().replace(image.data.hex(), image.data.hex()[:-2] + "ff"))
    assert plan_copies.find(image.sha256) is None


def test_the_library_is_the_one_in_the_plan() -> None:
    plan = plan_file.load(EXAMPLE)
    assert plan.library_id == starter.load().library_id
    assert replace(plan).cartridge == "36 pins, 2.50 mm"
