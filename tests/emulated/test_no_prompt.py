"""In the image nothing that a host sends leads to MicroPython's prompt."""

import random

from firmware.boards.image import Image
from hardware.simulator.bench import Bench
from hardware.simulator.twin_rp2040 import Rp2040Twin
from host_controller.client import Client
from tests.system.harness import BenchTransport

KEYS = (b"\x03", b"\x03\x03", b"\r\x03", b"\x01", b"\x02", b"\x04", b"\x05A\x01", b"\r\n")
PROMPTS = (b">>>", b"raw REPL", b"MicroPython", b"MPY", b"Traceback")


def test_keys_of_the_prompt_are_data_from_reset_on(image: Image) -> None:
    draw = random.Random(7)
    with Bench(Rp2040Twin(image.area())) as bench:
        said = b""
        for start in range(2):
            for _ in range(25):
                bench.host_write(draw.choice(KEYS))
                bench.advance(draw.randrange(1, 20))
                said += bench.host_read()
            if not start:
                bench.restart()
        assert not [prompt for prompt in PROMPTS if prompt in said]
        client = Client(BenchTransport(bench), lambda: bench.now_ms)
        assert client.say_hello().product == "microneedling-pen"
        assert bench.boots == 2
