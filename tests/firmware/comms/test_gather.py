"""Each field of the telemetry record is the word it is named after, on every interpreter."""

import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.comms.gather import gather
from firmware.treatment.progress import Progress
from protocol import telemetry

ROOT = Path(__file__).resolve().parents[3]
NAMED = {
    "t_ms": place.T_MS,
    "state": place.STATE,
    "fault": place.FAULT,
    "stop_reason": place.STOP_REASON,
    "zone": place.ZONE,
    "battery_pct": place.BATTERY_PERCENT,
    "conditions": place.CONDITIONS,
    "rate_set_chz": place.RATE_SET_CHZ,
    "rate_chz": place.RATE_CHZ,
    "depth_set_um": place.DEPTH_SET_UM,
    "depth_um": place.DEPTH_UM,
    "current_ma": place.CURRENT_MA,
    "supply_mv": place.SUPPLY_MV,
    "temperature_cdeg": place.TEMPERATURE_CDEG,
    "duty": place.DUTY,
    "ticks_late": place.TICKS_LATE,
}
COUNTED = ("pass_number", "zone_ms", "contact_ms", "punctures", "punctures_per_cm2")


def gathered(words: "list[int]", frames_bad: int = 0) -> dict[str, int]:
    record = [77] * len(telemetry.FIELDS)
    gather(words, record, frames_bad)
    return dict(zip(telemetry.FIELDS, record, strict=True))


def pen(seed: int) -> "list[int]":
    """Words as a tick may leave them, each with a value of its own, some negative."""
    rng = random.Random(seed)
    words = place.new()
    for number in range(place.SIZE):
        words[number] = rng.randrange(-600, 60_000)
    Progress(words).select(1 + seed % 16, 12, 60, 5000, 1 + rng.randrange(60_000))
    return list(words)


@given(seed=st.integers(0, 10**6), frames_bad=st.integers(0, 2**29))
def test_a_field_is_the_word_of_its_name(seed: int, frames_bad: int) -> None:
    words = pen(seed)
    found = gathered(words, frames_bad)
    assert {name: found[name] for name in NAMED} == {name: words[at] for name, at in NAMED.items()}
    assert found["frames_bad"] == frames_bad
    assert found["counter"] == 77, "the encoder's"
    assert set(NAMED) | set(COUNTED) | {"counter", "frames_bad"} == set(telemetry.FIELDS)


@given(
    zone=st.integers(1, 16),
    counts=st.tuples(*(st.integers(0, high) for high in (2**28, 2**28, 3_000_000, 40))),
    area_mm2=st.integers(1, 60_000),
)
def test_what_was_done_is_that_of_the_chosen_zone(
    zone: int, counts: tuple[int, int, int, int], area_mm2: int
) -> None:
    words = place.new()
    progress = Progress(words)
    for other in range(1, 17):
        progress.restore(other, 1, 2, 3, 4)
    progress.restore(zone, *counts)
    progress.select(zone, 12, 60, 5000, area_mm2)
    found = gathered(list(words))
    assert found["zone_ms"] == counts[0]
    assert found["contact_ms"] == counts[1]
    assert found["punctures"] == counts[2]
    assert found["pass_number"] == min(counts[3], 6)
    assert found["punctures_per_cm2"] == counts[2] * 100 // area_mm2
    assert min(found["punctures_per_cm2"], 65535) == progress.punctures_per_cm2()


def test_without_a_zone_nothing_was_done() -> None:
    words = place.new()
    Progress(words)
    assert {name: gathered(list(words))[name] for name in COUNTED} == dict.fromkeys(COUNTED, 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_compiled_it_gathers_the_same(each_micropython: Path, seed: int) -> None:
    words = pen(seed)
    expected = list(gathered(words, 5).values())
    code = f"""
from array import array
from firmware.comms.gather import gather
record = array("i", (77,) * {len(expected)})
gather(array("i", {words!r}), record, 5)
assert list(record) == {expected!r}, list(record)
"""
    done = subprocess.run(
        [each_micropython, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
