"""The estimate of contact against a second writing of it, at the edges of every decision."""

from random import Random

from firmware.treatment import contact
from tests.firmware.second_writing import Named, agree, around

FREE, UNSURE, LIKELY, CONTACT = range(4)


def begin(w: Named, depth_um: int, pins: int) -> None:
    felt = pins > 0 and depth_um >= 250
    # 10 uA per um from 125 um on, for 12 needles.
    w.rise_ua = 10 * (depth_um - 125) * pins // 12 if felt else 0
    w.contact_level = UNSURE
    w.contact_known = w.contact_run_ms = w.contact_sum_ua = 0


def test_a_run_begins() -> None:
    for depth_um in (50, 249, 250, 251, 1000, 2500):
        for pins in (0, 1, 12, 24, 36):
            agree(
                lambda words, um=depth_um, n=pins: contact.begin(words, um, n),  # type: ignore[misc]
                lambda w, um=depth_um, n=pins: begin(w, um, n),  # type: ignore[misc]
                {},
                2,
            )


def follow(extreme_ua: int, current_ua: int, outside: bool) -> int:
    return current_ua if outside else extreme_ua + (current_ua - extreme_ua) // 2048


def sample(w: Named, duty: int, rate_chz: int) -> None:
    if rate_chz < w.rate_set_chz // 2:
        w.contact_level = UNSURE
        w.contact_known = w.contact_run_ms = w.contact_sum_ua = 0
    w.contact_run_ms += 4
    if w.contact_run_ms <= 400:
        return
    # 6 V at 5000 counts, 0.336 mV per 0.01 Hz, 1000 / 3.07 ohm uA per mV.
    balance_mv = duty * 6 // 5 - rate_chz * 336 // 1000
    sample_ua = max(-3000, min(3000, balance_mv)) * 326
    if w.contact_run_ms <= 656:
        w.contact_sum_ua += sample_ua
        w.contact_ua = w.contact_sum_ua // ((w.contact_run_ms - 400) // 4)
        w.low_ua = w.high_ua = w.contact_ua
        return
    w.contact_ua += (sample_ua - w.contact_ua) // 64
    if w.rise_ua:
        w.low_ua = follow(w.low_ua, w.contact_ua, w.contact_ua <= w.low_ua)
        w.high_ua = follow(w.high_ua, w.contact_ua, w.contact_ua >= w.high_ua)
        decide(w)


def decide(w: Named) -> None:
    rise_ua = w.rise_ua
    step_ua = max(2800, rise_ua + rise_ua // 2)
    if w.low_ua > 100_000:  # no pen takes that in air, and such a load wanders by an eighth
        step_ua += (w.low_ua - 100_000) // 8
    if w.high_ua - w.low_ua >= step_ua:
        moved = w.low_ua - w.baseline_ua > rise_ua // 2
        if not w.contact_known or moved:
            w.contact_known = 1
            w.baseline_ua = w.low_ua + 600
        if w.high_ua - w.low_ua >= 3000 + max(0, w.low_ua) // 8:
            w.contact_known = 2
    if not w.contact_known:
        w.contact_level = LIKELY if w.contact_ua >= 41_500 + rise_ua else UNSURE
        return
    above_ua = w.contact_ua - w.baseline_ua
    if above_ua < 0:
        w.baseline_ua += above_ua // 16
    elif w.contact_level == FREE:
        w.baseline_ua += above_ua // 2048
    was_contact = w.contact_level == CONTACT
    if above_ua >= rise_ua or (was_contact and above_ua >= rise_ua - rise_ua // 4):
        w.contact_level = CONTACT
    else:
        w.contact_level = FREE


RISES_UA = (1250, 1866, 1867, 1868, 8751, 10_937)
WORLD = {
    "rise_ua": RISES_UA,
    "contact_level": (FREE, UNSURE, LIKELY, CONTACT),
    "contact_known": (0, 1, 1, 2, 2),
    "rate_set_chz": (0, 0, 10_000, 20_001, 30_000),
    "contact_run_ms": (0, 392, 396, 400, 404, 648, 652, 653, 656, 700, 5000),
    "contact_sum_ua": (-4_000_000, -7, 0, 11, 5_000_000),
}


def near_the_edges(w: Named, rng: Random) -> None:
    """Levels that differ by what a decision asks for, or by one more or less."""
    rise_ua = w.rise_ua
    w.baseline_ua = rng.choice((-40_000, -3, 0, 41_501, 45_000, 99_993, 146_000, 271_000))
    steps = around(0, rise_ua, rise_ua - rise_ua // 4)
    w.contact_ua = w.baseline_ua + rng.choice((*steps, -5000, -100, 5000, 60_000))
    if rng.random() < 0.3:
        w.contact_ua = 41_500 + rise_ua + rng.choice((-1, 0, 1))
    w.low_ua = w.baseline_ua + rng.choice((*around(0, rise_ua // 2), -4000, 4000))
    if rng.random() < 0.2:
        w.low_ua = rng.choice((99_999, 100_000, 100_001, 100_007, 100_008, 100_009))
    hard_ua = max(0, w.low_ua - 100_000) // 8
    w.high_ua = w.low_ua + rng.choice((*around(2800, rise_ua + rise_ua // 2), 0, 50_000)) + hard_ua
    if rng.random() < 0.2:
        w.low_ua = rng.choice((-9, -8, -1, 0, 1, 7, 8, 41_503, 41_504, 60_000))
        w.high_ua = w.low_ua + rng.choice(around(3000 + max(0, w.low_ua) // 8))
    if rng.random() < 0.3:
        w.low_ua = w.contact_ua + rng.choice((-4096, -1, 0, 1))
    if rng.random() < 0.3:
        w.high_ua = w.contact_ua + rng.choice((-1, 0, 1, 4096))


def test_every_decision_is_the_same_at_its_edge() -> None:
    agree(contact._decide, decide, WORLD, 2500, near_the_edges)


def test_samples_are_taken_in_alike() -> None:
    rng = Random(2)
    edge = 3000 * 5 // 6
    for seed in range(60):
        duty = rng.choice((rng.randrange(-5000, 5001), 2906, *around(-edge, edge)))
        rate_chz = rng.choice((0, 0, 10_000, 15_000, 30_000, rng.randrange(30_000)))
        agree(
            lambda words, d=duty, r=rate_chz: contact.sample(words, d, r),  # type: ignore[misc]
            lambda w, d=duty, r=rate_chz: sample(w, d, r),  # type: ignore[misc]
            WORLD | {"rise_ua": (0, *RISES_UA)},
            25,
            near_the_edges,
            seed,
        )
