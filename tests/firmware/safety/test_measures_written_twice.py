"""What the rules look at, against a second writing, at the edge of each limit."""

from firmware.safety import measures
from tests.firmware.second_writing import Named, agree, around

BOOT, ARMED, POSITIONING, RUNNING, PARKING = 0, 4, 5, 6, 7
LEVEL = (0, 1)
TWO_29 = 1 << 29
TWO_16 = 1 << 16


def measure(w: Named) -> None:
    if w.tick_us >= 1500:
        w.ticks_late = min(w.ticks_late + 1, 65_535)
        w.worst_tick_us = max(w.worst_tick_us, w.tick_us)
    if w.main_loop_ms < TWO_29:
        w.main_loop_ms += w.step_ms
    if w.state_ms < TWO_29 and not (w.state == BOOT and w.down):
        w.state_ms += w.step_ms
    asked = w.line_asked and not w.proof_active
    in_time = w.tick_us <= 4000
    w.line_low = int(bool(asked and not w.enable_level and w.seat and in_time))
    w.line_high = 0 if w.line_asked or w.proof_active else w.enable_level
    w.duty_wrong = w.duty - (w.duty_out if w.bridge == 1 else 0)
    equal = w.hall_code == w.hall_last
    w.hall_same = w.hall_same + 1 if equal and w.hall_same < TWO_16 else 0
    w.hall_last = w.hall_code
    equal = w.current_code == w.current_last
    grows = int(w.current_same < TWO_16)
    w.current_same = w.current_same + grows if w.state == RUNNING and equal else 0
    w.current_last = w.current_code


def test_in_every_state() -> None:
    choices = {
        "tick_us": (0, 1000, *around(1500, 3000, 4000)),
        "ticks_late": (0, 65_533, 65_534, 65_535),
        "worst_tick_us": (0, *around(1500, 3000)),
        "main_loop_ms": (0, 5, *around(TWO_29)),
        "state_ms": (0, 5, *around(TWO_29)),
        "state": (0, 1, 6, 8),
        "down": LEVEL,
        "step_ms": (1, 3),
        "line_asked": LEVEL,
        "proof_active": LEVEL,
        "enable_level": LEVEL,
        "seat": LEVEL,
        "bridge": (0, 1, 2),
        "duty": (-5000, -1, 0, 7, 5000),
        "duty_out": (-5000, -1, 0, 7),
        "hall_code": (9, 10),
        "hall_last": (9, 10),
        "hall_same": (0, 5, *around(TWO_16)),
        "current_code": (9, 10),
        "current_last": (9, 10),
        "current_same": (0, 5, *around(TWO_16)),
    }
    agree(measures.measure, measure, choices, 2500)


def measure_rest(w: Named) -> None:
    w.driven_ms = 0
    if w.state == BOOT and w.state_ms <= 300:
        w.rest_ma = w.rest_pulses = 0
    else:
        w.rest_ma = w.current_ma
        window_begins = w.t_ms % 256 == 0
        w.rest_pulses = w.pulse_delta + (0 if window_begins else w.rest_pulses)
    w.overdue = w.state_over = 0
    if w.state == BOOT and w.state_ms >= 10_000:
        w.overdue = 60 if w.homed else 12
    if w.state == ARMED and w.state_ms >= 30_000:
        w.state_over = 1


def test_where_nothing_drives() -> None:
    choices = {
        "state": (0, 0, 1, 2, 3, 4, 4, 8),
        "state_ms": (0, *around(300, 10_000, 30_000)),
        "t_ms": (0, 1, 128, 254, 255, 256, 257, 511, 512),
        "pulse_delta": (0, 1, 2),
        "homed": LEVEL,
    }
    agree(measures.measure_rest, measure_rest, choices, 1200)


def current(w: Named) -> None:
    """Two words of peaks: a start draws stall current, for 25 ms nobody looks."""
    w.above_limit_ma = w.current_ma - w.run_current_ma
    w.peak_ma = 0 if 1 <= w.driven_ms <= 25 else w.current_ma
    w.peak_code = w.current_code if w.peak_ma > 1500 else 0


def measure_run(w: Named) -> None:
    w.driven_ms = min(w.driven_ms + 1, TWO_16) if w.driving else 0
    current(w)
    w.above_rate = 100 * w.rate_chz - 110 * w.run_rate_chz
    w.below_rate = 80 * w.rate_set_chz - 100 * w.rate_chz
    w.rate_off = 100 * abs(w.rate_chz - w.rate_set_chz) - 10 * w.rate_set_chz
    w.unturned_ms = w.pulse_age_ms
    if w.pulse_age_ms >= w.driven_ms:  # no pulse in this run yet: 80 ms instead of 30
        w.unturned_ms = max(w.driven_ms - 50, 0)
    w.disagreed_chz = w.rate_chz - w.back_emf_chz
    w.depth_wrong_um = w.depth_um - w.run_depth_um
    w.session_ms += w.step_ms
    w.idle_ms = 0 if w.fresh & 1 << 12 else w.idle_ms + w.step_ms
    w.run_stop = 6 if w.session_ms >= 1_800_000 else 9 if w.idle_ms >= 60_000 else 0
    w.latch_down = w.down and w.run_latch
    if w.pulse_delta or w.index_count != w.mark_count:
        count_turns(w)


TURNS = {
    "tach_count": (0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 65_535),
    "mark_pulses": (0, 1, 65_533, 65_535),
    "index_count": (0, 1, 2),
    "mark_count": (0, 1, 65_535),
    "mark_known": LEVEL,
    "turns_wrong": (0, 0, 1, 16, 40),
    "tach_edge_us": (0, 5, TWO_29, TWO_29 + 4, TWO_29 + 5, 2 * TWO_29 - 1),
    "index_edge_us": (0, 5, 6, 2 * TWO_29 - 1),
}


def count_turns(w: Named) -> None:
    pulses = w.tach_count
    marks = (w.index_count - w.mark_count) % TWO_16
    since = (pulses - w.mark_pulses) % TWO_16
    if marks == 0:
        if since <= 8:
            return
        w.turns_wrong += 16
    else:
        after_the_mark = 0 < (w.tach_edge_us - w.index_edge_us) % (2 * TWO_29) < TWO_29
        since -= after_the_mark
        pulses -= after_the_mark
        if w.mark_known:
            right = since == 4 * marks
            w.turns_wrong = max(w.turns_wrong - 1, 0) if right else w.turns_wrong + 16
        w.mark_known = 1
        w.mark_count = w.index_count
    w.mark_pulses = pulses % TWO_16


def test_between_two_marks_lie_four_pulses() -> None:
    agree(measures.count_turns, count_turns, TURNS, 3000)


RUN = {
    "driving": (0, 1, 1, 1),
    "driven_ms": (0, *around(24, 25, 49, 79), TWO_16 - 1, TWO_16),
    "current_ma": (0, 41, 500, *around(1500), 3000),
    "run_current_ma": (500, 800),
    "current_code": (0, 4090),
}


def test_while_needles_run() -> None:
    choices = (
        TURNS
        | RUN
        | {
            "rate_chz": (0, 8000, 9999, 10_000, 10_001, 15_000),
            "rate_set_chz": (0, 8000, 10_000, 15_000),
            "run_rate_chz": (8000, 10_000),
            "pulse_age_ms": (0, *around(24, 29, 49, 80)),
            "back_emf_chz": (-2500, -1, 0, 9000),
            "depth_um": (-170, -1, 0, 800, 2500),
            "run_depth_um": (0, 800),
            "session_ms": (0, *around(1_799_999, 1_799_997)),
            "idle_ms": (0, *around(59_999, 59_997)),
            "step_ms": (1, 3),
            "fresh": (0, 0, 0x1000, 0xFFFFF, 0xFEFFF),
            "pulse_delta": (0, 0, 1),
            "down": LEVEL,
            "run_latch": LEVEL,
        }
    )
    agree(measures.measure_run, measure_run, choices, 3000)


def measure_passage(w: Named) -> None:
    w.rest_ma = w.rest_pulses = w.turns_wrong = w.mark_known = 0
    w.mark_count = w.index_count
    w.mark_pulses = w.tach_count
    w.driven_ms = w.driven_ms + 1 if w.driving else 0
    current(w)
    braking_ms = max(50 - w.state_ms, 0) if w.state == PARKING else 0
    w.above_rate = w.rate_chz - 2500 - 280 * braking_ms
    w.depth_wrong_um = max(w.depth_um - w.run_depth_um, 0)
    w.overdue = 0
    if w.state_ms >= 1500:
        w.state_over = 1
        if w.state == PARKING:
            w.overdue = 27 if w.fresh & 1 << 10 else 13
        else:
            w.overdue = 10 if w.cam_known else 27


def test_while_the_cam_creeps() -> None:
    choices = RUN | {
        "state": (POSITIONING, PARKING),
        "state_ms": (0, *around(50, 1500)),
        "rate_chz": (0, *around(2500), 15_000),
        "depth_um": (-170, 0, *around(800), 2500),
        "run_depth_um": (0, 800),
        "fresh": (0, 0x400, 0xFFFFF, 0xFFBFF),
        "cam_known": LEVEL,
        "state_over": LEVEL,
    }
    agree(measures.measure_passage, measure_passage, choices, 2000)
