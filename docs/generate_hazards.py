"""Write docs/hazards.md from docs/hazards/hazards.toml: matrix, table, then each hazard.

What the tests said last stands in the trace report (`make trace`), not here: this page follows
from the sources alone.
"""

from collections import Counter

from docs.hazard_file import CODE, FILE, ROOT, Control, Hazard, HazardFile, load
from firmware.safety import limits
from protocol import codes
from protocol.zones import zone_name

PAGE = ROOT / "docs" / "hazards.md"
MARKS = {"yes": "", "with reason": "*", "no": "**!**"}
STATUS = {"controlled": "controlled", "partly": "partly, rest later", "later": "later"}

HEAD = """# Hazards

What can hurt somebody, what is done about it, and what shows that it works. **Not a cleared medical device; not for use on people.**
Made from [hazards/hazards.toml](hazards/hazards.toml), in the form of ISO 14971; a test fails when a hazard has no control, a control no test or a limit of
`firmware/safety/limits.py` no hazard. `make trace` runs every test named here and writes which passed.

Severity and probability are estimates of the project: there are no field data yet, and a clinician has not reviewed them.
"Before" is the pen without its controls, "after" the pen as it stands today; where something is still missing, "after" does not count on it.
"""

ZONES = """## Where the zone caps come from

Depth is **protrusion** of the needles, not how deep they get. The device class was evaluated to 1.5 mm in the face, so nothing goes beyond that without a reason in the plan, and the mechanical range ends at 2.5 mm.
Where skin is thin, or eye, bone or cartilage are near, the cap is the upper end of what pen makers advise; the maximum with a reason is the deepest that a trial, a review or a device's clearance used there, lowered by judgement near eye, nose, temple and neck.
Rates are a judgement within 50 to 150 Hz, which is what cleared pens use; no trial supports a rate for a zone. All of it waits for a clinician's review.

| zone | cap mm | with a reason mm | rate Hz |
|---|--:|--:|---|
"""


def sentence_list(items: list[str]) -> str:
    """'a, b and c'."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def matrix(file: HazardFile, when: str) -> str:
    """Severity against probability, with the hazards that lie there."""
    probabilities = sorted(file.probability)
    lines = [
        f"| {when} | " + " | ".join(probabilities) + " |",
        "|---" * (len(probabilities) + 1) + "|",
    ]
    for severity in sorted(file.severity, reverse=True):
        cells = []
        for probability in probabilities:
            here = [
                hazard.number
                for hazard in file.hazards
                if (hazard.severity, getattr(hazard, when)) == (severity, probability)
            ]
            mark = MARKS[file.accepted(severity, probability)]
            cells.append(f"{' '.join(here)} {mark}".strip())
        lines.append(f"| **{severity}** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def scale(file: HazardFile) -> str:
    """What the letters mean."""
    words = [*sorted(file.severity.items()), *sorted(file.probability.items())]
    lines = ["| | |", "|---|---|", *(f"| {name} | {meaning} |" for name, meaning in words)]
    return "\n".join(lines)


def summary(file: HazardFile) -> str:
    """Counts, and what is not accepted today."""
    statuses = Counter(hazard.status for hazard in file.hazards)
    bad = [h.number for h in file.hazards if file.accepted(h.severity, h.after) == "no"]
    tests = {t for h in file.hazards for c in h.controls for t in c.tests}
    controls = sum(len(hazard.controls) for hazard in file.hazards)
    lines = [
        f"{len(file.hazards)} hazards: {statuses['controlled']} controlled, {statuses['partly']} partly, "
        f"{statuses['later']} left to parts that are not built yet; {controls} controls, {len(tests)} tests, "
        f"{len(file.open_points)} open points."
    ]
    if bad:
        lines.append(f"Not accepted as it stands today: {sentence_list(bad)}.")
    return "\n".join(lines)


def table(file: HazardFile) -> str:
    """One line per hazard."""
    lines = [
        "| id | hazard | severity | before | after | accepted | state |",
        "|---|---|---|---|---|---|---|",
    ]
    for hazard in file.hazards:
        lines.append(
            f"| [{hazard.number}](#{hazard.number.lower()}) | {hazard.title} | {hazard.severity} "
            f"| {hazard.before} | {hazard.after} | {file.accepted(hazard.severity, hazard.after)} "
            f"| {STATUS[hazard.status]}{', **open**' if file.open_for(hazard.number) else ''} |"
        )
    return "\n".join(lines)


def short(name: str) -> str:
    """A name of the code with its number or value where that says something."""
    last = name.rpartition(".")[2]
    if name.startswith("firmware.safety.limits."):
        value = getattr(limits, last)
        return f"`{last}` = {value}" if isinstance(value, int) else f"`{last}`"
    if CODE.fullmatch(name) and not name.startswith("COND_"):
        return f"`{name}` ({getattr(codes, name)})"
    return f"`{name if '.' in name and last[0].islower() else last}`"


def control_text(control: Control) -> str:
    """A control as a list item with its names and tests."""
    tests = ", ".join(f"`{test.rpartition('/')[2]}`" for test in control.tests)
    names = ", ".join(short(name) for name in control.names)
    return f"- **{control.kind}**: {control.does} {names}\n  - shown by {tests}"


def section(file: HazardFile, hazard: Hazard) -> str:
    """Everything about one hazard."""
    parts = [
        f'<a id="{hazard.number.lower()}"></a>\n### {hazard.number} {hazard.title}',
        f"{hazard.sequence} **Harm:** {hazard.harm} **{hazard.severity}**, {hazard.before} → {hazard.after}.",
    ]
    if hazard.controls:
        parts.append("\n".join(control_text(control) for control in hazard.controls))
    tail = [f"Remains: {hazard.residual}"]
    if hazard.later:
        tail.append(f"**Later** ({hazard.place}): {hazard.later}")
    tail += [f"**Open:** {point.what}" for point in file.open_for(hazard.number)]
    parts.append("\n\n".join(tail))
    return "\n\n".join(parts)


def open_points(file: HazardFile) -> str:
    """What is not yet closed."""
    lines = ["## Open points", ""]
    if not file.open_points:
        return "\n".join([*lines, "None.", ""])
    lines += [f"- {' '.join(point.hazards)}: {point.what}" for point in file.open_points]
    return "\n".join([*lines, ""])


def zones() -> str:
    """The caps of the zones, from the limits themselves."""
    rows = [
        f"| {zone_name(zone)} | {cap / 1000:.2f} | {most / 1000:.2f} | {low // 100} to {high // 100} |"
        for zone, cap, most, low, high in limits.ZONE_LIMITS
    ]
    return ZONES + "\n".join(rows) + "\n"


def text(file: HazardFile) -> str:
    """The page."""
    marks = "Marks: * accepted with the reason given as what remains, **!** not accepted."
    return "\n".join(
        [
            HEAD,
            summary(file),
            "",
            "## Risk",
            "",
            scale(file),
            "",
            matrix(file, "before"),
            "",
            matrix(file, "after"),
            "",
            marks,
            "",
            "## Table",
            "",
            table(file),
            "",
            open_points(file),
            zones(),
            "## Each hazard",
            "",
            "\n\n".join(section(file, hazard) for hazard in file.hazards),
            "",
        ]
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(text(load(FILE)), encoding="utf-8")


if __name__ == "__main__":
    main()
