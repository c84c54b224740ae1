"""Conditions, grant, events and the latch of faults against a second writing, at every edge."""

from random import Random

import pytest

from firmware import words as place
from firmware.safety import conditions, events, faults, grant
from tests.firmware.second_writing import Named, agree, around

BIT = {name: 1 << number for number, name in enumerate(
    ["self_test", "homed", "seated", "valid", "fits", "plan", "zone", "button", "tether",
     "battery_ok", "needles_in", "parked", "contact", "temperature", "battery", "rate",
     "dwell", "dose", "enabled", "proven"]
)}  # fmt: skip


def condition(w: Named) -> None:
    ms = w.tick_us // 1000 if w.tick_us >= 2000 else 1
    w.step_ms = ms
    if w.down and w.held_ms < 60_000:
        w.held_ms += ms
    w.press = 0
    w.button_ms = 0 if w.button == w.down else w.button_ms + 1
    if w.button_ms >= 5:
        w.down = w.press = 1 - w.down
        w.button_ms = w.held_ms = 0
        w.standing ^= BIT["button"]
    w.seat_ms = 0 if w.seat == w.seated else w.seat_ms + ms
    if w.seat_ms >= (5 if w.seated else 200):
        w.seated = 1 - w.seated
        w.seat_ms = 0
        w.standing ^= BIT["seated"]
        if not w.seated:
            w.standing &= ~BIT["proven"]
            w.seat_generation += 1
    known = w.plan_facts & (0x78 | BIT["contact"] | BIT["dwell"] | BIT["dose"])
    if not w.seated or w.plan_seating != w.seat_generation:
        known &= ~(BIT["valid"] | BIT["fits"])
    if w.lease_ms < 250:
        w.lease_ms += ms
    facts = {
        "tether": w.lease_ms < 250 or not w.tethered,
        "enabled": w.enable_level,
        "homed": w.homed,
        "parked": w.pulse_age_ms >= 25 and w.index_level,
        "needles_in": w.pulse_age_ms >= 25 and w.home and w.depth_um <= 100,
    }
    w.fresh = known | sum(BIT[name] for name, there in facts.items() if there)


LEVEL = (0, 1)


def test_what_the_senses_say_becomes_conditions() -> None:
    choices = {
        "tick_us": (0, 999, 1000, *around(2000, 3000), 45_000),
        "down": LEVEL,
        "button": LEVEL,
        "button_ms": (0, 2, 3, 4, 5),
        "held_ms": (0, *around(59_999, 60_000)),
        "seat": LEVEL,
        "seated": LEVEL,
        "seat_ms": (0, *around(4, 199), 3, 150),
        "seat_generation": (0, 7),
        "plan_seating": (-1, 0, 7, 8),
        "standing": (0, 0xFFFFF, 0x80084, 0x80000),
        "plan_facts": (0, 0x31078, 0xFFFFF, 0x18),
        "lease_ms": (0, *around(249, 250)),
        "tethered": LEVEL,
        "enable_level": LEVEL,
        "homed": LEVEL,
        "pulse_age_ms": (0, *around(25)),
        "index_level": LEVEL,
        "home": LEVEL,
        "depth_um": (-170, *around(0, 100), 2500),
    }
    agree(conditions.condition, condition, choices, 3000)


# zone: cap um, most with an override um, lowest and highest rate 0.01 Hz; the clinical table
ZONES = {
    1: (750, 1500, 5000, 12_000), 2: (750, 1500, 5000, 15_000), 3: (750, 1000, 5000, 15_000),
    4: (500, 750, 5000, 10_000), 5: (500, 750, 5000, 15_000), 6: (1500, 2000, 8000, 15_000),
    7: (1000, 1500, 5000, 15_000), 8: (750, 1000, 5000, 15_000), 9: (1000, 1500, 5000, 15_000),
    10: (1000, 1500, 5000, 15_000), 11: (750, 1000, 5000, 15_000), 12: (1500, 2000, 5000, 15_000),
    13: (1500, 2500, 5000, 15_000), 14: (1500, 2000, 5000, 15_000), 15: (1000, 1500, 5000, 15_000),
    16: (750, 1000, 5000, 15_000),
}  # fmt: skip


def may_grant(w: Named) -> bool:
    if w.zone not in ZONES:
        return False
    cap_um, most_um, slowest_chz, fastest_chz = ZONES[w.zone]
    deepest_um = min(most_um, 2500) if w.override else min(cap_um, 1500)
    if w.demo:
        deepest_um = min(deepest_um, 250)
        slowest_chz = 2500
    return (
        50 <= w.zone_depth_um <= min(deepest_um, w.cartridge_um)
        and slowest_chz <= w.zone_rate_chz <= min(fastest_chz, 15_000)
        and 1 <= w.cartridge_ma <= 800
    )


def test_the_last_check_before_needles_move() -> None:
    choices = {
        "zone": (-1, 0, 17, 1 << 28, *ZONES),
        "override": (0, 0, 1, 3),
        "demo": (0, 0, 0, 1),
        "zone_depth_um": (0, *around(50, 250, 500, 750, 1000, 1500, 2000, 2500)),
        "cartridge_um": (2500, 2500, 2500, *around(500, 1500)),
        "zone_rate_chz": (9000, 9000, *around(2500, 5000, 8000, 10_000, 12_000, 15_000)),
        "cartridge_ma": (500, 500, 500, *around(1, 800)),
    }
    agree(grant.may_grant, may_grant, choices, 6000)
    # Each zone at its own edges, everything else as it should be.
    for zone, (cap_um, most_um, slowest_chz, fastest_chz) in ZONES.items():
        own = {
            "zone": (zone,),
            "override": (0, 1),
            "demo": (0,),
            "cartridge_um": (2500,),
            "cartridge_ma": (500,),
        }
        depths = {"zone_depth_um": around(cap_um, most_um), "zone_rate_chz": (9000,)}
        rates = {"zone_depth_um": (100,), "zone_rate_chz": around(slowest_chz, fastest_chz)}
        agree(grant.may_grant, may_grant, own | depths, 50)
        agree(grant.may_grant, may_grant, own | rates, 50)


# fault: the motor is sound and creeps to its index; any other leaves it without drive
DRIVEN = (10, 11, 12, 13, 21, 30, 31, 32, 33, 34, 62, 65, 66)
# whose cause the host may declare gone; 13 as well, but there a needle may be out
BY_HOST = (10, 11, 20, 21, 22, 23, 24, 25, 27, 29, 30, 31, 32, 33, 34, 40, 60, 61, 62, 64, 65, 66)
SHOWN = (
    "t_ms", "state", "", "rate_set_chz", "rate_chz", "depth_set_um", "depth_um", "current_ma",
    "supply_mv", "temperature_cdeg", "winding_cdeg", "duty",
)  # fmt: skip


def trip(w: Named, fault: int) -> None:
    if fault == w.fault:
        return
    if fault not in DRIVEN:
        w.drive_to_park = 0
    rank = 1 if fault in BY_HOST else 2 if fault == 13 else 3
    if rank <= w.fault_rank:
        return
    w.fault = fault
    w.fault_rank = rank
    w.fault_count += 1
    at = 128 + {1: 0, 2: 13, 3: 26}[rank]
    w.words[at] = fault
    for number, name in enumerate(SHOWN, 1):
        shown = getattr(w, name) if name else w.fresh | w.standing
        w.words[at + number] = shown


@pytest.mark.parametrize("first", range(1, 256, 32))
def test_a_fault_stays_until_a_graver_one_and_any_only_takes_away(first: int) -> None:
    for fault in range(first, min(first + 32, 256)):
        choices = {
            "fault": (0, 10, 60, fault),
            "fault_rank": range(4),
            "drive_to_park": LEVEL,
            "fresh": (0x55555,),
            "standing": (0x0F0F0,),
        }
        agree(
            lambda words, number=fault: faults.trip(words, number),  # type: ignore[misc]
            lambda w, number=fault: trip(w, number),  # type: ignore[misc]
            choices,
            24,
        )


STATES = range(9)
ARMED, POSITIONING, RUNNING, PARKING = 4, 5, 6, 7


def take(w: Named) -> None:
    if w.ask_fault:
        trip(w, w.ask_fault)
    if w.ask_self_test:
        w.standing = w.standing & ~1 | (w.ask_self_test == 1)
    if w.ask_session:
        w.session_ms = w.ask_session - 1
    w.ask_fault = w.ask_self_test = w.ask_session = 0


def test_what_the_main_loop_asks_is_taken_once() -> None:
    choices = {
        "ask_fault": (0, 10, 60, 62),
        "ask_self_test": (0, 1, 2),
        "ask_session": (0, 1, 2, 1_800_001),
        "fault": (0, 10),
        "drive_to_park": LEVEL,
        "standing": (0, 0xFFFFF, 0xFFFFE),
    }
    agree(events.take, take, choices, 400)


def rhythm(w: Named) -> None:
    """Six presses within 3.5 s are no thumb."""
    oldest = w.press_oldest
    then_ms = w.words[place.PRESSED_MS + oldest]
    if then_ms and (w.t_ms - then_ms) % (1 << 30) < 3500:
        trip(w, 65)
    w.words[place.PRESSED_MS + oldest] = w.t_ms
    w.press_oldest = (oldest + 1) % 6


def event(w: Named) -> None:
    facts = w.conditions = w.fresh | w.standing
    stop = w.stop or w.ask_stop
    if w.state in (ARMED, POSITIONING, RUNNING, PARKING):
        if not stop and not facts & BIT["tether"]:
            stop = 3
        elif not stop and w.state == RUNNING:
            stop = w.plan_stop or w.run_stop
        elif not stop and w.state == PARKING and w.counting:
            stop = w.plan_stop
        elif not stop and w.state == ARMED and w.state_over:
            stop = 4
        if w.press:
            rhythm(w)
    w.stop = stop if w.state >= ARMED else 0
    let_go = w.press if w.run_latch else not facts & BIT["button"]
    moving = w.state in (POSITIONING, RUNNING)
    inside = facts & BIT["needles_in"]
    if w.drive_to_park:
        inside = inside and facts & BIT["parked"]
    asked_arm = w.ask_arm if w.ask_arm != 25 or not w.tethered else 0
    happened = {
        20: w.fault,
        21: stop,
        22: moving and let_go,
        23: w.press,
        26: moving and w.in_position and not w.note_due,
        27: w.state == PARKING and inside,
        28: w.state_over,
        29: w.ask_acknowledge and w.ask_acknowledge == w.fault and w.fault_rank < 3,
        asked_arm or 24: asked_arm,
    }
    w.facts = facts | sum(1 << number for number, there in happened.items() if there)
    w.ask_stop = w.ask_arm = w.ask_acknowledge = 0


def test_what_happened_in_a_tick() -> None:
    choices = {
        "state": STATES,
        "fresh": (0, 0xFFFFF, 0x100, 0xFFE7F, 0x500, 0x900, 0xD00),
        "standing": (0, 0x80, 0x80000),
        "stop": (0, 0, 0, 9),
        "ask_stop": (0, 0, 0, 2),
        "plan_stop": (0, 0, 7),
        "run_stop": (0, 0, 6),
        "counting": (0, 1, 2),
        "state_over": LEVEL,
        "press": LEVEL,
        "run_latch": LEVEL,
        "in_position": LEVEL,
        "note_due": LEVEL,
        "drive_to_park": LEVEL,
        "fault": (0, 0, 10),
        "fault_rank": (0, 0, 1, 2, 3),
        "ask_arm": (0, 0, 24, 25),
        "ask_acknowledge": (0, 10, 11),
        "tethered": LEVEL,
        "press_oldest": tuple(range(6)),
        "t_ms": (0, 1, 5000, 5001, (1 << 28) + 5),  # the last three days after the first press
        "pressed_ms": (0, 1, 1500, 1501, 1502, (1 << 30) - 3499, (1 << 30) - 3500),
    }

    def presses(w: Named, rng: Random) -> None:
        for number in range(6):
            w.words[place.PRESSED_MS + number] = w.pressed_ms

    agree(events.event, event, choices, 5000, presses)
