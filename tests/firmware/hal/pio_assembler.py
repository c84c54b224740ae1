"""The PIO assembler of the `rp2` module, as far as desk tests need it: Python in, words out.

Written from the instruction encoding of the RP2040 data sheet (section 3.4). The result has the
form that MicroPython 1.25 gives a program: a list of words, two places, execution and shift
control, and the initial states of out, set and side-set pins.
"""

import types
from array import array
from collections.abc import Callable
from typing import Any

IN_LOW, IN_HIGH, OUT_LOW, OUT_HIGH = range(4)
SHIFT_LEFT, SHIFT_RIGHT = range(2)
JOIN_NONE, JOIN_TX, JOIN_RX = range(3)

SOURCES = {"pins": 0, "x": 1, "y": 2, "null": 3, "pindirs": 4, "status": 5, "isr": 6, "osr": 7}
CONDITIONS = ("always", "not_x", "x_dec", "not_y", "y_dec", "x_not_y", "pin", "not_osre")


class Instruction:
    """One instruction under construction: `[n]` adds a delay, `.side(v)` a side-set value."""

    def __init__(self, word: int, target: str | None = None) -> None:
        self.word = word
        self.target = target
        self.delay = 0
        self.side_value: int | None = None

    def __getitem__(self, delay: int) -> "Instruction":
        self.delay = delay
        return self

    def side(self, value: int) -> "Instruction":
        self.side_value = value
        return self


class Assembly:
    """Collects one program's instructions, labels and wrap."""

    def __init__(self) -> None:
        self.lines: list[Instruction] = []
        self.labels: dict[str, int] = {}
        self.bottom = 0
        self.top: int | None = None

    def add(self, word: int, target: str | None = None) -> Instruction:
        line = Instruction(word, target)
        self.lines.append(line)
        return line

    def label(self, name: str) -> None:
        assert name not in self.labels, f"label {name} twice"
        self.labels[name] = len(self.lines)

    def wrap_target(self) -> None:
        self.bottom = len(self.lines)

    def wrap(self) -> None:
        self.top = len(self.lines) - 1

    def jmp(self, condition: Any, target: str | None = None) -> Instruction:
        if target is None:
            return self.add(0, condition)
        return self.add(CONDITIONS.index(condition) << 5, target)

    def in_(self, source: str, bits: int) -> Instruction:
        assert 1 <= bits <= 32
        return self.add(0x4000 | SOURCES[source] << 5 | bits & 31)

    def out(self, target: str, bits: int) -> Instruction:
        assert 1 <= bits <= 32
        return self.add(0x6000 | SOURCES[target] << 5 | bits & 31)

    def push(self, mode: str = "block") -> Instruction:
        return self.add(0x8000 | (0x20 if mode == "block" else 0))

    def pull(self, mode: str = "block") -> Instruction:
        return self.add(0x8080 | (0x20 if mode == "block" else 0))

    def mov(self, target: str, source: str) -> Instruction:
        return self.add(0xA000 | SOURCES[target] << 5 | SOURCES[source])

    def irq(self, index: int) -> Instruction:
        return self.add(0xC000 | index)

    def set(self, target: str, value: int) -> Instruction:
        assert 0 <= value <= 31
        return self.add(0xE000 | SOURCES[target] << 5 | value)

    def nop(self) -> Instruction:
        return self.mov("y", "y")

    def words(self, side_bits: int) -> tuple[array, bool]:
        """All words, and whether side-set is optional (not on every instruction)."""
        sided = [line.side_value is not None for line in self.lines]
        optional = bool(side_bits) and not all(sided)
        used = side_bits + optional
        result = array("H")
        for line in self.lines:
            assert line.delay < 1 << (5 - used), "delay too long"
            word = line.word | line.delay << 8
            if line.target is not None:
                word |= self.labels[line.target]
            if line.side_value is not None:
                assert line.side_value < 1 << side_bits
                word |= line.side_value << (13 - used) | (0x1000 if optional else 0)
            result.append(word)
        return result, optional


def names(assembly: Assembly) -> dict[str, Any]:
    """What a program's function sees as its globals: words of the assembler and nothing else."""
    words: dict[str, Any] = {name: name for name in (*SOURCES, *CONDITIONS, "block")}
    words |= {"noblock": "noblock", "rel": lambda index: index | 0x10}
    for name in ("label", "wrap_target", "wrap", "jmp", "in_", "out", "push", "pull"):
        words[name] = getattr(assembly, name)
    for name in ("mov", "irq", "set", "nop"):
        words[name] = getattr(assembly, name)
    return words


def asm_pio(
    *,
    out_init: Any = None,
    set_init: Any = None,
    sideset_init: Any = None,
    in_shiftdir: int = SHIFT_LEFT,
    out_shiftdir: int = SHIFT_LEFT,
    autopush: bool = False,
    autopull: bool = False,
    push_thresh: int = 32,
    pull_thresh: int = 32,
    fifo_join: int = JOIN_NONE,
) -> Callable[[types.FunctionType], list[Any]]:
    """Assemble the decorated function, which does not see the names of its own module."""

    def assemble(function: types.FunctionType) -> list[Any]:
        assembly = Assembly()
        types.FunctionType(function.__code__, names(assembly))()
        side_bits = 0 if sideset_init is None else 1
        if isinstance(sideset_init, list | tuple):
            side_bits = len(sideset_init)
        words, optional = assembly.words(side_bits)
        top = len(words) - 1 if assembly.top is None else assembly.top
        execution = top << 12 | assembly.bottom << 7 | optional << 30
        shift = (
            fifo_join << 30
            | (pull_thresh & 31) << 25
            | (push_thresh & 31) << 20
            | out_shiftdir << 19
            | in_shiftdir << 18
            | autopull << 17
            | autopush << 16
        )
        return [words, -1, -1, execution, shift, out_init, set_init, sideset_init]

    return assemble
