"""The state table once more, by hand: which state may follow which, and on what facts."""

from firmware.safety import faults, transitions
from protocol import codes

BIT = {name: 1 << number for number, name in enumerate(
    ["self_test", "homed", "seated", "valid", "fits", "plan", "zone", "button", "tether",
     "battery_ok", "needles_in", "parked_cam", "contact", "temperature", "battery", "rate",
     "dwell", "dose", "enabled", "proven", "fault", "stop", "button_stop", "press", "arm_host",
     "arm_button", "in_position", "parked", "timeout", "acknowledged"]
)}  # fmt: skip

CARTRIDGE = "seated valid"
PLAN = "plan zone fits"
RUN = "seated valid plan zone fits self_test homed proven tether"
START = RUN + " needles_in battery_ok"

# state, need all, block any, lack any, next, action
BY_HAND = [
    ("boot", "fault", "", "", "fault", 0),
    ("boot", "self_test homed", "", "", "idle", 0),
    ("idle", "fault", "", "", "fault", 0),
    ("idle", CARTRIDGE, "", "", "seated", 0),
    ("seated", "fault", "", "", "fault", 0),
    ("seated", "", "", CARTRIDGE, "idle", 0),
    ("seated", PLAN, "", "", "configured", 0),
    ("configured", "fault", "", "", "fault", 0),
    ("configured", "", "", CARTRIDGE, "idle", 0),
    ("configured", "", "", PLAN, "seated", 0),
    ("configured", START + " arm_host", "stop button", "", "armed", 0),
    ("configured", START + " arm_button", "stop", "", "armed", 0),
    ("armed", "fault", "", "", "fault", 0),
    ("armed", "stop", "", "", "configured", 0),
    ("armed", "timeout", "", "", "configured", 0),
    ("armed", "", "", START, "configured", 0),
    ("armed", START + " press", "", "", "positioning", 1),
    ("positioning", "fault", "", "", "parking", 0),
    ("positioning", "stop", "", "", "parking", 0),
    ("positioning", "button_stop", "", "", "parking", 0),
    ("positioning", "", "", RUN, "parking", 0),
    ("positioning", RUN + " in_position", "", "", "running", 0),
    ("running", "fault", "", "", "parking", 0),
    ("running", "stop", "", "", "parking", 0),
    ("running", "button_stop", "", "", "parking", 0),
    ("running", "", "", RUN, "parking", 0),
    ("parking", "fault parked", "", "", "fault", 0),
    ("parking", "fault timeout", "", "", "fault", 0),
    ("parking", START + " parked", "fault stop", "", "armed", 0),
    ("parking", "parked", "fault", "", "configured", 0),
    ("fault", "acknowledged", "", "", "boot", 2),
]
STATES = [
    "boot", "idle", "seated", "configured", "armed", "positioning", "running", "parking", "fault",
]  # fmt: skip


def bits(names: str) -> int:
    return sum(BIT[name] for name in names.split())


ROWS = [
    (STATES.index(state), bits(need), bits(block), bits(lack), STATES.index(following), action)
    for state, need, block, lack, following, action in BY_HAND
]


def test_every_row_is_the_one_that_was_reasoned() -> None:
    assert list(transitions.ROWS) == ROWS


def test_the_tick_walks_these_rows() -> None:
    first = len(STATES) + 1
    starts, columns = [], []
    for state in range(len(STATES)):
        starts.append(first + len(columns))
        columns += [number for row in ROWS if row[0] == state for number in row[1:]]
    assert list(transitions.TABLE) == [*starts, first + len(columns), *columns]


def test_what_fits_is_taken_and_what_does_not_stays() -> None:
    for state, need, block, lack, following, action in ROWS:
        found = transitions.next_row(state, need)
        if not lack:
            assert found is not None
            before = ROWS[: ROWS.index((state, need, block, lack, following, action))]
            if not any(row[0] == state and row[3] for row in before):
                assert found[0] == state
        if need & need - 1:
            lowest = need & -need
            assert transitions.next_row(state, need ^ lowest) != (
                state, need, block, lack, following, action,
            )  # fmt: skip
    assert transitions.next_row(0, 0) is None
    assert transitions.next_row(8, 0) is None
    assert transitions.next_row(8, bits("acknowledged")) == ROWS[-1]
    assert transitions.next_row(0, bits("self_test homed")) == ROWS[1]


def test_facts_actions_and_columns_have_their_numbers() -> None:
    for number, name in enumerate(
        ("FAULT", "STOP", "BUTTON_STOP", "PRESS", "ARM_HOST", "ARM_BUTTON", "IN_POSITION",
         "PARKED", "TIMEOUT", "ACKNOWLEDGED"), 20,
    ):  # fmt: skip
        assert getattr(transitions, f"EVENT_{name}") == number
        assert getattr(transitions, name) == 1 << number
    assert len(transitions.EVENT_NAMES) == 10
    assert bits(CARTRIDGE) == transitions.CARTRIDGE
    assert bits(PLAN) == transitions.PLAN
    assert bits("self_test homed proven") == transitions.PROVEN
    assert bits(RUN) == transitions.MAY_RUN
    assert bits(START) == transitions.MAY_START
    assert bits("button") == transitions.BUTTON
    assert bits("self_test homed") == transitions.READY
    assert (transitions.ACTION_NONE, transitions.ACTION_TAKE_GRANT, transitions.ACTION_CLEAR) == (
        0, 1, 2,
    )  # fmt: skip
    columns = ("STATE", "NEED", "BLOCK", "LACK", "NEXT", "ACTION")
    assert [getattr(transitions, f"COLUMN_{name}") for name in columns] == list(range(6))


# Fault: creeps home with its motor (1) or withdraws with the drive cut (2); acknowledged by the
# host once the cause is gone (1) or by a power cycle alone (2).
FAULTS = {
    10: (1, 1), 11: (1, 1), 12: (1, 2), 13: (1, 1), 20: (2, 1), 21: (1, 1), 22: (2, 1),
    23: (2, 1), 24: (2, 1), 25: (2, 1), 26: (2, 2), 27: (2, 1), 28: (2, 2), 29: (2, 1),
    30: (1, 1), 31: (1, 1), 32: (1, 1), 33: (1, 1), 34: (1, 1), 40: (2, 1), 60: (2, 1),
    61: (2, 1), 62: (1, 1), 63: (2, 2), 64: (2, 1), 65: (1, 1), 66: (1, 1), 67: (2, 2),
}  # fmt: skip


def test_every_fault_parks_and_is_acknowledged_as_was_reasoned() -> None:
    assert {row[0]: row[1:] for row in faults.ROWS} == FAULTS
    assert (faults.PARK_DRIVEN, faults.PARK_WITHDRAWN) == (1, 2)
    assert (faults.BY_HOST, faults.BY_POWER) == (1, 2)
    for fault in range(256):
        parking, by = FAULTS.get(fault, (2, 2))
        assert faults.fault_row(fault) == (fault, parking, by)
        assert faults.PARKING[fault] == parking
    assert len(faults.PARKING) == len(faults.RANKS) == 256
    assert codes.STATE_FAULT == 8
