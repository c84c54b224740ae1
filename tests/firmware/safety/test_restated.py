"""What safety's and treatment's kernels restate is what its owner says."""

import importlib
from pathlib import Path

import pytest

from firmware import modes
from firmware import words as place
from firmware.safety import faults, limits, rules, stop_path, transitions
from firmware.treatment import contact
from protocol import codes
from tests.firmware.safety.restated import LIMITS, SHARED

FIRMWARE = Path(limits.__file__).parents[1]
MODULES = [
    f"{folder}/{path.name}"
    for folder in ("safety", "treatment")
    for path in sorted((FIRMWARE / folder).glob("*.py"))
]


def restated(module: str) -> dict[str, int]:
    """`_NAME = const(number)` of a module, as it is in force."""
    found = vars(
        importlib.import_module("firmware." + module.removesuffix(".py").replace("/", "."))
    )
    return {
        name: value
        for name, value in found.items()
        if name.startswith("_") and name.isupper() and type(value) is int
    }


def bits(*names: str) -> int:
    """A word by the names of conditions."""
    return sum(1 << getattr(codes, f"COND_{name}") for name in names)


BITS = {
    "_BIT_SEATED": bits("SEATED"),
    "_BIT_BUTTON": bits("BUTTON"),
    "_BIT_PROVEN": bits("STOP_PATH_PROVEN"),
    "_BIT_HOMED": bits("HOMED"),
    "_BIT_TETHER_OK": bits("TETHER_OK"),
    "_BIT_NEEDLES_IN": bits("NEEDLES_IN"),
    "_BIT_CAM_PARKED": bits("CAM_PARKED"),
    "_BIT_DRIVE_ENABLED": bits("DRIVE_ENABLED"),
    "_BIT_SELF_TEST": bits("SELF_TEST_PASSED"),
    "_BIT_CONTACT": bits("CONTACT"),
    "_BIT_DWELL": bits("DWELL_WARN"),
    "_BIT_DOSE": bits("DOSE_WARN"),
    "_BITS_PARKED": bits("NEEDLES_IN", "CAM_PARKED"),
    "_BITS_PROGRESS": bits("CONTACT", "DWELL_WARN", "DOSE_WARN"),
    "_FAULT_BIT": transitions.FAULT,
    "_BUTTON_STOP_BIT": transitions.BUTTON_STOP,
    "_ARM_BUTTON": transitions.EVENT_ARM_BUTTON,
    "_MODE_WITHDRAW": modes.MODE_WITHDRAW,
    "_TAKE_GRANT": transitions.ACTION_TAKE_GRANT,
    "_CLEAR": transitions.ACTION_CLEAR,
    "_NET": rules.NET,
    "_TELL": rules.TELL,
    "_SLOT_MASK": rules.SLOTS - 1,
    "_SLOT_MS": rules.SLOTS,
    "_LISTS": rules.SLOTS + 1,
    "_RULES": len(rules.ROWS),
    "_PARK_DRIVEN": faults.PARK_DRIVEN,
    "_ZONES": len(limits.ZONE_LIMITS),
    "_STEPS": len(stop_path.STEPS),
    "_CURRENT_MOST_MA": stop_path.CURRENT_MA,
    "_LATE_FROM_US": stop_path.LATE_US,
    "_SEAT_HIGH": stop_path.SEAT_OPEN_HIGH,
    "_FLOWED": stop_path.CURRENT_FLOWED,
    "_SPOILT": stop_path.ABORTED,
    "_PROOF_CUT": stop_path.LINE_CUT,
    "_PROOF_LEAVE": stop_path.LINE_LEAVE,
    "_PROOF_STARVE": stop_path.LINE_STARVE,
    "_FREE": contact.FREE,
    "_UNSURE": contact.UNSURE,
    "_LIKELY": contact.LIKELY,
    "_CONTACT": contact.CONTACT,
    "_SAMPLE_MS": contact.SAMPLE_MS,
}
BITS_OF = {
    ("safety/conditions.py", "_BITS_CARTRIDGE"): bits("CARTRIDGE_VALID", "CARTRIDGE_FITS"),
    ("safety/conditions.py", "_BITS_PLAN"): bits(
        "CARTRIDGE_VALID", "CARTRIDGE_FITS", "PLAN_READY", "ZONE_CHOSEN"
    ),
    ("safety/transitions.py", "_BITS_CARTRIDGE"): transitions.CARTRIDGE,
    ("safety/transitions.py", "_BITS_PLAN"): transitions.PLAN,
    ("safety/grant.py", "_CURRENT_MOST_MA"): limits.CURRENT_MOST_MA,
}


@pytest.mark.parametrize("module", LIMITS)
def test_a_limit_is_the_same_in_the_kernel_that_enforces_it(module: str) -> None:
    here = restated(module)
    assert {name: here[name] for name in LIMITS[module]} == {
        name: value for name, (_, value) in LIMITS[module].items()
    }


def test_limits_that_share_a_constant_are_equal() -> None:
    for one, other in SHARED.items():
        assert getattr(limits, one) == getattr(limits, other)
    assert limits.SESSION_MS % 64 == 0


@pytest.mark.parametrize("module", MODULES)
def test_words_lie_where_the_dictionary_says(module: str) -> None:
    if module == "safety/transitions.py":
        return  # works on facts alone: its names are of states
    own = set(BITS) | {name for of, name in BITS_OF if of == module}
    for name, value in restated(module).items():
        at = getattr(place, name[1:], None)
        if type(at) is int and name not in own | set(LIMITS.get(module, ())):
            assert value == at, name


@pytest.mark.parametrize("module", MODULES)
def test_states_codes_and_bits_are_those_of_their_owners(module: str) -> None:
    for name, value in restated(module).items():
        # `_FAULT` is the word of that name, not the state.
        state = None if name == "_FAULT" else getattr(codes, f"STATE{name}", None)
        code = getattr(codes, name[1:], None) if name.startswith(("_STOP_", "_FAULT_")) else None
        event = getattr(transitions, name[1:], None) if name.startswith("_EVENT_") else None
        for owner in (state, code, event, BITS_OF.get((module, name), BITS.get(name))):
            if isinstance(owner, int):
                assert value == owner, name
