"""A host that never falls silent: it cannot keep a pen up whose tick has ended."""

import pytest

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from protocol import codes, frame, messages
from tests.system.harness import BenchPen

COUNTDOWN_MS = 6  # 5, and the millisecond in which it begins
RESTART_MS = 250  # 100 without a tick, 100 in reset, and what was under way
NOISE = bytes(range(1, 64))  # a packet without an end
QUESTION = frame.build(messages.STATUS, 200, frame.REQUEST)  # answered again and again


@pytest.mark.parametrize("sent", [NOISE, QUESTION * 7], ids=["noise", "questions"])
def test_a_pen_whose_tick_has_ended_starts_again_however_much_it_is_told(
    image: Image, sent: bytes
) -> None:
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.running()
        bench = sim.bench
        boots = bench.boots
        bench.hold_tick = True  # its interrupt is lost, the main loop goes on

        def flood() -> bool:
            bench.host_write(sent)
            return not sim.plant.enable_level

        assert bench.advance_until(flood, 10) <= COUNTDOWN_MS

        def flood_on() -> bool:
            flood()
            bench.hold_tick = bench.boots == boots
            return not bench.hold_tick

        assert bench.advance_until(flood_on, 2000) <= RESTART_MS
        assert not sim.plant.enable_level
        sim.person.release()
        bench.host.to_pen.drop_all()
        sim.connect()
        assert sim.status().needles_in
        assert sim.status().state != codes.STATE_RUNNING
        assert bench.misuses == []
