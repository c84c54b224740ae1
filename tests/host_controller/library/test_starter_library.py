"""The shipped library: complete, unapproved, with sources, and without what may never be in one."""

import re
from pathlib import Path

import pytest

from host_controller.library import reader
from host_controller.library.library import QUANTITIES
from protocol.zones import ZONES

FILE = Path("host_controller/library/starter_library.toml")
STARTER = reader.load(FILE)

# Restated by hand from the published ranges: zone, deepest soft and hard setting in um.
DEEPEST = {
    "forehead": (750, 1500), "glabella": (750, 1500), "temple": (750, 1000),
    "periorbital": (500, 750), "nose": (500, 750), "cheek": (1500, 1500), "malar": (1000, 1500),
    "perioral": (750, 1000), "chin": (1000, 1500), "neck": (1000, 1500),
    "decolletage": (750, 1000), "cheek-acne-scar": (1500, 2000), "body-scar": (1500, 2500),
    "striae": (1500, 1500), "scalp": (1000, 1500), "hand": (750, 1000),
}  # fmt: skip
CONCERNS = {
    "acne-scars", "enlarged-pores", "uneven-tone", "fine-lines", "wrinkles", "stretch-marks",
    "surgical-scar", "thinning-hair",
}  # fmt: skip


def test_it_has_the_concerns_and_every_zone_of_the_pen() -> None:
    assert set(STARTER.indications) == CONCERNS
    assert {entry.indication for entry in STARTER.entries.values()} == CONCERNS
    assert {entry.zone for entry in STARTER.entries.values()} == {name for _, name in ZONES}


@pytest.mark.parametrize("zone", DEEPEST)
def test_no_entry_goes_deeper_than_what_is_published(zone: str) -> None:
    for entry in STARTER.entries.values():
        if entry.zone == zone:
            assert entry.depth.soft.high <= DEEPEST[zone][0]
            assert entry.depth.hard.high <= DEEPEST[zone][1]


def test_only_two_zones_go_beyond_the_evaluated_ceiling() -> None:
    deep = {e.zone for e in STARTER.entries.values() if e.depth.hard.high > 1500}
    assert deep == {"cheek-acne-scar", "body-scar"}
    for entry in STARTER.entries.values():
        if entry.zone in deep:
            assert entry.sources["evaluated"]


def test_it_is_a_draft_that_says_so() -> None:
    assert STARTER.state == "draft"
    assert STARTER.approval == "derived, not clinically approved"
    assert STARTER.review_by is None  # so it cannot be approved as it is


def test_every_value_has_its_source() -> None:
    for entry in STARTER.entries.values():
        for quantity in (*QUANTITIES, "interval"):
            assert entry.sources[quantity]
            assert all(STARTER.sources[key] for key in entry.sources[quantity])


def test_every_source_is_used() -> None:
    used = {key for e in STARTER.entries.values() for keys in e.sources.values() for key in keys}
    used |= {key for row in STARTER.narrowings for key in row.source}
    assert used >= set(STARTER.sources) - {"fda-ceiling", "passes-review"}


def test_sessions_are_at_least_two_weeks_apart_and_four_on_the_face() -> None:
    for entry in STARTER.entries.values():
        assert entry.interval_days >= (14 if entry.zone == "scalp" else 28)


def test_no_eyelid_and_no_melasma() -> None:
    assert not any(re.search("lid|melasma", str(key)) for key in STARTER.entries)
    assert not any("melasma" in name for name in STARTER.indications)


def test_no_word_claims_to_bring_a_substance_into_the_skin() -> None:
    text = FILE.read_text(encoding="utf-8").lower()
    for word in (
        "deliver", "infus", "inject", "absor", "serum", "vitamin", "topical", "prp", "plasma",
        "exosome", "peptide", "growth factor", "penetration enh",
    ):  # fmt: skip
        assert word not in text, word


def test_uneven_tone_warns_of_melasma() -> None:
    for entry in STARTER.entries.values():
        if entry.indication == "uneven-tone":
            assert any("Not for melasma" in warning for warning in entry.warnings)


def test_an_esthetician_stays_above_the_dermis_and_off_the_eye() -> None:
    for (concern, zone, skin), _ in STARTER.entries.items():
        entry = STARTER.find(concern, zone, skin, "esthetician")
        if zone in ("periorbital", "body-scar", "neck"):
            assert entry is None
        elif entry is not None:
            assert entry.depth.hard.high <= 500
