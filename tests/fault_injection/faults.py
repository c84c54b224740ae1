"""Everything that is broken on purpose: one row per fault, with how it is put in and taken out.

Data. Plant faults are switches of `hardware.plant.faults`, the rest is in `sabotage.py`. Owns no
state: what a fault has to remember is kept in the bed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fault_injection import sabotage
from tests.fault_injection.bed import Bed
from tests.fault_injection.states import REACH

EVERY_STATE = tuple(REACH)
SEATED = tuple(state for state in EVERY_STATE if state != "idle")

Act = Callable[[Bed], None]


@dataclass(frozen=True)
class Fault:
    """One thing that breaks."""

    name: str
    said: str  # to a reader of the table
    hazards: str
    put_in: Act
    take_out: Act
    watch_ms: int = 700  # how long it is there before the operator ends the run, if one still runs
    states: tuple[str, ...] = EVERY_STATE  # that can meet it
    dead: bool = False  # no Python runs any more: only the hardware stops the needles
    switch: str = ""  # of the plant, if it is one
    tethered: bool = True  # the plan needs the host's lease


def plant(name: str, said: str, hazards: str, switch: str, value: Any, **more: Any) -> Fault:
    """A switch of the plant."""

    def put_in(bed: Bed) -> None:
        bed.kept[switch] = getattr(bed.bench.faults, switch)
        setattr(bed.bench.faults, switch, value)

    def take_out(bed: Bed) -> None:
        setattr(bed.bench.faults, switch, bed.kept[switch])

    return Fault(name, said, hazards, put_in, take_out, switch=switch, **more)


FAULTS = (
    # --- bridge, drive-enable, motor ---
    plant("driver short", "one transistor shorted", "H07", "driver_short", 1),
    plant("driver shorted through", "both transistors shorted", "H07", "driver_short", 2),
    plant("bridge open", "motor wire off", "H08", "bridge_open", True),
    plant("PWM stuck full", "the bridge gets 100 %", "H07", "pwm_stuck", 5000),
    plant("PWM stuck at 0", "the bridge gets 0 %", "H08", "pwm_stuck", 0),
    plant("PWM stuck backwards", "the bridge gets -100 %", "H07", "pwm_stuck", -5000),
    plant("countdown stuck", "enable no longer expires", "H39", "countdown_stuck", True),
    plant("watchdog stuck high", "its output is stuck", "H39", "watchdog_stuck", True),
    plant("watchdog dead", "its output is stuck low", "H39", "watchdog_dead", True),
    plant("enable reads 0", "read-back stuck low", "H39", "enable_sense_stuck", 0),
    plant("enable reads 1", "read-back stuck high", "H39", "enable_sense_stuck", 1),
    plant("stall output stuck", "the bridge says stalled", "H09", "stall_stuck", 1),
    plant("stall output dead", "the bridge never says stalled", "H09", "stall_stuck", 0),
    plant("boost dead", "the motor rail is the battery", "H08", "boost_dead", True),
    plant("cam jammed", "the cam is blocked", "H09", "cam_jammed", True),
    plant("fluid in the motor", "1 mNm more friction", "H08 H25", "friction_nm", 1e-3),
    # --- tachometer ---
    plant("tachometer lost", "encoder unplugged", "H35", "tach_lost", True),
    plant("tachometer stuck", "no pulses, index goes on", "H35", "tach_stuck", True),
    plant("tachometer drops", "half of its pulses missing", "H35", "tach_drop_share", 0.5),
    plant("tachometer noisy", "2000 false pulses a second", "H35", "tach_noise_hz", 2000.0),
    plant("index stuck on", "index always in view", "H10 H35", "index_stuck", 1),
    plant("index stuck off", "index never in view", "H10 H35", "index_stuck", 0),
    # --- current sense and the converter ---
    plant("current at the rail", "reads 4095", "H35", "current_code", 4095),
    plant("current dead", "reads 0", "H35", "current_code", 0),
    plant("converter frozen", "repeats its last codes", "H35", "adc_frozen", True),
    # --- depth ---
    plant("Hall + 0.3 mm", "0.3 mm too deep", "H02", "hall_drift_um", 300.0, watch_ms=4600),
    plant("Hall - 0.3 mm", "reads 0.3 mm too shallow", "H02 H03", "hall_drift_um", -300.0),
    Fault(
        "Hall creeps to + 0.3 mm",
        "1 um more every ms",
        "H02",
        sabotage.hall_creeps,
        sabotage.hall_back,
        watch_ms=4800,
    ),
    plant("Hall at 0", "reads 0", "H02 H35", "hall_code", 0),
    plant("Hall at the rail", "reads 4095", "H02 H35", "hall_code", 4095),
    plant("home switch open", "never says home", "H03 H10", "home_open", True, watch_ms=4600),
    plant("home switch shorted", "always says home", "H03 H10", "home_shorted", True, watch_ms=400),
    plant("steps lost inwards", "0.32 mm, by a knock", "H03", "depth_slip_wells", -4),
    plant(
        "steps lost outwards", "0.32 mm, by a knock", "H02", "depth_slip_wells", 4, watch_ms=4600
    ),
    plant("stage jammed", "the carriage is blocked", "H10", "depth_jammed", True, watch_ms=400),
    plant("coils dead", "no current in the coils", "H10", "depth_coils_off", True, watch_ms=400),
    # --- cartridge ---
    *(
        plant(
            f"cartridge out {ms} ms",
            f"contact open for {ms} ms",
            "H20 H23",
            "cartridge_out_ms",
            float(ms),
            states=SEATED,
        )
        for ms in (1, 10, 100)
    ),
    Fault(
        "cartridge pulled off",
        "taken off and not put back",
        "H20 H41",
        sabotage.cartridge_off,
        sabotage.nothing,
        states=SEATED,
    ),
    plant("memory dead", "the chip does not answer", "H22", "memory_dead", True),
    # --- button ---
    plant("button stuck down", "always pressed", "H13 H14", "button_stuck", 1, watch_ms=12_000),
    plant("button stuck up", "never pressed", "H13", "button_stuck", 0),
    plant("button bouncing", "chatters for ever", "H13 H14", "button_bouncing", True),
    # --- temperature ---
    plant("NTC open", "reads cold", "H33 H35", "ntc_open", True),
    plant("NTC shorted", "reads hot", "H33 H35", "ntc_shorted", True),
    plant("NTC at 44 C", "the housing is hot", "H33", "ntc_code", 1370, watch_ms=1600),
    # --- supply ---
    plant("battery sags", "1 V less", "H11 H34", "battery_sag_v", 1.0),
    plant("battery worn", "three times its resistance", "H34", "battery_resistance_factor", 3.0),
    plant("battery reads 0", "divider open", "H35", "battery_code", 0),
    plant("battery reads full", "divider shorted", "H35", "battery_code", 4095),
    plant("supply cut", "for 300 ms", "H11 H37", "supply_cut", True, watch_ms=300, dead=True),
    # --- cable ---
    Fault("link dropped", "nothing passes", "H12", sabotage.silence, sabotage.sound),
    Fault("link delayed", "everything 400 ms late", "H12", sabotage.delay, sabotage.sound),
    Fault("link jittered", "0 to 300 ms late", "H12", sabotage.jitter, sabotage.sound),
    Fault("link flooded", "noise, 0.5 MB/s", "H12 H14", sabotage.flood, sabotage.sound),
    Fault("link corrupted", "every hundredth byte", "H15", sabotage.corrupt, sabotage.sound),
    Fault("cable pulled", "with its 5 V", "H12", sabotage.unplug, sabotage.plug),
    # --- interpreter ---
    Fault("heap exhausted", "MemoryError in the main loop", "H36", sabotage.heap, sabotage.healed),
    Fault(
        "collection 200 ms",
        "nothing runs for 200 ms",
        "H36",
        sabotage.collection,
        sabotage.healed,
        dead=True,
    ),
    Fault(
        "loop in main",
        "the main loop hangs",
        "H36",
        sabotage.hang_main,
        sabotage.healed,
        watch_ms=1400,
    ),
    Fault(
        "loop in main, no host",
        "the same with a plan that needs no lease",
        "H36",
        sabotage.hang_main,
        sabotage.healed,
        watch_ms=1400,
        tethered=False,
    ),
    Fault("loop in tick", "no Python runs", "H36", sabotage.hang, sabotage.bitten, dead=True),
    Fault(
        "tick lost",
        "its interrupt no longer comes",
        "H36 H39",
        sabotage.hang_tick,
        sabotage.healed,
        dead=True,
    ),
    Fault("dead", "the interpreter has crashed", "H36", sabotage.kill, sabotage.bitten, dead=True),
    Fault("exception in tick", "once", "H36", sabotage.tick_raises, sabotage.nothing),
    Fault(
        "exceptions in tick", "in every one", "H36", sabotage.tick_keeps_raising, sabotage.healed
    ),
    Fault("exception in main", "once", "H36", sabotage.main_raises, sabotage.nothing),
    Fault("reset", "as by a spike", "H37", sabotage.reset, sabotage.nothing, dead=True),
    Fault("clock wraps", "us and pulse counters", "H36", sabotage.nothing, sabotage.nothing),
)

BY_NAME = {fault.name: fault for fault in FAULTS}
CLOCK_WRAPS = "clock wraps"
