"""Bugs that would hurt somebody, to be planted in the firmware's source one at a time.

Data: where, what is replaced by what, the test that is named after the place, the promise that the
campaign sees broken and the shortest script in which it does. A pattern that is no longer in the
source fails loudly: plant the bug anew where the code now is. Owns no state.
"""

from dataclasses import dataclass

from tests.campaign.script import Script
from tests.campaign.treatment import PRESS, treatment

COLD = (1500, "fault", "ntc_open", True)  # the thermistor's wire is off: reads far too cold
STAMPING = tuple(
    moment
    for at_ms in range(1000, 5500, 700)
    for moment in ((at_ms, "press"), (at_ms + 250, "release"))
)


@dataclass(frozen=True)
class Bug:
    """One deliberate mistake."""

    name: str
    path: str
    before: str  # must be there exactly once
    after: str
    test: str  # that looks at the place by itself
    promise: str  # of tests/campaign that it breaks
    script: Script  # of the campaign in which it does


BUGS = (
    Bug(
        "a limit off by one step",
        "firmware/treatment/plan.py",
        "if not slowest_chz <= row.rate_chz <= fastest_chz:",
        "if not slowest_chz <= row.rate_chz <= fastest_chz + 100:",
        "tests/firmware/treatment/test_plan.py",
        "PlansWithinLimits",
        treatment(*PRESS, rate_chz=15_100),
    ),
    Bug(
        "no debounce",
        "firmware/safety/conditions.py",
        "_SEAT_LOST_MS = const(5)",
        "_SEAT_LOST_MS = const(1)",
        "tests/firmware/safety/test_conditions.py",
        "Calm",
        treatment(*PRESS, (1500, "fault", "cartridge_out_ms", 1.5)),
    ),
    Bug(
        "a fault that clears itself",
        "firmware/safety/events.py",
        "    if w[_FAULT]:\n        facts |= 1 << _EVENT_FAULT\n",
        "    if w[_FAULT]:\n        facts |= 1 << _EVENT_FAULT | 1 << _EVENT_ACKNOWLEDGED\n",
        "tests/firmware/safety/test_events.py",
        "FaultsStay",
        treatment(*PRESS, COLD),
    ),
    Bug(
        "enable armed again after a fault",
        "firmware/safety/drive_line.py",
        "    elif state >= _ARMED:\n        w[_ASK_PROOF] = 0\n",
        "    elif state >= _ARMED:\n        w[_ASK_PROOF] = 0\n        grant = state >> 3\n",
        "tests/firmware/safety/test_supervisor.py",
        "LineDown",
        treatment(*PRESS, COLD),
    ),
    Bug(
        "a plausibility check left out",
        "firmware/safety/rules.py",
        "(place.NTC_CODE, limits.NTC_SHORT_CODE, limits.NTC_OPEN_CODE,",
        "(place.NTC_CODE, 0, 4095,",
        "tests/firmware/safety/test_rules.py",
        "SensesBelieved",
        treatment(*PRESS, COLD),
    ),
    Bug(
        "a stage that is not withdrawn",
        "firmware/safety/verdict.py",
        "        MODE_PARK,\n        MODE_HOME,  # fault",
        "        MODE_OFF,\n        MODE_HOME,  # fault",
        "tests/firmware/safety/test_supervisor.py",
        "Calm",
        treatment(*PRESS),
    ),
    Bug(
        "needles out without a press",
        "firmware/safety/transitions.py",
        "(_ARMED, MAY_START | PRESS, 0, 0, _POSITIONING, ACTION_TAKE_GRANT),",
        "(_ARMED, MAY_START, 0, 0, _POSITIONING, ACTION_TAKE_GRANT),",
        "tests/safety_model/test_table.py",
        "ButtonFirst",
        treatment(latch=True),
    ),
    Bug(
        "a lease that never ends",
        "firmware/safety/conditions.py",
        "if w[_LEASE_MS] < _LEASE_ENDS_MS or w[_TETHERED] == 0:",
        "if w[_LEASE_MS] <= _LEASE_ENDS_MS or w[_TETHERED] == 0:",
        "tests/firmware/safety/test_conditions.py",
        "DriveOff",
        treatment(*PRESS, (1400, "silent", 700), latch=True),
    ),
    Bug(
        "a dose that begins anew with each run",
        "firmware/treatment/progress.py",
        "    w[_PLAN_STOP] = 0\n    w[_DWELL_WARN] = 0\n    w[_DWELL_MS] = 0\n",
        "    w[_PLAN_STOP] = 0\n    w[w[_COUNTED_AT] + _PUNCTURES] = 0\n    w[_DWELL_MS] = 0\n",
        "tests/firmware/treatment/test_progress.py",
        "RecordAgrees",
        treatment(*PRESS, (2300, "press"), (2900, "release")),
    ),
    Bug(
        "strokes of braking that are not counted",
        "firmware/treatment/treatment.py",
        "run_out(words, due, pulses)",
        "run_out(words, due, 0)",
        "tests/firmware/treatment/test_treatment.py",
        "RecordAgrees",
        treatment(*STAMPING, lasts_ms=6000),
    ),
    Bug(
        "two pulses taken for a stroke",
        "firmware/treatment/progress.py",
        "_PULSES_SHIFT = const(2)",
        "_PULSES_SHIFT = const(1)",
        "tests/firmware/treatment/test_progress.py",
        "RecordAgrees",
        treatment(*PRESS),
    ),
    Bug(
        "acknowledged while the cause is there",
        "firmware/safety/requests.py",
        "if rules.is_outside(pen.words, number):",
        "if False:",
        "tests/firmware/safety/test_faults.py",
        "CausesStay",
        treatment(*PRESS, COLD, (2400, "acknowledge")),
    ),
    Bug(
        "a release that does not stop",
        "firmware/safety/events.py",
        "& _BIT_BUTTON == 0",
        "& _BIT_BUTTON == 1",
        "tests/firmware/safety/test_supervisor.py",
        "DriveOff",
        treatment(*PRESS),
    ),
    Bug(
        "a stop that gets lost",
        "firmware/safety/events.py",
        "= w[_ASK_STOP]",
        "= 0",
        "tests/firmware/safety/test_requests.py",
        "DriveOff",
        treatment(*PRESS, (1500, "stop"), latch=True),
    ),
    Bug(
        "a fault that does not end the run",
        "firmware/safety/transitions.py",
        "    (_RUNNING, FAULT, 0, 0, _PARKING, 0),\n",
        "",
        "tests/safety_model/test_table.py",
        "DriveOff",
        treatment(*PRESS, COLD, latch=True),
    ),
    Bug(
        "a depth error that is not looked at",
        "firmware/safety/rules.py",
        "(place.DEPTH_WRONG_UM, -limits.DEPTH_ERROR_UM, limits.DEPTH_ERROR_UM,",
        "(place.DEPTH_WRONG_UM, -limits.DEPTH_HARD_CAP_UM, limits.DEPTH_HARD_CAP_UM,",
        "tests/firmware/safety/test_measures.py",
        "NotTooDeep",
        treatment(*PRESS, (1500, "fault", "depth_slip_wells", 4)),
    ),
)
BY_NAME = {bug.name: bug for bug in BUGS}
