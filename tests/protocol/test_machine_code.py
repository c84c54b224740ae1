"""The machine code does what the bytecode does, on every build that has it."""

import random
import subprocess
from pathlib import Path

from tests.firmware.hal.test_rp2040_conformance import compiled, literal_loads

ROOT = Path(__file__).resolve().parents[2]


def contents(rng: random.Random) -> list[bytes]:
    mixed = [
        bytes(rng.choice((0, 0, rng.randrange(256))) for _ in range(rng.randrange(250)))
        for _ in range(40)
    ]
    return [b"", b"\0", b"\1", bytes(253), b"\xff" * 253, b"\0" + b"\1" * 252, *mixed]


def run(program: Path, code: str) -> None:
    done = subprocess.run(
        [program, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_check_is_that_of_the_bytecode(each_micropython: Path, rng: random.Random) -> None:
    run(
        each_micropython,
        f"""
from protocol import crc, machine_code
assert crc._write_machine is machine_code.write_check
for data in {contents(rng)!r}:
    one = bytearray(b"123" + data + bytes(6))
    two = bytearray(one)
    three = bytearray(one)
    crc.write(one, 3, 3 + len(data))
    crc.write_lean(two, 3, 3 + len(data))
    crc.write_in_halves(three, 3, 3 + len(data))
    assert one == two == three, data
""",
    )


def test_the_stuffing_is_that_of_the_bytecode(each_micropython: Path, rng: random.Random) -> None:
    run(
        each_micropython,
        f"""
from protocol import cobs, machine_code
assert cobs.encode is machine_code.stuff
for data in {contents(rng)!r}:
    one = bytearray(b"\\xaa" + data + b"\\x55\\x55")
    two = bytearray(one)
    cobs.encode(one, len(data) + 1)
    cobs.encode_in_place(two, len(data) + 1)
    assert one == two, data
""",
    )


def test_without_machine_code_the_bytecode_does_it(each_micropython: Path) -> None:
    run(
        each_micropython,
        """
import sys
class Missing:
    def __getattr__(self, name):
        raise SyntaxError("invalid micropython decorator")
sys.modules["protocol.machine_code"] = Missing()
from protocol import cobs, crc
assert crc._write_machine is None
assert cobs.encode is cobs.encode_in_place
one = bytearray(b"123456789" + bytes(4))
crc.write_lean(one, 0, 9)
assert one[9:] == bytes([0x26, 0x39, 0xF4, 0xCB])
""",
    )


def test_frozen_on_the_board_it_needs_no_alignment(tmp_path: Path) -> None:
    """Constants of more than a byte would be loaded from where freezing does not align them."""
    assert literal_loads(compiled(ROOT / "protocol" / "machine_code.py", tmp_path)) == []
