"""What a flood of noise costs the pen's heap, on MicroPython: prints the largest cost of one pass.

`micropython tests/firmware/comms/flood_heap.py`
"""

import gc
import struct
import sys

sys.path.insert(0, ".")

from firmware.comms.dispatcher import Dispatcher
from firmware.comms.plan_receiver import PlanReceiver
from firmware.comms.services import Services
from firmware.comms.session import Session
from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_layout import KIND_STEP, SERIAL_IN_MAX, STEP_FORMAT, STEP_SIZE
from firmware.hal.pin_link import PinLinkBoard

PASSES = 200


def noise(step: bytearray) -> None:
    """Bytes of a small generator, zeros among them."""
    state = 1
    for place in range(STEP_SIZE, len(step)):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        step[place] = state >> 16 & 0xFF


def largest_cost() -> int:
    """Bytes that the worst of many passes takes, from arrival to the decoder."""
    board = PinLinkBoard(Exchange())
    services = Services()
    receiver = PlanReceiver(lambda data: (0, 0, 0, 0, 0), lambda data, sha256: (0, 0, 0, 0, 0))
    session = Session(board.link, Dispatcher(services, receiver))
    step = bytearray(STEP_SIZE + SERIAL_IN_MAX)
    struct.pack_into(STEP_FORMAT, step, 0, KIND_STEP, *(0,) * 10, SERIAL_IN_MAX)
    noise(step)
    worst = 0
    for _ in range(PASSES):
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        board.accept(step)
        session.poll()
        worst = max(worst, gc.mem_alloc() - before)
        gc.enable()
    if not session.frames_bad:
        raise RuntimeError("the noise did not arrive")
    return worst


print(largest_cost())
