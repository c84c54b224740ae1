"""A proposal from a library: values, order, cartridge, ramp; and what comes out is a good plan."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.treatment.plan import OK, refusal
from host_controller import errors
from host_controller.library import store
from host_controller.library.library import SKINS, Library
from host_controller.planning import plan_file, plan_source, plan_writer
from host_controller.planning.failures import LibraryChanged, NotInLibrary
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import compile_plan
from host_controller.planning.proposal import Proposal, Reason, Request, propose
from tests.host_controller.library.small import parsed

STARTER = store.starter()
CLINIC = parsed()


def of(library: Library = CLINIC, **fields: object) -> Proposal:
    asked = {"client": "C-1042", "concern": "fine-lines", "zones": ("cheek", "nose"), **fields}
    return propose(library, Request(**asked))  # type: ignore[arg-type]


def plan_of(proposal: Proposal) -> Plan:
    text = plan_writer.text(proposal)
    source = plan_source.parse("plan.toml", text.encode())
    return plan_file.check(source, lambda _: proposal.library)


def test_values_come_from_the_library() -> None:
    cheek, nose = of().zones
    assert (cheek.entry.zone, cheek.depth_um, cheek.rate_chz, cheek.passes) == (
        "cheek", 800, 11_000, 2,
    )  # fmt: skip
    assert (nose.depth_um, nose.dose_per_cm2, nose.area_mm2) == (250, 300, 1200)
    assert of().pins == 12  # the nose's; the cheek's entry says 36
    assert of(zones=("cheek",)).pins == 36
    assert of(pins=24).pins == 24


def test_thick_skin_comes_first_and_the_thinnest_last() -> None:
    order = [zone.entry.zone for zone in of(STARTER, concern="fine-lines", zones=()).zones]
    # by the ultrasound table: cheek, neck, nose and forehead before temple, the eye last
    assert order[0] == "cheek"
    assert order[1] == "neck"
    assert order.index("forehead") < order.index("temple")
    assert order[-1] == "periorbital"


def test_the_first_of_several_passes_is_shallower() -> None:
    cheek, nose = of().zones
    assert cheek.first_depth_um == 480  # 60 % of 0.80 mm
    assert nose.first_depth_um == 0  # 60 % would be below what the library allows
    one = of(changes=(("cheek", "passes", 1),)).zones[0]
    assert one.first_depth_um == 0
    assert of(ramp=False).zones[0].first_depth_um == 0


def test_the_ramp_is_a_plan_of_its_own_for_the_same_session() -> None:
    plan = plan_of(of())
    ramp = plan.ramp()
    assert ramp is not None
    (row,) = ramp.zones
    assert (row.name, row.depth_um, row.passes, row.dose_limit_per_cm2) == ("cheek", 480, 1, 150)
    assert plan.row(row.zone) is not None
    assert ramp.name == "C-1042 fine ramp"
    assert refusal(compile_plan(ramp, 1).data) == OK
    assert plan_of(of(ramp=False)).ramp() is None


def test_skin_and_role_narrow_what_is_proposed() -> None:
    (thin,) = of(zones=("cheek",), skin="thin").zones
    assert (thin.depth_um, thin.passes) == (700, 1)
    (thick,) = of(zones=("cheek",), skin="thick").zones
    assert thick.depth_um == 1000
    (role,) = of(zones=("cheek",), role="esthetician").zones
    assert role.depth_um == 600
    assert [z.entry.zone for z in of(zones=(), role="esthetician").zones] == ["cheek"]


def test_darker_skin_is_told() -> None:
    assert not any("Fitzpatrick" in note for note in of(fitzpatrick="III").notes)
    assert any("Fitzpatrick V:" in note for note in of(fitzpatrick="V").notes)
    assert "Darker skin: stay at or below the default." in of().notes


def test_skin_is_proposed_once_and_told_when_it_is_asked_for_twice() -> None:
    both = ("cheek", "cheek-acne-scar")
    proposed = of(STARTER, concern="acne-scars", zones=())
    assert "cheek-acne-scar" in [zone.entry.zone for zone in proposed.zones]
    assert "cheek" not in [zone.entry.zone for zone in proposed.zones]
    assert not any("share skin" in note for note in proposed.notes)
    asked = of(STARTER, concern="acne-scars", zones=both)
    assert len(asked.zones) == 2
    assert any("share skin" in note for note in asked.notes)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"concern": "warts"}, "knows no concern 'warts'"),
        ({"zones": ("cheek", "scalp")}, "fine-lines in scalp"),
        ({"zones": ("nose",), "role": "esthetician"}, "in nose for esthetician"),
    ],
)
def test_what_is_not_in_the_library_is_not_proposed(fields: dict[str, object], words: str) -> None:
    with pytest.raises(NotInLibrary, match=words) as caught:
        of(**fields)
    assert caught.value.number == "E134"


def test_what_is_written_is_read_back_whole() -> None:
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    proposal = of(fitzpatrick="III", skin="thin", early_reason="protocol", planned_at=at)
    plan = plan_of(proposal)
    assert [row.name for row in plan.zones] == [zone.entry.zone for zone in proposal.zones]
    basis = plan.basis
    assert basis is not None
    assert (basis.client, basis.concern, basis.fitzpatrick, basis.skin) == (
        "C-1042", "fine-lines", "III", "thin",
    )  # fmt: skip
    assert (basis.library_id, basis.library_version, basis.library_sha256) == (
        "clinic", 3, CLINIC.sha256,
    )  # fmt: skip
    assert (basis.interval_days, basis.early_reason, basis.deviations) == (28, "protocol", ())
    assert basis.planned_at == at
    assert plan.library_id == CLINIC.sha256[:8]
    image = compile_plan(plan, 7)
    assert CLINIC.sha256[:8].encode() in image.data  # so the pen keeps it


def test_outside_soft_a_reason_is_needed_and_becomes_part_of_the_plan() -> None:
    deep = of(zones=("cheek",), changes=(("cheek", "depth", 1300),))
    assert deep.zones[0].needs_reason == ("depth",)
    with pytest.raises(errors.PlanRefused, match="above the soft limits") as caught:
        plan_of(deep)
    assert "plan.toml:" in caught.value.lines[0]
    why = (("cheek", Reason("thick-skin", "dr-03")),)
    plan = plan_of(of(zones=("cheek",), changes=(("cheek", "depth", 1300),), reasons=why))
    assert plan.basis is not None
    (found,) = plan.basis.deviations
    assert found.as_dict() == {
        "zone": "cheek", "field": "depth", "value": 1300, "default": 800, "low": 500,
        "high": 1200, "reason": "thick-skin", "approved_by": "dr-03",
    }  # fmt: skip
    assert plan.zones[0].override_reason == 2


@pytest.mark.parametrize(
    ("quantity", "value"),
    [("depth", 1510), ("depth", 240), ("rate", 7900), ("rate", 15_100), ("passes", 5),
     ("dose", 601), ("dose", 49), ("depth", 805), ("area", 4050)],
)  # fmt: skip
def test_outside_hard_or_between_two_steps_no_reason_helps(quantity: str, value: int) -> None:
    why = (("cheek", Reason("study", "dr-03")),)
    with pytest.raises((errors.PlanRefused, errors.PlanInvalid)):
        plan_of(of(zones=("cheek",), changes=(("cheek", quantity, value),), reasons=why))


def test_what_is_too_fine_is_written_as_it_is_and_never_rounded() -> None:
    text = plan_writer.text(of(zones=("cheek",), changes=(("cheek", "depth", 805),)))
    assert "depth_mm = 0.805 " in text


def test_an_override_without_need_is_a_mistake() -> None:
    why = (("cheek", Reason("study", "dr-03")),)
    with pytest.raises(errors.PlanInvalid, match="overrides nothing"):
        plan_of(of(zones=("cheek",), reasons=why))


def test_a_role_that_may_not_override_is_held_at_its_soft_limit() -> None:
    why = (("cheek", Reason("scar", "dr-03")),)
    with pytest.raises(errors.PlanRefused, match="hard limits"):
        plan_of(
            of(zones=("cheek",), role="esthetician", changes=(("cheek", "depth", 610),),
               reasons=why)
        )  # fmt: skip


BAD = [
    ('client = "C-1042"', 'client = "Jane Doe"', errors.PlanInvalid, "never a name"),
    ('concern = "fine-lines"', 'concern = "fine-line"', errors.PlanInvalid, "Did you mean"),
    ('fitzpatrick = "III"', 'fitzpatrick = "VII"', errors.PlanInvalid, "'VII'"),
    ('fitzpatrick = "III"', 'skin = "oily"', errors.PlanInvalid, "'oily'"),
    ('fitzpatrick = "III"', 'role = "butcher"', errors.PlanInvalid, "'butcher'"),
    ('fitzpatrick = "III"', 'early = "because"', errors.PlanInvalid, "'because'"),
    ('fitzpatrick = "III"', "phototype = 3", errors.PlanInvalid, "'phototype'"),
    ('library = "clinic"', 'library = "other"', errors.PlanInvalid, "not the library with that"),
    ("library_sha256", "library_sha", errors.PlanInvalid, "hash of its library is missing"),
    ('zone = "nose"', 'zone = "hand"', errors.PlanRefused, "no entry for fine-lines in hand"),
    ("first_depth_mm = 0.48", "first_depth_mm = 0.81", errors.PlanRefused, "out of range"),
    ("first_depth_mm = 0.48", "first_depth_mm = 0.20", errors.PlanRefused, "below the hard"),
    ("passes = 2", "passes = 1", errors.PlanInvalid, "one pass only"),
    ("tethered = true", "tethered = false", errors.PlanRefused, "before any question was asked"),
    ('fitzpatrick = "III"', 'early = "protocol"', errors.PlanInvalid, "from a moment on"),
    ('fitzpatrick = "III"', "planned_at = 2026-11-23", errors.PlanInvalid, "moment was expected"),
    ('fitzpatrick = "III"', "planned_at = 2026-11-23T09:00:00", errors.PlanInvalid, "moment was"),
]


@pytest.mark.parametrize(("before", "after", "kind", "words"), BAD)
def test_a_plan_edited_by_hand_is_held_against_its_library(
    before: str, after: str, kind: type[errors.PenError], words: str
) -> None:
    text = plan_writer.text(of(fitzpatrick="III"))
    assert before in text
    source = plan_source.parse("plan.toml", text.replace(before, after, 1).encode())
    with pytest.raises(kind, match=words):
        plan_file.check(source, lambda _: CLINIC)


def test_a_plan_of_another_library_is_not_used() -> None:
    text = plan_writer.text(of())
    with pytest.raises(LibraryChanged) as caught:
        plan_file.check(plan_source.parse("plan.toml", text.encode()))
    assert caught.value.number == "E137"
    good = plan_writer.text(of(STARTER, zones=("cheek",)))
    assert plan_file.check(plan_source.parse("plan.toml", good.encode())).basis is not None


def test_a_library_without_somebody_to_treat_is_a_mistake() -> None:
    text = plan_writer.text(of())
    text = text[: text.index("[made_for]")] + text[text.index("[cartridge]") :]
    with pytest.raises(errors.PlanInvalid, match="says for whom"):
        plan_file.check(plan_source.parse("plan.toml", text.encode()), lambda _: CLINIC)


@given(
    st.sampled_from(sorted(STARTER.indications)),
    st.sampled_from(SKINS),
    st.sampled_from(["", *STARTER.roles]),
    st.sampled_from([None, 0, 12, 24, 36]),
)
def test_every_proposal_of_the_starter_is_taken_by_the_pen(
    concern: str, skin: str, role: str, pins: int | None
) -> None:
    try:
        proposal = of(STARTER, concern=concern, zones=(), skin=skin, role=role, pins=pins)
    except NotInLibrary:
        assert role
        return
    try:
        plan = plan_of(proposal)
    except errors.PlanRefused:
        assert pins == 0  # nano is at most 0.50 mm
        return
    assert plan.basis is not None
    assert plan.basis.deviations == ()
    for part in (plan, plan.ramp()):
        if part is not None:
            assert refusal(compile_plan(part, 1).data) == OK
