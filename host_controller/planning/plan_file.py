"""Plan files: TOML or JSON in, a complete checked `Plan` out, or every problem at once.

    format = "pen-plan/1"
    name = "three zones"
    [cartridge]
    pins = 12
    [[zones]]
    zone = "forehead"
    depth_mm = 0.50

A plan that `pen plan new --client` made also says for whom and with which library; its values are
then held against that library as well. docs/user-guide.md describes every key. Owns no state.
"""

from collections.abc import Callable
from typing import Any

from host_controller.library import starter
from host_controller.library.library import Library
from host_controller.planning import against_library, fields, made_for, plan_source, zone_rows
from host_controller.planning.plan import Plan, PlanZone
from host_controller.planning.plan_source import PlanSource
from host_controller.planning.problems import Problems

FORMAT = "pen-plan/1"
KEYS = (
    "format", "name", "mode", "tethered", "demo", "library", "library_sha256", "made_for",
    "cartridge", "zones",
)  # fmt: skip
CARTRIDGE_KEYS = ("pins", "needle_mm")
NAME_LENGTH = 16
MODES = ("hold", "latch")
NEEDLE_MIN_UM = 100
NEEDLE_MAX_UM = 3000  # as the pen


def load(path: str) -> Plan:
    """Read and check a plan file ("-" is stdin).

    Raises PlanUnreadable, PlanInvalid or PlanRefused; the last two name every wrong entry. A plan
    made with a library also raises NotInLibrary, LibraryChanged and the errors of libraries.
    """
    return check(plan_source.read(path))


def _cartridge(
    problems: Problems, value: Any, library: starter.Library
) -> tuple[int | None, int | None]:
    """(pins, needle_um)."""
    if not isinstance(value, dict):
        problems.add(
            "cartridge",
            "The cartridge is missing or no table.",
            next_step='Add [cartridge] with pins = 12 (or 24, 36, "nano").',
        )
        return None, None
    fields.known_keys(problems, "cartridge", value, CARTRIDGE_KEYS)
    pins: int | None = None
    given = value.get("pins")
    if given == "nano":
        pins = 0
    elif isinstance(given, int) and not isinstance(given, bool) and given in library.pins and given:
        pins = given
    else:
        what = "missing" if given is None else f"{str(given)[:20]!r}, which no cartridge has"
        problems.add("cartridge.pins", f"The number of pins is {what}.", '12, 24, 36 or "nano"')
    needle_um = library.needle_um
    if "needle_mm" in value:
        checked = fields.length(
            problems, "cartridge.needle_mm", value["needle_mm"], NEEDLE_MIN_UM, NEEDLE_MAX_UM
        )
        return pins, checked
    return pins, needle_um


def _frame(
    library: starter.Library, demo: bool, pins: int | None, by_library: bool
) -> zone_rows.Frame:
    depth_max_um, why = library.depth_max_um, "the pen"
    if pins == 0:
        depth_max_um, why = library.nano_depth_max_um, "a nano cartridge"
    if demo:
        depth_max_um, why = library.demo_depth_max_um, "a demonstration"
    return zone_rows.Frame(library, demo, depth_max_um, why, by_library)


def _zones(problems: Problems, value: Any, frame: zone_rows.Frame) -> list[PlanZone]:
    if not isinstance(value, list) or not value:
        problems.add(
            "zones",
            "The plan has no zones.",
            f"1 to {frame.library.zones_max}",
            "Add [[zones]] with zone and depth_mm.",
        )
        return []
    if len(value) > frame.library.zones_max:
        problems.refuse("zones", f"{len(value)} zones are too many.", f"{frame.library.zones_max}")
        return []
    rows: list[PlanZone] = []
    seen: dict[str, int] = {}
    for index, row in enumerate(value):
        where = f"zones[{index}]"
        if not isinstance(row, dict):
            problems.add(where, "A zone is a table with zone and depth_mm.")
            continue
        checked = zone_rows.check(problems, where, row, frame)
        name = row.get("zone")
        if isinstance(name, str) and name in seen:
            problems.add(
                f"{where}.zone",
                f"{name!r} is already zones[{seen[name]}].",
                next_step="Keep one of them; passes repeat a zone.",
            )
        elif isinstance(name, str):
            seen[name] = index
        if checked is not None:
            rows.append(checked)
    return rows


def check(
    source: PlanSource, library_of: Callable[[str], Library] = made_for.library_in_force
) -> Plan:
    """Check a parsed file; raises PlanInvalid or PlanRefused with every problem found.

    `library_of` finds the library with a hash; it raises where that one is not in force.
    """
    library = starter.load()
    data = source.data
    problems = Problems(source.name, source.lines)
    fields.known_keys(problems, "", data, KEYS)
    if data.get("format") != FORMAT:
        problems.add(
            "format",
            "The first line must name the format.",
            f'format = "{FORMAT}"',
            "A file of another format was made by another version of this program.",
        )
    given = made_for.read(problems, data, library_of)
    wanted = data.get("library", library.library_id)
    if given is None and wanted != library.library_id:
        problems.add("library", f"{str(wanted)[:20]!r} is not known.", library.library_id)
    name = fields.label(problems, "name", data.get("name", "plan"), NAME_LENGTH)
    mode = fields.word(problems, "mode", data.get("mode", "hold"), MODES)
    tethered = fields.flag(problems, "tethered", data.get("tethered", True))
    if given is not None and tethered is False:
        problems.refuse(
            "tethered",
            "A plan for a client is tethered: an untethered pen arms by its button alone, before "
            "any question was asked.",
            "true",
        )
    demo = fields.flag(problems, "demo", data.get("demo", False))
    pins, needle_um = _cartridge(problems, data.get("cartridge"), library)
    rows = _zones(problems, data.get("zones"), _frame(library, bool(demo), pins, given is not None))
    basis = against_library.check(problems, data.get("zones"), rows, given) if given else None
    problems.raise_any()
    return Plan(
        name=name or "",
        latch=mode == "latch",
        tethered=bool(tethered),
        demo=bool(demo),
        pins=pins or 0,
        needle_um=needle_um or 0,
        library_id=given.library.tag if given else library.library_id,
        zones=tuple(rows),
        basis=basis,
    )
