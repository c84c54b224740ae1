"""The starter zones: complete, nesting, unapproved, and the same as the pen's own limits."""

import pytest

from firmware.safety import limits
from host_controller.library import starter
from host_controller.library.starter import nests
from protocol.zones import ZONES

# Restated by hand: zone, default, cap, override maximum in um.
DEPTHS = {
    "forehead": (500, 750, 1500),
    "glabella": (500, 750, 1500),
    "temple": (500, 750, 1000),
    "periorbital": (250, 500, 750),
    "nose": (250, 500, 750),
    "cheek": (1000, 1500, 2000),
    "malar": (750, 1000, 1500),
    "perioral": (500, 750, 1000),
    "chin": (750, 1000, 1500),
    "neck": (500, 1000, 1500),
    "decolletage": (500, 750, 1000),
    "cheek-acne-scar": (1500, 1500, 2000),
    "body-scar": (1500, 1500, 2500),
    "striae": (1500, 1500, 2000),
    "scalp": (600, 1000, 1500),
    "hand": (500, 750, 1000),
}


def test_every_zone_of_the_wire_has_its_entry() -> None:
    library = starter.load()
    assert {entry.zone: name for name, entry in library.zones.items()} == dict(ZONES)


@pytest.mark.parametrize("name", DEPTHS)
def test_depths_are_those_of_the_reference(name: str) -> None:
    entry = starter.load().zones[name]
    assert (entry.depth_um, entry.cap_um, entry.override_max_um) == DEPTHS[name]


@pytest.mark.parametrize("row", limits.ZONE_LIMITS)
def test_caps_and_rates_are_the_pens_own(row: tuple[int, int, int, int, int]) -> None:
    (entry,) = [entry for entry in starter.load().zones.values() if entry.zone == row[0]]
    found = (entry.cap_um, entry.override_max_um, entry.rate_min_chz, entry.rate_max_chz)
    assert found == row[1:]


def test_the_devices_limits_are_the_pens_own() -> None:
    library = starter.load()
    assert library.depth_min_um == limits.DEPTH_MIN_UM
    assert library.depth_max_um == limits.DEPTH_HARD_CAP_UM
    assert library.demo_depth_max_um == limits.DEPTH_DEMO_CAP_UM
    assert (library.rate_min_chz, library.rate_max_chz) == (
        limits.RATE_MIN_CHZ,
        limits.RATE_MAX_CHZ,
    )
    assert library.passes_max == limits.PASSES_MAX
    assert library.zones_max == limits.SESSION_ZONES_MAX
    assert library.time_limit_max_s == limits.ZONE_TIME_MAX_S
    assert library.dose_limit_max_per_cm2 == limits.DOSE_MAX_PER_CM2
    assert (library.area_min_mm2, library.area_max_mm2) == (
        limits.AREA_MIN_MM2,
        limits.AREA_MAX_MM2,
    )
    nano = limits.cartridge_row(0)
    assert nano is not None
    assert library.nano_depth_max_um == nano[2]


def test_it_says_that_nobody_has_approved_it() -> None:
    library = starter.load()
    assert library.approval == "derived, not clinically approved"
    assert all(entry.source for entry in library.zones.values())


def test_a_default_above_its_cap_does_not_nest() -> None:
    library = starter.load()
    entry = library.zones["nose"]
    assert nests(entry, library)
    assert not nests(entry._replace(depth_um=501), library)
    assert not nests(entry._replace(rate_chz=4999), library)
