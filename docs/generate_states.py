"""Write docs/states.md from the state table of the firmware: a diagram, the table, what it means.

Only what follows from the sources stands there; how many states and fact sets were walked is
measured (`make model-check`) and stands in docs/evidence.md.
"""

from pathlib import Path

from firmware.safety import transitions as table
from protocol import codes

PAGE = Path(__file__).resolve().parent / "states.md"
FACTS = codes.CONDITION_NAMES + table.EVENT_NAMES

# Groups that the table itself names, largest first; a row that needs all of one says its name.
GROUPS = (
    ("all to start", table.MAY_START),
    ("all to run", table.MAY_RUN),
    ("plan in force", table.PLAN),
    ("cartridge", table.CARTRIDGE),
    ("tested and homed", table.READY),
)
MISSING = {
    "all to start": "something missing to start",
    "all to run": "something missing to run",
    "plan in force": "no plan in force",
    "cartridge": "no cartridge",
}
ACTIONS = {
    table.ACTION_NONE: "",
    table.ACTION_TAKE_GRANT: "depth and rate are taken over from the plan, checked against every limit, and held",
    table.ACTION_CLEAR: "the fault is forgotten, self-test and homing begin again",
}

HEAD = """# States

What the pen may do next, and on what facts. Made from `firmware/safety/transitions.py`, which is data and one pure function; the supervisor asks it once per tick.
Within a state the first row that fits is taken, so **the order is the priority**: every reason to stop stands before every reason to start.

`make model-check` walks every reachable state with every set of facts that can be true together and looks at each tick
(`tests/safety_model`): no way to moving needles without self-test, homing, proof of the stop path, cartridge, plan, lease, arming and a fresh press of the pen's own button;
a fault is at most two ticks away from anywhere and is left only by acknowledging; every run ends in parking, and parking always ends. It also plants every single change of the table and shows that each one that matters is found.

```mermaid
stateDiagram-v2
"""

TAIL = """
## Words

| word | facts |
|---|---|
"""


def words(facts: int) -> list[str]:
    """Names of the facts, with the groups of the table where all of a group is there."""
    found = []
    for name, group in GROUPS:
        if facts & group == group:
            found.append(name)
            facts &= ~group
    return found + [name for number, name in enumerate(FACTS) if facts >> number & 1]


def identifier(state: int) -> str:
    """A name that the diagram can use."""
    return codes.STATE_NAMES[state].replace(" ", "_")


def reason(row: tuple[int, ...]) -> str:
    """Why a row is taken, in a line."""
    parts = words(row[table.COLUMN_NEED])
    if row[table.COLUMN_LACK]:
        (name,) = words(row[table.COLUMN_LACK])
        parts.append(MISSING[name])
    return ", ".join(parts)


def diagram() -> str:
    """The table as a state diagram, one arrow per pair of states."""
    arrows: dict[tuple[int, int], list[str]] = {}
    for row in table.ROWS:
        pair = (row[table.COLUMN_STATE], row[table.COLUMN_NEXT])
        arrows.setdefault(pair, []).append(reason(row))
    lines = [f"  {identifier(n)} : {name}" for n, name in enumerate(codes.STATE_NAMES)]
    lines.append(f"  [*] --> {identifier(codes.STATE_BOOT)}")
    for (state, after), reasons in arrows.items():
        lines.append(f"  {identifier(state)} --> {identifier(after)} : {' / '.join(reasons)}")
    return "\n".join(lines)


def rows() -> str:
    """The table itself, in its order."""
    lines = ["| in | when | unless | goes to | and |", "|---|---|---|---|---|"]
    previous = -1
    for row in table.ROWS:
        state = row[table.COLUMN_STATE]
        name = f"**{codes.STATE_NAMES[state]}**" if state != previous else ""
        previous = state
        lines.append(
            f"| {name} | {reason(row)} | {', '.join(words(row[table.COLUMN_BLOCK]))} "
            f"| {codes.STATE_NAMES[row[table.COLUMN_NEXT]]} | {ACTIONS[row[table.COLUMN_ACTION]]} |"
        )
    return "\n".join(lines)


def legend() -> str:
    """What the groups hold."""
    lines = []
    for name, group in GROUPS:
        facts = [fact for number, fact in enumerate(FACTS) if group >> number & 1]
        lines.append(f"| {name} | {', '.join(facts)} |")
    return "\n".join(lines)


def text() -> str:
    """The page."""
    return f"{HEAD}{diagram()}\n```\n\n## The table\n\n{rows()}\n{TAIL}{legend()}\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
