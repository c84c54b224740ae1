"""The parts of an RP2040 that the board's ports touch, with their registers and one clock.

Addresses are those of the data sheet; an access to any other fails the test. Time is counted in
system cycles of 8 ns; every register access takes some, as it does on the processor. PIO blocks run
exactly, interrupts are served between two of their instructions.
"""

from collections.abc import Callable

from tests.firmware.hal.pio_model import INPUT_DELAY, Block, Machine

MHZ = 125
ACCESS = 10  # cycles of one register access from compiled code, roughly
INTERRUPT = 1500  # from the interrupt to the first statement of its handler: 12 us
FOREVER = 1 << 62

PWM_BASE, PWM_SLICE = 0x40050000, 0x14
SIO, PINS_BASE, ADC, TIMER = 0xD0000000, 0x40014000, 0x4004C000, 0x40054000
WATCHDOG, PIO_BASE, PIO_SET, ENDPOINT = 0x40058000, 0x50200000, 0x2000, 0x50100090
PRIORITIES = 0xE000E400  # of the interrupts, four a word
OUTPUT_LOW = 2  # output override of a pin


class Chip:
    """All state of the chip. `level(pin)` is what a probe on the pin would see."""

    def __init__(self) -> None:
        self.cycle = 0
        self.out = 0  # SIO output register
        self.function = ["none"] * 30  # who drives a pin: sio, pio, pwm, i2c, adc
        self.pull = [0] * 30  # -1 down, 1 up
        self.driven: dict[int, int] = {}  # levels from outside
        self.override = [0] * 30
        self.pio_out = 0
        self.pwm = [{"cc": 0, "top": 0xFFFF, "div": 16, "on": 0} for _ in range(8)]
        self.adc_codes = [0, 0, 0, 0]
        self.adc_control = 0
        self.adc_busy_until = 0
        self.adc_conversions = 0
        self.scratch = 0  # of the watchdog: survives a reset
        self.watchdog_control = 0
        self.reason = 0
        self.watchdog_load: list[int] = []
        self.endpoint = 0
        self.blocks = [self._block(0), self._block(1)]
        self.handlers: dict[int, Callable[[], None]] = {}
        self.pending: list[tuple[int, int]] = []  # (cycle, machine number)
        self.in_interrupt = False
        self.priorities = 0x8080_8080  # of interrupts 4 to 7, as the port sets them
        self.edges: dict[int, list[tuple[int, int]]] = {}  # pin -> (cycle, level) of each change
        self.inputs: list[tuple[int, int, int]] = []  # (cycle, pin, level) still to come

    def _block(self, number: int) -> Block:
        return Block(
            now=lambda: self.cycle,
            read_pin=self.level,
            write_pins=self._pio_pins,
            raise_irq=lambda flag: self._raise(number, flag),
        )

    # ---- pins -----------------------------------------------------------------------------------

    def level(self, pin: int) -> int:
        """0 or 1 on the pin."""
        if self.override[pin] == OUTPUT_LOW and self.function[pin] in ("sio", "pio", "pwm"):
            return 0
        if self.function[pin] == "sio":
            return self.out >> pin & 1
        if self.function[pin] == "pio":
            return self.pio_out >> pin & 1
        return self.driven.get(pin, int(self.pull[pin] > 0))

    def drive(self, pin: int, level: int) -> None:
        """Set an input from outside, now."""
        self.driven[pin] = level

    def schedule(self, microseconds: float, pin: int, level: int) -> None:
        """Change an input at that time; the state machines see it two cycles later."""
        self.inputs.append((round(microseconds * MHZ) + INPUT_DELAY, pin, level))
        self.inputs.sort()

    def changes_us(self, pin: int) -> list[tuple[float, int]]:
        """Every change of an output so far: (microseconds, level)."""
        return [(cycle / MHZ, level) for cycle, level in self.edges.get(pin, [])]

    def _noting(self, mask: int, change: Callable[[], None]) -> None:
        pins = [pin for pin in range(30) if mask >> pin & 1]
        before = [self.level(pin) for pin in pins]
        change()
        for pin, old in zip(pins, before, strict=True):
            if self.level(pin) != old:
                self.edges.setdefault(pin, []).append((self.cycle, self.level(pin)))

    def _pio_pins(self, mask: int, values: int) -> None:
        def change() -> None:
            self.pio_out = self.pio_out & ~mask | values & mask

        self._noting(mask, change)

    def set_out(self, value: int) -> None:
        """Write the SIO output register."""

        def change() -> None:
            self.out = value & 0x3FFF_FFFF

        self._noting(self.out ^ value, change)

    # ---- time -----------------------------------------------------------------------------------

    def now_us(self) -> float:
        """Microseconds since the start."""
        return self.cycle / MHZ

    def run_us(self, microseconds: float) -> None:
        """Let time pass."""
        self.run_to(self.cycle + round(microseconds * MHZ))

    def run_to(self, end: int) -> None:
        """Let time pass up to a cycle: state machines, inputs and interrupts in their order."""
        running = [m for block in self.blocks for m in block.machines if m.enabled]
        while True:
            awake = [m for m in running if not m.starved]
            first = min(awake, key=lambda m: m.next_256, default=None)
            due = FOREVER if first is None else first.next_256 >> 8
            served = FOREVER if self.in_interrupt or not self.pending else self.pending[0][0]
            changed = self.inputs[0][0] if self.inputs else FOREVER
            event = min(due, served, changed)
            if event > end:
                break
            self.cycle = max(self.cycle, event)
            if changed == event:
                _, pin, level = self.inputs.pop(0)
                self.drive(pin, level)
            elif due == event and first is not None:
                first.run()
                if len(awake) == 1 and not self.pending:
                    self._run_alone(first, min(end, changed - 1))
            else:
                self._serve()
        self.cycle = max(self.cycle, end)

    def _run_alone(self, machine: Machine, end: int) -> None:
        """Go on with the only machine that is awake until something else may happen."""
        while not machine.starved and not self.pending:
            due = machine.next_256 >> 8
            if due > end:
                break
            self.cycle = due
            machine.run()

    def _raise(self, block: int, flag: int) -> None:
        number = 4 * block + flag
        if number in self.handlers and all(number != waiting for _, waiting in self.pending):
            self.pending.append((self.cycle + INTERRUPT, number))

    def _serve(self) -> None:
        _, number = self.pending.pop(0)
        self.in_interrupt = True
        try:
            self.handlers[number]()
        finally:
            self.in_interrupt = False

    # ---- registers -------------------------------------------------------------------------------

    def read(self, address: int) -> int:
        """One word from the bus; takes its time first."""
        self.run_to(self.cycle + ACCESS)
        if address == SIO + 0x04:
            return sum(self.level(pin) << pin for pin in range(30))
        if address == TIMER + 0x28:
            return self.cycle // MHZ & 0xFFFF_FFFF
        if PWM_BASE <= address < PWM_BASE + 8 * PWM_SLICE:
            number, offset = divmod(address - PWM_BASE, PWM_SLICE)
            return self.pwm[number][{0: "on", 4: "div", 0x0C: "cc", 0x10: "top"}[offset]]
        if PINS_BASE <= address < PINS_BASE + 30 * 8:
            pin, word = divmod(address - PINS_BASE, 8)
            assert word == 4, "control words only"
            names = {"pwm": 4, "sio": 5, "pio": 6}
            return names.get(self.function[pin], 0x1F) | self.override[pin] << 8
        if address in (PIO_BASE, PIO_BASE + 0x100000):
            machines = self.blocks[(address - PIO_BASE) >> 20].machines
            return sum(m.enabled << m.index for m in machines)
        if address == PIO_BASE + 0xE0:
            return self.blocks[0].machines[1].config.divider_256 << 8
        if address == ADC:
            ready = self.cycle >= self.adc_busy_until
            return self.adc_control & ~0x104 | (0x100 if ready else 0)
        if address == ADC + 4:
            assert self.cycle >= self.adc_busy_until, "read before the conversion was done"
            return self.adc_codes[self.adc_control >> 12 & 7]
        if address == WATCHDOG + 12:
            return self.scratch
        if address == WATCHDOG + 8:
            return self.reason
        if address == ENDPOINT:
            return self.endpoint
        if address == PIO_BASE + 4:
            machines = self.blocks[0].machines
            return sum((not m.rx) << 8 + m.index for m in machines)
        if PIO_BASE + 0x20 <= address <= PIO_BASE + 0x2C:
            return self.blocks[0].machines[(address - PIO_BASE - 0x20) // 4].get()
        if address == PRIORITIES + 4:
            return self.priorities
        raise AssertionError(f"no readable register at {address:#x}")

    def write(self, address: int, value: int) -> None:
        """One word to the bus; takes its time first."""
        self.run_to(self.cycle + ACCESS)
        value &= 0xFFFF_FFFF
        if address in (SIO + 0x14, SIO + 0x18, SIO + 0x1C):
            new = {0x14: self.out | value, 0x18: self.out & ~value, 0x1C: self.out ^ value}
            self.set_out(new[address - SIO])
        elif PWM_BASE <= address < PWM_BASE + 8 * PWM_SLICE:
            number, offset = divmod(address - PWM_BASE, PWM_SLICE)
            assert offset == 0x0C, "only the levels are written past the PWM class"
            self.pwm[number]["cc"] = value
        elif address == ADC:
            assert value & 0x5 == 0x5, "on and convert once"
            assert value & ~0x7005 == 0
            self.adc_control = value
            self.adc_busy_until = self.cycle + 2 * MHZ
            self.adc_conversions += 1
        elif address == PRIORITIES + 4:
            self.priorities = value & 0xFFFF_FFFF
        elif address == WATCHDOG + 12:
            self.scratch = value
        elif address == WATCHDOG + 0x3000:  # clears the bits that are set
            self.watchdog_control &= ~value
        elif address == WATCHDOG + 4:
            assert value <= 0xFF_FFFF
            self.watchdog_load.append(self.cycle)
        elif PINS_BASE <= address < PINS_BASE + 240 and address & 7 == 4:
            pin = (address - PINS_BASE) // 8
            assert value & 0x1F == {"pio": 6}[self.function[pin]], "the pin's function changed"

            def change() -> None:
                self.override[pin] = value >> 8 & 3

            self._noting(1 << pin, change)
        elif address == PIO_BASE + PIO_SET:
            for machine in self.blocks[0].machines:
                assert not value & ~0xF0F
                if value >> machine.index & 1:
                    machine.enable()
        elif address in range(PIO_BASE + 0x10, PIO_BASE + 0x20, 4):
            self.blocks[0].machines[(address - PIO_BASE - 0x10) // 4].put(value)
        elif address in range(PIO_BASE + 0x100010, PIO_BASE + 0x100020, 4):
            self.blocks[1].machines[(address - PIO_BASE - 0x100010) // 4].put(value)
        else:
            raise AssertionError(f"no writable register at {address:#x}")
