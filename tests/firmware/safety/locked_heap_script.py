"""Runs on MicroPython: a life of safety and treatment, the heap locked in every tick."""

import sys

sys.path.insert(0, ".")

import micropython

from firmware import words as place
from firmware.readings import Readings
from firmware.safety import requests
from firmware.safety.supervisor import Supervisor, supervise
from firmware.treatment.treatment import Treatment, count
from protocol import cartridge_layout, codes, plan_layout


def fail(why):
    print(why)
    raise SystemExit(1)


class Line:
    """Enable line with its countdown, and the watchdog that gates it."""

    def __init__(self):
        self.left_ms = 0
        self.unfed_ms = 0

    def cut(self):
        self.left_ms = 0

    def act(self):
        """What the board does at the end of the tick."""
        if words[place.LINE] == place.LINE_GRANT:
            self.left_ms = 5
        elif words[place.LINE] == place.LINE_CUT:
            self.left_ms = 0
        if words[place.KICK]:
            self.unfed_ms = 0
        words[place.LINE] = words[place.KICK] = 0

    def level(self):
        """Once per tick."""
        self.unfed_ms += 1
        if self.left_ms == 0:
            return 0
        self.left_ms -= 1
        return 1 if readings.seat and self.unfed_ms < 20 else 0


class Motion:
    """Does at once what is granted."""

    failed = place.named(place.MOTION_FAILED)
    driving = place.named(place.DRIVING)
    rate_set_chz = place.named(place.RATE_SET_CHZ)
    back_emf_chz = place.named(place.BACK_EMF_CHZ)
    depth_set_um = place.named(place.DEPTH_SET_UM)

    def __init__(self):
        self.words = words


readings = Readings()
words = readings.words
readings.seat = readings.home = readings.index_level = 1
readings.hall_code, readings.ntc_code, readings.battery_percent = 300, 2000, 80
for level in (place.HOMED, place.STILL, place.CAM_KNOWN, place.CAM_PARKED, place.IN_POSITION):
    words[level] = 1
line = Line()
motion = Motion()
treatment = Treatment(words)
pen = Supervisor(words, line)


def tick(times=1):
    """So many ticks, each with the heap locked."""
    for _ in range(times):
        readings.t_ms = (readings.t_ms + 1) & 0x3FFFFFFF
        readings.enable_level = line.level()
        requests.main_loop_lives(pen)
        readings.hall_code ^= 1
        running = pen.state == codes.STATE_RUNNING
        motion.driving = 1 if running else 0
        motion.rate_set_chz = motion.back_emf_chz = readings.rate_chz = 10000 if running else 0
        motion.depth_set_um = readings.depth_um = pen.depth_um
        readings.pulse_delta = 1 if running and readings.t_ms & 1 else 0
        readings.pulse_age_ms = 0 if running else 1000
        readings.current_ma = 90 if running else 0
        readings.current_code = (120 if running else 1) + (readings.t_ms & 1)
        for field, value in force.items():
            setattr(readings, field, value)
        micropython.heap_lock()
        supervise(words)
        count(words)
        micropython.heap_unlock()
        line.act()
        if words[place.CLEAR_MOTION]:
            words[place.CLEAR_MOTION] = 0
            motion.failed = 0


force = {}
row = plan_layout.PlanRow(6, 6, 1000, 10000, 1800, 5000, 60000, 0)
plan = plan_layout.Plan(77, plan_layout.FLAG_LATCH, 12, 2500, b"", b"", [row])
identity = cartridge_layout.Identity(1, 12, 2500, b"", 36000)


def get_ready():
    """From wherever the pen is to CONFIGURED."""
    force.clear()
    requests.stop(pen, codes.STOP_HOST)
    readings.button = 0
    readings.seat = 1
    requests.report_self_test(pen, True)
    tick(300)
    treatment.judge_cartridge(pen.conditions.seat_generation, identity, requests.OK)
    requests.report_self_test(pen, True)
    tick(300)


def run():
    """Arm, press, and run for a while."""
    get_ready()
    refusal = requests.arm(pen, False)
    if refusal[0]:
        fail(f"not armed: {refusal}")
    tick(2)
    readings.button = 1
    tick(20)
    readings.button = 0
    tick(400)
    if pen.state != codes.STATE_RUNNING:
        fail(f"not running but {pen.state}, fault {pen.faults.current}")


treatment.put_in_force(plan, b"")
treatment.choose_zone(6)

# Everything that trips while running, with the extremes of what the readings can hold.
for field, value in (
    ("depth_um", 2900),
    ("depth_um", -300),
    ("current_ma", 3600),
    ("rate_chz", 30000),
    ("rate_chz", 0),
    ("temperature_cdeg", 12000),
    ("winding_cdeg", 30000),
    ("hall_code", 4095),
    ("ntc_code", 0),
    ("supply_mv", 0),
    ("tick_us", 0x3FFFFFFF),
    ("seat", 0),
    ("pulse_age_ms", 40),
):
    run()
    force[field] = value
    tick(5 if field == "current_ma" else 600)  # with the motor off, a current is graver
    if not pen.faults.current:
        fail(f"{field} = {value} did not trip")
    force.clear()
    readings.temperature_cdeg = readings.winding_cdeg = 2500
    readings.hall_code, readings.ntc_code, readings.supply_mv = 300, 2000, 3700
    readings.tick_us = 1000
    tick(20)
    if requests.acknowledge(pen, pen.faults.current)[0]:
        fail(f"fault {pen.faults.current} is not acknowledged")
    tick(2)

# A stop by button, one by the host, and counters near their ends.
run()
readings.button = 1
tick(200)
readings.button = 0
run()
progress = treatment.progress.current
progress.punctures = 2_999_000
progress.contact_ms = progress.active_ms = 1_799_000
readings.t_ms = 0x3FFFFFFF - 100
pen.session_ms = 1_700_000
tick(1500)
if pen.stop_reason not in (codes.STOP_DOSE, codes.STOP_ZONE_TIME):
    fail(f"stopped for {pen.stop_reason}")
treatment.progress.punctures_per_cm2()
print("ticks ok")
