"""Checks one `[[zones]]` entry of a plan file against the zone's caps. Owns no state.

Depth has to be written; everything else has the starter library's value for the zone. A depth
above the cap needs an override with a reason and who approved it; above the override maximum
nothing helps.
"""

from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

from host_controller.library import wording
from host_controller.library.starter import Library, ZoneEntry
from host_controller.planning import fields
from host_controller.planning.plan import PlanZone
from host_controller.planning.problems import Problems
from host_controller.records.pseudonyms import is_pseudonym

KEYS = (
    "zone",
    "depth_mm",
    "first_depth_mm",
    "rate_hz",
    "passes",
    "time_limit_s",
    "dose_limit_per_cm2",
    "area_cm2",
    "override",
)
OVERRIDE_KEYS = ("reason", "approved_by")
APPROVER_LENGTH = 32
MM2_PER_CM2 = 100


class Frame(NamedTuple):
    """What the rest of the plan says that limits a zone."""

    library: Library
    demo: bool
    depth_max_um: int  # of the cartridge and of demo mode
    why: str  # what sets depth_max_um, in words
    by_library: bool = False  # a depth library judges overrides as well


def find_zone(problems: Problems, key: str, value: Any, library: Library) -> ZoneEntry | None:
    """The library entry of a zone name."""
    if isinstance(value, str) and value in library.zones:
        return library.zones[value]
    if isinstance(value, str) and wording.is_of_the_eye(value):
        problems.refuse(
            key,
            "There is no zone on the eyelid or inside the orbital rim, and none can be added.",
            next_step="'periorbital' is the skin outside the rim.",
        )
        return None
    reason = f"{value[:40]!r} is not a zone." if isinstance(value, str) else "This is no zone name."
    wanted = value.strip().lower().replace("_", "-") if isinstance(value, str) else ""
    near = get_close_matches(wanted, list(library.zones), 1, 0.5)
    hint = f"Did you mean {near[0]!r}?" if near else "Run `pen plan zones`."
    problems.add(key, reason, ", ".join(library.zones), hint)
    return None


def _override(
    problems: Problems, key: str, value: Any, library: Library
) -> tuple[int, str, str] | None:
    """(number, reason, approver) of an override table."""
    if not isinstance(value, dict):
        problems.add(
            key,
            "An override is a table with a reason and who approved it.",
            next_step='For example override = { reason = "scar", approved_by = "dr-03" }.',
        )
        return None
    fields.known_keys(problems, key, value, OVERRIDE_KEYS)
    for name in OVERRIDE_KEYS:
        if name not in value:
            problems.add(key, f"{name!r} is missing.", next_step=f"Add {name} to the override.")
            return None
    reasons = library.override_reasons
    reason = fields.word(problems, f"{key}.reason", value["reason"], reasons)
    who = fields.label(problems, f"{key}.approved_by", value["approved_by"], APPROVER_LENGTH)
    if who and not is_pseudonym(who):
        problems.add(
            f"{key}.approved_by",
            f"{who!r} is no staff code.",
            "up to 3 letters and up to 10 digits",
            "Records hold codes only, never names: for example dr-03.",
        )
    return (reasons[reason], reason, who) if reason and who else None


def _above_cap(problems: Problems, key: str, entry: ZoneEntry, depth_um: int, over: bool) -> bool:
    """Note a depth above the cap without override, or above what an override allows."""
    asked = f"{depth_um / 1000:.2f} mm"
    if depth_um > entry.override_max_um:
        problems.refuse(
            key,
            f"{asked} is above what even an override allows for {entry.name}.",
            f"up to {entry.override_max_um / 1000:.2f} mm with an override",
        )
        return True
    if depth_um > entry.cap_um and not over:
        problems.refuse(
            key,
            f"{asked} is above the cap for {entry.name}.",
            f"up to {entry.cap_um / 1000:.2f} mm; to {entry.override_max_um / 1000:.2f} mm with "
            "an override",
            "Use less, or add override = { reason, approved_by }.",
        )
        return True
    return False


def _depth(
    problems: Problems, where: str, row: dict[str, Any], frame: Frame, usual_um: int
) -> int | None:
    key = f"{where}.depth_mm"
    if "depth_mm" not in row:
        problems.add(where, "'depth_mm' is missing.", next_step="Depth is never assumed: write it.")
        return None
    library = frame.library
    depth_um = fields.length(
        problems, key, row["depth_mm"], library.depth_min_um, library.depth_max_um, usual_um
    )
    if depth_um is not None and depth_um > frame.depth_max_um:
        problems.refuse(
            key,
            f"{depth_um / 1000:.2f} mm is too deep for {frame.why}.",
            f"up to {frame.depth_max_um / 1000:.2f} mm",
        )
        return None
    return depth_um


def _first_depth(
    problems: Problems,
    where: str,
    row: dict[str, Any],
    frame: Frame,
    entry: ZoneEntry,
    depth_um: int,
) -> int | None:
    """Depth of the first pass: shallower than the others, which there have to be."""
    key = f"{where}.first_depth_mm"
    low_um = frame.library.depth_min_um
    first_um = fields.length(problems, key, row["first_depth_mm"], low_um, depth_um)
    if row.get("passes", entry.passes) == 1:
        problems.add(key, "There is one pass only, so none comes first.", next_step="Leave it out.")
    return first_um


def check(problems: Problems, where: str, row: dict[str, Any], frame: Frame) -> PlanZone | None:
    """The checked row, or None after its problems have been noted."""
    before = len(problems.found)
    library = frame.library
    fields.known_keys(problems, where, row, KEYS)
    if "zone" not in row:
        problems.add(where, "'zone' is missing.", ", ".join(library.zones))
        return None
    entry = find_zone(problems, f"{where}.zone", row["zone"], library)
    depth_um = _depth(problems, where, row, frame, entry.cap_um if entry else 0)
    override = None
    if "override" in row:
        override = _override(problems, f"{where}.override", row["override"], library)
    if entry is None or depth_um is None:
        return None
    # A library's soft range ends at the cap or before it, so it asks for the reason itself.
    over = "override" in row or frame.by_library
    above = _above_cap(problems, f"{where}.depth_mm", entry, depth_um, over)
    if not above and not frame.by_library:
        _needless_override(problems, where, entry, depth_um, row)

    first_um: int | None = 0
    if "first_depth_mm" in row:
        first_um = _first_depth(problems, where, row, frame, entry, depth_um)
    lowest = library.rate_min_chz if frame.demo else entry.rate_min_chz
    optional = {
        "rate_chz": fields.rate(
            problems,
            f"{where}.rate_hz",
            row.get("rate_hz", Decimal(entry.rate_chz) / fields.CENTIHERTZ),
            lowest,
            entry.rate_max_chz,
        ),
        "passes": fields.whole(
            problems, f"{where}.passes", row.get("passes", entry.passes), 1, library.passes_max
        ),
        "time_limit_s": fields.whole(
            problems,
            f"{where}.time_limit_s",
            row.get("time_limit_s", library.time_limit_s),
            1,
            library.time_limit_max_s,
            "s",
        ),
        "dose_limit_per_cm2": fields.whole(
            problems,
            f"{where}.dose_limit_per_cm2",
            row.get("dose_limit_per_cm2", library.dose_limit_per_cm2),
            1,
            library.dose_limit_max_per_cm2,
            "punctures per cm²",
        ),
        "area_cm2": fields.whole(
            problems,
            f"{where}.area_cm2",
            row.get("area_cm2", entry.area_mm2 // MM2_PER_CM2),
            library.area_min_mm2 // MM2_PER_CM2,
            library.area_max_mm2 // MM2_PER_CM2,
            "cm²",
        ),
    }
    values = {name: value for name, value in optional.items() if value is not None}
    if len(problems.found) > before or len(values) < len(optional) or first_um is None:
        return None
    area_mm2 = values.pop("area_cm2") * MM2_PER_CM2
    reason, text, approver = override or (0, "", "")
    return PlanZone(
        zone=entry.zone,
        depth_um=depth_um,
        area_mm2=area_mm2,
        override_reason=reason,
        override_text=text,
        approved_by=approver,
        first_depth_um=first_um,
        **values,
    )


def _needless_override(
    problems: Problems, where: str, entry: ZoneEntry, depth_um: int, row: dict[str, Any]
) -> None:
    """An override that overrides nothing is a mistake in the depth or in the override."""
    if "override" in row and depth_um <= entry.cap_um:
        problems.add(
            f"{where}.override",
            f"{depth_um / 1000:.2f} mm needs no override: the cap is {entry.cap_um / 1000:.2f} mm.",
            next_step="Remove the override, or correct the depth.",
        )
