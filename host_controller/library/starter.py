"""Reads the starter zones: defaults, caps and override maxima per zone.

The figures are data (`starter_zones.toml`) with their source and approval state; this module turns
them into integers and checks that the limits nest. Owns nothing but a cache of the file.
"""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from protocol.zones import zone_id

_FILE = Path(__file__).with_name("starter_zones.toml")


class ZoneEntry(NamedTuple):
    """One zone of the library; depths in um of needle protrusion, rates in 0.01 Hz."""

    zone: int
    name: str
    title: str
    depth_um: int
    cap_um: int
    override_max_um: int
    rate_chz: int
    rate_min_chz: int
    rate_max_chz: int
    passes: int
    area_mm2: int
    skin_um: int
    remark: str
    source: str


class Library(NamedTuple):
    """The starter zones and the device's own limits."""

    library_id: str
    version: int
    approval: str
    source: str
    depth_min_um: int
    depth_max_um: int
    depth_step_um: int
    rate_min_chz: int
    rate_max_chz: int
    passes_max: int
    zones_max: int
    time_limit_max_s: int
    dose_limit_max_per_cm2: int
    area_min_mm2: int
    area_max_mm2: int
    demo_depth_max_um: int
    nano_depth_max_um: int
    pins: tuple[int, ...]  # 0 is nano
    needle_um: int
    dose_limit_per_cm2: int
    time_limit_s: int
    override_reasons: dict[str, int]
    zones: dict[str, ZoneEntry]


def _um(value_mm: Any) -> int:
    return int(Decimal(value_mm) * 1000)


def _chz(value_hz: Any) -> int:
    return int(Decimal(value_hz) * 100)


def _entry(row: dict[str, Any]) -> ZoneEntry:
    return ZoneEntry(
        zone=zone_id(row["zone"]),
        name=row["zone"],
        title=row["title"],
        depth_um=_um(row["depth_mm"]),
        cap_um=_um(row["cap_mm"]),
        override_max_um=_um(row["override_max_mm"]),
        rate_chz=_chz(row["rate_hz"]),
        rate_min_chz=_chz(row["rate_range_hz"][0]),
        rate_max_chz=_chz(row["rate_range_hz"][1]),
        passes=row["passes"],
        area_mm2=row["area_cm2"] * 100,
        skin_um=row["skin_um"],
        remark=row["remark"],
        source=row["source"],
    )


def nests(entry: ZoneEntry, library: Library) -> bool:
    """True when minimum <= default <= cap <= override maximum <= device maximum, rates alike."""
    depths = (
        library.depth_min_um,
        entry.depth_um,
        entry.cap_um,
        entry.override_max_um,
        library.depth_max_um,
    )
    rates = (
        library.rate_min_chz,
        entry.rate_min_chz,
        entry.rate_chz,
        entry.rate_max_chz,
        library.rate_max_chz,
    )
    return list(depths) == sorted(depths) and list(rates) == sorted(rates)


@cache
def load() -> Library:
    """Read and check the file that is part of the program; raises ValueError if it is damaged."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"), parse_float=Decimal)
    device, defaults = data["device"], data["defaults"]
    library = Library(
        library_id=data["library_id"],
        version=data["version"],
        approval=data["approval"],
        source=data["source"],
        depth_min_um=_um(device["depth_min_mm"]),
        depth_max_um=_um(device["depth_max_mm"]),
        depth_step_um=_um(device["depth_step_mm"]),
        rate_min_chz=_chz(device["rate_min_hz"]),
        rate_max_chz=_chz(device["rate_max_hz"]),
        passes_max=device["passes_max"],
        zones_max=device["zones_max"],
        time_limit_max_s=device["time_limit_max_s"],
        dose_limit_max_per_cm2=device["dose_limit_max_per_cm2"],
        area_min_mm2=device["area_min_cm2"] * 100,
        area_max_mm2=device["area_max_cm2"] * 100,
        demo_depth_max_um=_um(device["demo_depth_max_mm"]),
        nano_depth_max_um=_um(device["nano_depth_max_mm"]),
        pins=tuple(0 if pins == "nano" else pins for pins in device["pins"]),
        needle_um=_um(defaults["needle_mm"]),
        dose_limit_per_cm2=defaults["dose_limit_per_cm2"],
        time_limit_s=defaults["time_limit_s"],
        override_reasons=data["override_reasons"],
        zones={row["zone"]: _entry(row) for row in data["zones"]},
    )
    wrong = [e.name for e in library.zones.values() if not e.zone or not nests(e, library)]
    if wrong:
        raise ValueError(f"starter zones do not nest or have no number: {', '.join(wrong)}")
    return library
