"""A PIO block of the RP2040 that executes real instruction words, exact to the system clock cycle.

Written from section 3 of the RP2040 data sheet. Left out, with an assertion where one would notice
it: WAIT, OUT and MOV to EXEC, PC and pin directions, MOV's bit operations, clearing IRQs, autopush.
The owner of a block gives it the time, the pins and a place for interrupts, and calls `Machine.run`
whenever `next_256` has come.
"""

import dataclasses
from collections import deque
from collections.abc import Callable

WORD = 0xFFFF_FFFF
INPUT_DELAY = 2  # system cycles from a pin to a state machine (two flip-flops)


@dataclasses.dataclass
class Config:
    """What registers set up for one state machine."""

    divider_256: int = 256  # 16.8 fixed point
    wrap_bottom: int = 0
    wrap_top: int = 31
    out_base: int = 0
    out_count: int = 0
    set_base: int = 0
    set_count: int = 0
    side_base: int = 0
    side_count: int = 0  # without the bit that makes it optional
    side_optional: bool = False
    in_base: int = 0
    jmp_pin: int = 0
    in_right: bool = False
    out_right: bool = False
    autopull: bool = False
    pull_threshold: int = 32
    tx_depth: int = 4
    rx_depth: int = 4


class Machine:
    """One state machine. Times are system cycles times 256, because dividers have a fraction."""

    def __init__(self, block: "Block", index: int) -> None:
        self.block = block
        self.index = index
        self.config = Config()
        self.enabled = False
        self.x = self.y = self.isr = self.osr = 0
        self.isr_count = 0
        self.osr_count = 32  # bits already shifted out: 32 = empty
        self.pc = 0
        self.tx: deque[int] = deque()
        self.rx: deque[int] = deque()
        self.rx_lost = 0
        self.next_256 = 0
        self.starved = False  # waits for a word in its TX FIFO

    def put(self, word: int) -> None:
        """A write to the TX FIFO; lost when it is full."""
        if len(self.tx) < self.config.tx_depth:
            self.tx.append(word & WORD)
        if self.starved:
            self.starved = False
            period = self.config.divider_256
            late = self.block.now() * 256 - self.next_256
            if late > 0:
                self.next_256 += -(-late // period) * period

    def get(self) -> int:
        """A read from the RX FIFO; 0 when it is empty."""
        return self.rx.popleft() if self.rx else 0

    def enable(self) -> None:
        """Start; the divider starts with it."""
        self.enabled = True
        self.next_256 = self.block.now() * 256

    def execute_now(self, word: int) -> None:
        """A write to the INSTR register."""
        assert self._execute(word), "an executed instruction may not stall here"

    def run(self) -> None:
        """Execute the instruction that is due."""
        pc = self.pc
        word = self.block.memory[pc]
        config = self.config
        self.pc = config.wrap_bottom if pc == config.wrap_top else (pc + 1) & 31
        delay = word >> 8 & 31
        if config.side_count:
            delay = self._side(delay)
        if self._execute(word):
            self.next_256 += config.divider_256 * (1 + delay)
        else:
            self.pc = pc
            self.next_256 += config.divider_256

    def _execute(self, word: int) -> bool:
        """Carry out one word; False = stalled."""
        kind = word >> 13
        what = word >> 5 & 7
        low = word & 31
        if kind == 0:
            if self._condition(what):
                self.pc = low
        elif kind == 2:
            self._in(what, low or 32)
        elif kind == 3:
            return self._out(what, low or 32)
        elif kind == 4:
            return self._pull(word) if word & 0x80 else self._push(word)
        elif kind == 5:
            assert not word & 0x18, "operations of MOV are not modelled"
            self._move(what, word & 7)
        elif kind == 6:
            assert what == 0, "only setting an IRQ is modelled"
            flag = low & 7
            if low & 0x10:
                flag = flag & 4 | (flag + self.index) & 3
            self.block.raise_irq(flag)
        elif kind == 7:
            self._set(what, low)
        else:
            raise AssertionError("WAIT is not modelled")
        return True

    def _side(self, field: int) -> int:
        """Apply the side-set part of the five-bit field, even if the instruction then stalls."""
        config = self.config
        width = 5 - config.side_count - config.side_optional
        value = field >> width
        if not config.side_optional or value >> config.side_count:
            self._drive(config.side_base, config.side_count, value)
        return field & (1 << width) - 1

    def _condition(self, what: int) -> bool:
        if what == 1:
            return self.x == 0
        if what == 2:
            taken = self.x != 0
            self.x = (self.x - 1) & WORD
            return taken
        if what == 3:
            return self.y == 0
        if what == 4:
            taken = self.y != 0
            self.y = (self.y - 1) & WORD
            return taken
        if what == 5:
            return self.x != self.y
        if what == 6:
            return bool(self.block.read_pin(self.config.jmp_pin))
        if what == 7:
            return self.osr_count < self.config.pull_threshold
        return True

    def _in(self, source: int, bits: int) -> None:
        value = self._source(source) & (1 << bits) - 1
        if self.config.in_right:
            self.isr = (self.isr >> bits | value << (32 - bits)) & WORD
        else:
            self.isr = (self.isr << bits | value) & WORD
        self.isr_count = min(32, self.isr_count + bits)

    def _out(self, target: int, bits: int) -> bool:
        if self.config.autopull and self.osr_count >= self.config.pull_threshold:
            if not self.tx:
                return False
            self.osr = self.tx.popleft()
            self.osr_count = 0
        if self.config.out_right:
            value = self.osr & (1 << bits) - 1
            self.osr >>= bits
        else:
            value = self.osr >> (32 - bits)
            self.osr = self.osr << bits & WORD
        self.osr_count = min(32, self.osr_count + bits)
        if target == 0:
            self._drive(self.config.out_base, self.config.out_count, value)
        elif target == 6:
            self.isr = value
            self.isr_count = bits
        elif target != 3:
            self._target(target, value)
        return True

    def _pull(self, word: int) -> bool:
        if word & 0x40 and self.osr_count < self.config.pull_threshold:
            return True
        if self.tx:
            self.osr = self.tx.popleft()
        elif word & 0x20:
            self.starved = True
            return False
        else:
            self.osr = self.x
        self.osr_count = 0
        return True

    def _push(self, word: int) -> bool:
        if len(self.rx) < self.config.rx_depth:
            self.rx.append(self.isr)
        elif word & 0x20:
            return False
        else:
            self.rx_lost += 1
        self.isr = self.isr_count = 0
        return True

    def _move(self, target: int, source: int) -> None:
        value = self._source(source)
        if target == 0:
            self._drive(self.config.out_base, self.config.out_count, value)
        elif target == 6:
            self.isr = value
            self.isr_count = 0
        elif target == 7:
            self.osr = value
            self.osr_count = 0
        else:
            self._target(target, value)

    def _set(self, target: int, value: int) -> None:
        if target == 0:
            self._drive(self.config.set_base, self.config.set_count, value)
        else:
            self._target(target, value)

    def _source(self, source: int) -> int:
        if source == 0:
            return sum(self.block.read_pin((self.config.in_base + i) % 32) << i for i in range(32))
        known = {1: self.x, 2: self.y, 3: 0, 6: self.isr, 7: self.osr}
        return known[source]

    def _target(self, target: int, value: int) -> None:
        if target == 1:
            self.x = value
        elif target == 2:
            self.y = value
        else:
            raise AssertionError(f"target {target} is not modelled")

    def _drive(self, base: int, count: int, value: int) -> None:
        mask = (1 << count) - 1
        self.block.write_pins(mask << base, (value & mask) << base)


class Block:
    """Instruction memory, four machines and their interrupt flags."""

    def __init__(
        self,
        now: Callable[[], int],
        read_pin: Callable[[int], int],
        write_pins: Callable[[int, int], None],
        raise_irq: Callable[[int], None],
    ) -> None:
        self.now = now
        self.read_pin = read_pin
        self.write_pins = write_pins
        self.raise_irq = raise_irq
        self.memory = [0] * 32
        self.used = 0  # one bit per occupied word
        self.machines = [Machine(self, index) for index in range(4)]

    def load(self, words: list[int]) -> int:
        """Place a program as the SDK does, as high as it fits; its first address."""
        size = len(words)
        for offset in range(32 - size, -1, -1):
            mask = ((1 << size) - 1) << offset
            if not self.used & mask:
                self.used |= mask
                for i, word in enumerate(words):
                    is_jump = word >> 13 == 0
                    self.memory[offset + i] = word + offset if is_jump else word
                return offset
        raise OSError(12, "no room in the instruction memory")
