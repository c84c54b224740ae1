"""What every number of the wire means to a person: a sentence and a next step.

Loaded by the host and by the documentation only; the pen speaks numbers (`protocol/codes.py`).
Rows are (sentence, next step); faults have their alarm priority in front. The sentence says what
happened or was refused, the next step what a person does now. Owns no state.
"""

from protocol import codes

# Alarm priorities. High: tissue may be harmed or a stop did not finish. Medium: the treatment
# ended early, the pen is safe. Low: nothing was under way.
PRIORITY_HIGH = "high"
PRIORITY_MEDIUM = "medium"
PRIORITY_LOW = "low"
PRIORITIES = (PRIORITY_HIGH, PRIORITY_MEDIUM, PRIORITY_LOW)

_CHECK_SKIN = "Lift the pen off the skin, check that the needles are in and look at the skin. "
_NEW_CARTRIDGE = "Take the cartridge out and throw it away. "
_SERVICE = "If it returns, the pen needs service."

# --- faults: number -> (priority, sentence, next step) ------------------------------------------
# One that only a power cycle clears may hide a stage left out: high priority, look at the needles.
FAULT_TEXTS = {
    codes.FAULT_NONE: (PRIORITY_LOW, "The pen has no fault.", "Nothing to do."),
    codes.FAULT_DEPTH_ERROR: (
        PRIORITY_HIGH,
        "The measured depth was more than 0.12 mm away from the set depth.",
        _CHECK_SKIN + "Acknowledge, then run `pen self-test`. " + _SERVICE,
    ),
    codes.FAULT_DEPTH_SENSOR: (
        PRIORITY_HIGH,
        "The depth sensor gives no believable reading.",
        _CHECK_SKIN + "Acknowledge, then run `pen self-test`. " + _SERVICE,
    ),
    codes.FAULT_HOMING: (
        PRIORITY_HIGH,
        "The depth stage did not find its home position.",
        "Treat the needles as exposed: take the cartridge out, switch off and on. " + _SERVICE,
    ),
    codes.FAULT_WITHDRAW: (
        PRIORITY_HIGH,
        "The depth stage did not come back to 0, so the needles may still be out.",
        "Lift the pen off the skin and treat the needles as exposed. Take the cartridge out with "
        "care, then switch the pen off and on. Do not use it again before service.",
    ),
    codes.FAULT_OVERSPEED: (
        PRIORITY_MEDIUM,
        "The needles ran faster than 110 % of the set rate or faster than 160 Hz.",
        _CHECK_SKIN + "Acknowledge and start again. " + _SERVICE,
    ),
    codes.FAULT_RATE_LOW: (
        PRIORITY_MEDIUM,
        "The needles ran more than 20 % below the set rate for 0.3 s.",
        "Press more lightly and glide more slowly. Acknowledge, then start again; charge the pen "
        "if the battery is low.",
    ),
    codes.FAULT_STALL: (
        PRIORITY_MEDIUM,
        "The needle motor was driven but did not turn.",
        _CHECK_SKIN
        + _NEW_CARTRIDGE
        + "Acknowledge and continue with a new one; beyond 1.4 mm start it off the skin. "
        + _SERVICE,
    ),
    codes.FAULT_OVERCURRENT: (
        PRIORITY_MEDIUM,
        "The needle motor drew more current than this cartridge allows.",
        "Press more lightly. If it happens in the air as well: " + _NEW_CARTRIDGE + "Acknowledge.",
    ),
    codes.FAULT_CURRENT_PEAK: (
        PRIORITY_MEDIUM,
        "The motor current reached 1.5 A, as in a short circuit or a blocked cam.",
        _CHECK_SKIN + _NEW_CARTRIDGE + "Acknowledge, then run `pen self-test`. " + _SERVICE,
    ),
    codes.FAULT_TACHOMETER: (
        PRIORITY_MEDIUM,
        "The rate sensor and the motor voltage tell different rates.",
        "Acknowledge, then run `pen self-test`. " + _SERVICE,
    ),
    codes.FAULT_MOTION_UNCOMMANDED: (
        PRIORITY_HIGH,
        "The needle motor moved or drew current while it had to be off.",
        "Lift the pen off the skin and treat the needles as exposed. Switch the pen off. Do not "
        "use it again before service.",
    ),
    codes.FAULT_PARK: (
        PRIORITY_HIGH,
        "The needles did not reach their retracted position.",
        "Lift the pen off the skin and treat the needles as exposed. " + _NEW_CARTRIDGE + _SERVICE,
    ),
    codes.FAULT_ENABLE: (
        PRIORITY_HIGH,
        "The line that permits the motor to run is not in the state the pen commanded.",
        _CHECK_SKIN + "Switch the pen off and on. If it returns, do not use it: it needs service.",
    ),
    codes.FAULT_CURRENT_SENSOR: (
        PRIORITY_MEDIUM,
        "The motor current reading cannot be right.",
        "Switch the pen off and on, then run `pen self-test`. " + _SERVICE,
    ),
    codes.FAULT_TEMPERATURE: (
        PRIORITY_MEDIUM,
        "The housing reached 43 °C.",
        "Put the pen down for ten minutes, then acknowledge. If it was not used hard, it needs "
        "service.",
    ),
    codes.FAULT_WINDING: (
        PRIORITY_MEDIUM,
        "The motor winding is too hot by its own model.",
        "Put the pen down for ten minutes, then acknowledge. Press more lightly afterwards.",
    ),
    codes.FAULT_TEMPERATURE_SENSOR: (
        PRIORITY_MEDIUM,
        "The temperature reading cannot be right.",
        "Switch the pen off and on, then run `pen self-test`. " + _SERVICE,
    ),
    codes.FAULT_BATTERY_EMPTY: (
        PRIORITY_MEDIUM,
        "The battery fell to 10 % under load.",
        "Charge the pen to at least 30 %, then acknowledge.",
    ),
    codes.FAULT_BATTERY_SENSOR: (
        PRIORITY_MEDIUM,
        "The battery reading cannot be right.",
        "Switch the pen off and on, then run `pen self-test`. " + _SERVICE,
    ),
    codes.FAULT_CARTRIDGE_LOST: (
        PRIORITY_MEDIUM,
        "The cartridge came loose while the pen was armed or moving.",
        _CHECK_SKIN + _NEW_CARTRIDGE + "Seat a new one until it clicks, then acknowledge.",
    ),
    codes.FAULT_SELF_TEST: (
        PRIORITY_MEDIUM,
        "The self-test after switching on found a part that does not work.",
        "Run `pen self-test` to see which one, then switch the pen off and on. " + _SERVICE,
    ),
    codes.FAULT_TICK_LATE: (
        PRIORITY_HIGH,
        "The pen's control loop ran late, so the drive was cut.",
        _CHECK_SKIN + "Switch the pen off and on. Send `pen faults --json` with your report.",
    ),
    codes.FAULT_STORAGE: (
        PRIORITY_MEDIUM,
        "The pen could not write to or read from its memory.",
        "Switch the pen off and on, then push the plan again. " + _SERVICE,
    ),
    codes.FAULT_INTERNAL: (
        PRIORITY_HIGH,
        "The pen's program met an error of its own and stopped.",
        _CHECK_SKIN + "Switch the pen off and on. Send `pen faults --json` with your report.",
    ),
    codes.FAULT_WATCHDOG: (
        PRIORITY_HIGH,
        "The pen restarted because its program had stopped responding.",
        _CHECK_SKIN + "Acknowledge. Send `pen faults --json` with your report.",
    ),
    codes.FAULT_BUTTON_STUCK: (
        PRIORITY_LOW,
        "The pen's button has been pressed for too long or too often to be meant.",
        "Release the button; clean around it if it sticks. Acknowledge; if it returns, repair.",
    ),
    codes.FAULT_BUTTON_AT_START: (
        PRIORITY_LOW,
        "The pen's button was already pressed when the pen switched on, and stayed so for 10 s.",
        "Release the button and acknowledge. If the pen had switched itself off in a treatment, "
        "charge it before you go on. If nobody pressed the button, it needs repair.",
    ),
    codes.FAULT_OUTPUT: (
        PRIORITY_HIGH,
        "An output of the pen's processor did not hold what was written to it.",
        _CHECK_SKIN + "Switch the pen off and on. " + _SERVICE,
    ),
}

# --- stop reasons: number -> (sentence, next step) ----------------------------------------------
STOP_TEXTS = {
    codes.STOP_NONE: ("The pen has not stopped a run since it was switched on.", "Nothing to do."),
    codes.STOP_BUTTON: (
        "The pen's own button stopped the needles.",
        "Press the button again within 30 s to go on, or choose the next zone.",
    ),
    codes.STOP_HOST: (
        "The host program stopped the needles.",
        "Arm again when you are ready to go on.",
    ),
    codes.STOP_LEASE: (
        "The pen heard nothing from the host for 250 ms and stopped by itself.",
        "Check the cable and that the computer is not asleep, then arm again.",
    ),
    codes.STOP_ARM_EXPIRED: (
        "The pen was armed for 30 s and its button was not pressed.",
        "Arm again when the pen is at the skin.",
    ),
    codes.STOP_ZONE_TIME: (
        "The time planned for this zone is used up.",
        "Choose the next zone; a longer time needs another plan.",
    ),
    codes.STOP_SESSION_TIME: (
        "Thirty minutes of treatment are used up.",
        "End the session. A new one needs a new plan and a new cartridge.",
    ),
    codes.STOP_DOSE: (
        "The punctures per cm² planned for this zone are reached.",
        "Choose the next zone; this one is finished.",
    ),
    codes.STOP_DWELL: (
        "The pen was held too long on one spot.",
        "Look at the skin, move on to another spot of the zone and arm again.",
    ),
    codes.STOP_IDLE: (
        "The needles ran for 60 s without touching skin.",
        "Arm again when the pen is at the skin.",
    ),
    codes.STOP_CARTRIDGE: (
        "The cartridge was taken out.",
        "Seat a new cartridge until it clicks.",
    ),
    codes.STOP_PLAN_CHANGED: (
        "The plan or the zone was changed.",
        "Check zone and depth, then arm again.",
    ),
    codes.STOP_NOT_READY: (
        "Something that a start needs went missing, for instance the sensed needles-in.",
        "Run `pen info` to see what is missing, then arm again.",
    ),
    codes.STOP_SUPPLY: (
        "The pen lost its supply, or restarted, while it was armed or running; "
        "the zone is counted as if that run had gone on to its end.",
        "Look at the skin; other zones can go on, this one needs a new plan and cartridge.",
    ),
    codes.STOP_FAULT: (
        "A fault stopped the needles.",
        "Run `pen faults` to see which one and what to do.",
    ),
}

# --- results of a request: number -> (sentence, next step) --------------------------------------
RESULT_TEXTS = {
    codes.RESULT_OK: ("The pen did what was asked.", "Nothing to do."),
    codes.RESULT_UNKNOWN_TYPE: (
        "The pen does not know this request.",
        "Update the pen's firmware to the version of this program: `pen flash FILE`.",
    ),
    codes.RESULT_BAD_LENGTH: (
        "The request has a length the pen does not expect.",
        "Update host program and firmware to the same version; then report it with `--trace`.",
    ),
    codes.RESULT_SCHEMA_MISMATCH: (
        "Pen and host program speak different versions of the protocol.",
        "Run `pen info`: it says which side is older and has to be updated.",
    ),
    codes.RESULT_WRONG_STATE: (
        "The pen cannot do this in its present state.",
        "Run `pen info` to see the state; stop a running treatment with `pen stop` first.",
    ),
    codes.RESULT_OUT_OF_RANGE: (
        "A value is outside the range the pen allows.",
        "Give a value inside the range shown.",
    ),
    codes.RESULT_UNKNOWN_ZONE: (
        "The pen does not know this zone.",
        "Run `pen plan zones` for the zones there are.",
    ),
    codes.RESULT_ABOVE_ZONE_CAP: (
        "The depth is above the cap of this zone.",
        "Use the cap or less, or give an override with its reason and who approved it.",
    ),
    codes.RESULT_ABOVE_OVERRIDE_MAX: (
        "The depth is above what even an override allows in this zone.",
        "Use a smaller depth; nothing lifts this limit.",
    ),
    codes.RESULT_RATE_OUT_OF_RANGE: (
        "The stroke rate is outside the range of this zone.",
        "Use a rate inside the range shown.",
    ),
    codes.RESULT_HASH_MISMATCH: (
        "What the pen received is not what the host sent, so it was thrown away.",
        "Push the plan again; if it fails again, use another cable or port.",
    ),
    codes.RESULT_CHUNK_GAP: (
        "A part of the plan was missing or out of order, so nothing was stored.",
        "Push the plan again.",
    ),
    codes.RESULT_PLAN_FORMAT: (
        "The pen cannot read the plan it was given.",
        "Update host program and firmware to the same version, then push the plan again.",
    ),
    codes.RESULT_NO_PLAN: (
        "There is no plan on the pen.",
        "Push one: `pen plan push FILE`.",
    ),
    codes.RESULT_ZONE_NOT_IN_PLAN: (
        "The plan on the pen has no such zone.",
        "Run `pen plan show` for the zones of the plan on the pen.",
    ),
    codes.RESULT_DUPLICATE_ZONE: (
        "The plan names a zone twice.",
        "Give each zone one row; use passes for repeated treatment.",
    ),
    codes.RESULT_NO_CARTRIDGE: (
        "There is no cartridge in the pen.",
        "Seat a cartridge until it clicks.",
    ),
    codes.RESULT_CARTRIDGE_UNREADABLE: (
        "The cartridge's memory cannot be read.",
        "Seat it again; if it stays unreadable, throw it away and take a new one.",
    ),
    codes.RESULT_CARTRIDGE_USED: (
        "This cartridge was used in another session.",
        "Throw it away and take a new one: a cartridge is for one client and one session.",
    ),
    codes.RESULT_CARTRIDGE_EXPIRED: (
        "This cartridge is past its expiry date.",
        "Throw it away and take a new one.",
    ),
    codes.RESULT_CARTRIDGE_WRONG: (
        "The cartridge is not the one the plan was made for.",
        "Seat the cartridge the plan names, or make a plan for this one.",
    ),
    codes.RESULT_FAULT_LATCHED: (
        "The pen shows a fault and does nothing else until it is acknowledged.",
        "Run `pen faults`, do what it says, then `pen faults ack`.",
    ),
    codes.RESULT_CAUSE_PRESENT: (
        "The cause of the fault is still there, so it cannot be acknowledged.",
        "Run `pen faults`, remove the cause, then acknowledge again.",
    ),
    codes.RESULT_BATTERY_LOW: (
        "The battery is too low to start.",
        "Charge the pen to at least 30 %.",
    ),
    codes.RESULT_BUTTON_HELD: (
        "The pen's button is pressed; it has to be up first.",
        "Release the button, then arm again.",
    ),
    codes.RESULT_STORAGE_FAILED: (
        "The pen could not store what was sent; what it had before is unchanged.",
        "Switch the pen off and on, then try again.",
    ),
    codes.RESULT_UNSUPPORTED: (
        "This pen cannot do that.",
        "Run `pen info` to see what this pen can do; newer firmware may help.",
    ),
    codes.RESULT_NO_SUCH_ENTRY: (
        "The pen has no entry with this number.",
        "Use a smaller number; the newest entry has number 0.",
    ),
    codes.RESULT_SELF_TEST_FAILED: (
        "The pen's self-test failed, so it stays off.",
        "Run `pen self-test` to see which part failed.",
    ),
    codes.RESULT_LEASE_MISSING: (
        "The plan needs the host beside the pen all the time, and no sign of life was sent.",
        "Start the treatment with `pen treat`, which sends it.",
    ),
    codes.RESULT_DOSE_REACHED: (
        "This zone has had the punctures per cm² of the plan.",
        "Choose the next zone.",
    ),
    codes.RESULT_NOT_BY_HOST: (
        "This fault cannot be acknowledged from the host.",
        "Switch the pen off and on; if the fault is still there, the pen needs service.",
    ),
    codes.RESULT_UNKNOWN_SETTING: (
        "The pen has no such setting.",
        "Run `pen settings show` for the settings there are.",
    ),
    codes.RESULT_CLOCK_UNSET: (
        "The pen does not know the date, so it cannot judge the cartridge's expiry.",
        "Connect with this program once: it sets the date. Then try again.",
    ),
    codes.RESULT_SESSION_OVER: (
        "This session has had its 30 minutes of running needles.",
        "End the session; a further treatment is a new session with a new plan.",
    ),
    codes.RESULT_NEEDLES_OUT: (
        "The pen does not sense its needles inside.",
        "Take the cartridge out, switch the pen off and on, and try again.",
    ),
    codes.RESULT_NOT_CONFIRMED: (
        "The pen's own button has to confirm this.",
        "Switch the pen on with its button held down, keep it down and ask again after 5 s.",
    ),
    codes.RESULT_IMAGE_WRONG: (
        "The firmware on this pen is not the one that it says: it was altered or half written.",
        "Do not treat with it. Run `pen recover`, or flash it again.",
    ),
    codes.RESULT_BAD_FORMAT: (
        "The pen cannot read what the request carries.",
        "Update host program and firmware to the same version; then report it with `--trace`.",
    ),
    codes.RESULT_HELLO_FIRST: (
        "The pen has restarted and forgot this program.",
        "Look that the needles are in, then connect again.",
    ),
    codes.RESULT_SEQUENCE: (
        "The pen got a request out of order: another program may be talking to it.",
        "Close the other program, then connect again.",
    ),
}
