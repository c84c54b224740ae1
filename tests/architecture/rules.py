"""Who may import whom: the table that `test_imports.py` enforces. Data only.

The rule with the longest matching name decides for a module. A package may always import itself.
"""

import dataclasses

# Plain names without behaviour, which every part of the firmware may know.
LEAVES = (
    *("protocol.codes", "protocol.interpreter"),
    *("firmware.modes", "firmware.readings", "firmware.words"),
)


@dataclasses.dataclass(frozen=True)
class Rule:
    """One line of the table."""

    who: str
    may: tuple[str, ...]
    why: str
    libraries: tuple[str, ...] | None = None  # None: any module of the standard library


# On every interpreter.
BOTH = ("array", "binascii", "gc", "hashlib", "json", "micropython", "struct", "sys")
PIPE = (*BOTH, "io", "os", "select", "uctypes")  # hal: the simulated bench's pipe

RULES = (
    Rule("protocol", (), "one wire for three interpreters", BOTH),
    Rule("hardware.board", (), "constants have no opinion", ("micropython",)),
    Rule("hardware.plant", ("hardware.board",), "physics must not know what the control hopes"),
    Rule("hardware", (), "the folder itself is nothing but its parts"),
    Rule(
        "hardware.simulator",
        ("hardware.plant", "hardware.board", "firmware", "protocol"),
        "the bench joins the plant and the firmware and knows no host",
    ),
    Rule(
        "firmware.hal",
        ("hardware.board", *LEAVES),
        "a board answers ports and knows nothing of the product",
        PIPE,
    ),
    Rule(
        "firmware.hal.ports",
        ("protocol.interpreter", "firmware.words"),
        "ports are what everything else is built on",
        BOTH,
    ),
    Rule(
        "firmware.hal.rp2040",
        ("firmware.hal.ports", "hardware.board", *LEAVES),
        "what only the board can run stays small",
        (*PIPE, "machine", "pen_console", "rp2", "time", "vfs"),
    ),
    Rule(
        "firmware.drivers",
        ("firmware.hal.ports", "hardware.board", "protocol.cartridge_layout", *LEAVES),
        "parts know themselves, not the product",
        BOTH,
    ),
    Rule(
        "firmware.storage",
        ("firmware.hal.ports", "hardware.board", *LEAVES),
        "records survive whatever they hold",
        BOTH,
    ),
    Rule(
        "firmware.control",
        ("firmware.hal.ports", "firmware.drivers", "hardware.board", *LEAVES),
        "control asks; it cannot grant",
        BOTH,
    ),
    Rule(
        "firmware.safety",
        ("firmware.hal.ports", "protocol.zones", *LEAVES),
        "safety is reviewed alone; no bug in parsing or tuning can reach it",
        BOTH,
    ),
    Rule(
        "firmware.treatment",
        ("protocol", "firmware.safety.limits", *LEAVES),
        "the plan and its progress are numbers, not parts; limits stand in one table",
        BOTH,
    ),
    Rule(
        "firmware.comms",
        ("protocol", "firmware.hal.ports", *LEAVES),
        "button and host take the same path through the supervisor",
        BOTH,
    ),
    Rule(
        "firmware.update",
        ("protocol", "firmware.hal.ports", *LEAVES),
        "it asks the button and reads the flash, and leaves nothing by itself",
        BOTH,
    ),
    Rule(
        "firmware.diagnostics",
        (
            "protocol",
            "firmware.hal.ports",
            "firmware.drivers",
            "firmware.storage",
            "hardware.board",
            *LEAVES,
        ),
        "diagnosis reads the parts and the logs and reports names",
        BOTH,
    ),
    Rule(
        "firmware.boards",
        (
            *("firmware.version", "hardware.board", "hardware.simulator.apt_sources"),
            *("protocol.image_info", "protocol.version"),
        ),
        "the image's build runs at a desk and is not in the image",
    ),
    Rule("firmware.modes", ("protocol.interpreter",), "a leaf", BOTH),
    Rule("firmware.readings", ("firmware.words",), "a leaf", BOTH),
    Rule("firmware.words", ("protocol.interpreter",), "a leaf", BOTH),
    Rule(
        "firmware",
        ("protocol", "hardware.board"),
        "the places where the firmware is put together know all of it and nothing outside",
        BOTH,
    ),
    Rule(
        "host_controller",
        ("protocol",),
        "limits come from the pen, so the host works with any pen of its schema",
    ),
)

# Libraries from outside the standard library and the one place that may use each.
OUTSIDE = {
    "click": ("host_controller.cli",),
    "rich": ("host_controller",),
    "platformdirs": ("host_controller",),
    "serial": ("host_controller.transport",),
    "sqlalchemy": ("host_controller.records",),
    "alembic": ("host_controller.records",),
    "tomlkit": ("host_controller",),
    "typst": ("host_controller.reports",),
    "nicegui": ("host_controller.ui",),
    "starlette": ("host_controller.ui",),  # what NiceGUI is made of
}
