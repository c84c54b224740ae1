"""MicroPython's modules over a `Chip`, and the board's sources on top of them.

`load()` imports `firmware.hal.rp2040`, the very files that are frozen into the image, and leaves
`sys.modules` as it was. Behaviour follows the sources of MicroPython 1.25 (ports/rp2).
"""

import functools
import importlib
import sys
import types
from array import array
from typing import Any

import firmware.hal
from tests.firmware.hal import pio_assembler
from tests.firmware.hal.chip_machine import CPU_HZ, machine_module, module
from tests.firmware.hal.chip_model import Chip

PACKAGE = "firmware.hal.rp2040"
MODULES = (f"{PACKAGE}.board", f"{PACKAGE}.safe_start")
SECTOR, PAGE, STORAGE = 4096, 256, 352 * 4096  # the stock image's storage: 1408 KB
FLASH_BYTES = 2 * 1024 * 1024


class Pointer:
    """`ptr32`, `ptr16`, `ptr8` of compiled code: signed words of the bus, or of a buffer."""

    fakes: "Modules"

    def __init__(self, place: Any) -> None:
        self.place = place

    def __getitem__(self, index: int) -> int:
        if not isinstance(self.place, int):
            value: int = self.place[index]
            return value
        word = self.fakes.chip.read((self.place & 0xFFFF_FFFF) + 4 * index)
        return word - (1 << 32) if word >> 31 else word

    def __setitem__(self, index: int, value: int) -> None:
        if isinstance(self.place, int):
            self.fakes.chip.write((self.place & 0xFFFF_FFFF) + 4 * index, value)
        elif isinstance(self.place, array | list):  # a list: the tick's words on CPython
            assert isinstance(self.place, list) or self.place.typecode == "i"
            self.place[index] = (value + (1 << 31)) % (1 << 32) - (1 << 31)
        else:
            self.place[index] = value & 0xFF


class Modules:
    """The fakes of one chip. `host_in` and `host_out` are the far end of the USB cable."""

    def __init__(self, chip: Chip) -> None:
        self.chip = chip
        self.flash = bytearray(b"\xff" * STORAGE)
        self.flash_log: list[str] = []
        self.image = bytearray(b"\xff" * 0x0C_0000)  # the firmware's area
        self.host_in = bytearray()
        self.host_out = bytearray()
        self.queue = 0  # bytes in the console's queue that the host has not fetched
        self.connected = True
        self.taken_at_most = 256  # bytes that one write takes
        self.bus: dict[int, bytearray] = {}
        self.bus_error = 5
        self.bus_log: list[tuple[Any, ...]] = []
        self.kbd_intr: int | None = None
        self.emergency = 0
        self.wdt_ms: int | None = None
        self.resets = 0
        self.boot_loader = 0
        self.ticks_ms = 0
        self.frequency_hz = CPU_HZ
        self.pwm_duty: dict[int, int] = {}

    # ---- rp2 -------------------------------------------------------------------------------------

    def rp2(self) -> types.ModuleType:
        fakes = self

        class StateMachine:
            def __init__(
                self,
                number: int,
                program: list[Any],
                freq: int,
                set_base: Any = None,
                out_base: Any = None,
                jmp_pin: Any = None,
            ) -> None:
                block = fakes.chip.blocks[number // 4]
                self.number = number
                self.machine = block.machines[number % 4]
                words, _, _, execution, shift, out_init, set_init, _ = program
                if program[1 + number // 4] < 0:
                    program[1 + number // 4] = block.load(list(words))
                offset = program[1 + number // 4]
                config = self.machine.config
                config.divider_256 = fakes.frequency_hz * 256 // freq
                config.wrap_top = (execution >> 12 & 31) + offset
                config.wrap_bottom = (execution >> 7 & 31) + offset
                config.out_right = bool(shift >> 19 & 1)
                config.in_right = bool(shift >> 18 & 1)
                join = shift >> 30
                config.tx_depth = (4, 8, 0)[join]
                config.rx_depth = (4, 0, 8)[join]
                self.machine.pc = offset
                if jmp_pin is not None:
                    config.jmp_pin = jmp_pin.id
                if out_base is not None:
                    config.out_base, config.out_count = out_base.id, len(out_init)
                    claim(out_base.id, out_init)
                if set_base is not None:
                    config.set_base, config.set_count = set_base.id, 1
                    claim(set_base.id, [set_init])

            def active(self, value: int) -> None:
                assert value == 1
                self.machine.enable()

            def irq(self, handler: Any, hard: bool) -> None:
                assert hard
                fakes.chip.handlers[self.number] = lambda: handler(self)

        def claim(base: int, states: list[int]) -> None:
            for i, state in enumerate(states):
                assert state == pio_assembler.OUT_LOW
                fakes.chip.function[base + i] = "pio"

        class Flash:
            def __init__(self, start: int = 0, len: int = STORAGE) -> None:  # noqa: A002
                assert start % SECTOR == len % SECTOR == 0
                assert start >= 0
                assert start + len <= STORAGE
                self.start = start
                self.size = len

            def ioctl(self, request: int, argument: int) -> int:
                if request == 4:
                    return self.size // SECTOR
                assert request == 6
                first = self.start + argument * SECTOR
                fakes.flash[first : first + SECTOR] = b"\xff" * SECTOR
                fakes.flash_log.append("erase")
                return 0

            def readblocks(self, block: int, buffer: bytearray, offset: int) -> None:
                first = self.start + block * SECTOR + offset
                buffer[:] = fakes.flash[first : first + len(buffer)]

            def writeblocks(self, block: int, data: bytearray, offset: int | None = None) -> None:
                assert isinstance(data, bytearray), "must lie in RAM"
                assert offset is not None, "would erase"
                first = self.start + block * SECTOR + offset
                assert first % PAGE == len(data) % PAGE == 0, "the boot ROM programs whole pages"
                for i, byte in enumerate(data):
                    fakes.flash[first + i] &= byte
                fakes.flash_log.append("program")

        pio = types.SimpleNamespace(
            OUT_LOW=2, SHIFT_LEFT=0, SHIFT_RIGHT=1, JOIN_NONE=0, JOIN_TX=1, JOIN_RX=2
        )
        return module(
            "rp2", PIO=pio, StateMachine=StateMachine, Flash=Flash, asm_pio=pio_assembler.asm_pio
        )

    # ---- the console -----------------------------------------------------------------------------

    def console(self) -> tuple[types.ModuleType, Any]:
        """`pen_console` and standard output."""
        fakes = self

        def arrived() -> bool:
            return bool(fakes.host_in)

        def read_into(buffer: bytearray) -> int:
            count = min(len(buffer), len(fakes.host_in))
            buffer[:count] = fakes.host_in[:count]
            del fakes.host_in[:count]
            return count

        class Out:
            def write(self, data: bytearray, offset: int, count: int) -> int:
                count = min(count, fakes.taken_at_most)
                if fakes.connected:
                    assert fakes.queue + count <= 256, "would wait for the host"
                    fakes.queue += count
                    fakes.chip.endpoint = 0x400
                    fakes.host_out += data[offset : offset + count]
                return count

        console = module("pen_console", arrived=arrived, read_into=read_into)
        return console, types.SimpleNamespace(buffer=Out())

    def host_fetches(self) -> None:
        """The host reads everything that was sent."""
        self.queue = 0
        self.chip.endpoint = 0

    def bytearray_at(self, address: int, count: int) -> bytearray:
        place = address - 0x1000_0000
        return self.image[place : place + count]

    def sleep_us(self, microseconds: int) -> None:
        self.chip.run_us(microseconds)

    def micropython(self) -> types.ModuleType:
        def same(value: Any) -> Any:
            return value

        def kbd_intr(byte: int) -> None:
            self.kbd_intr = byte

        def emergency(size: int) -> None:
            self.emergency = size

        return module(
            "micropython",
            viper=same, native=same, const=same, kbd_intr=kbd_intr,
            alloc_emergency_exception_buf=emergency,
        )  # fmt: skip


class Loaded:
    """The board's modules, by their short names: `loaded.enable.Rp2040Enable()`."""

    def __init__(self) -> None:
        self.fakes = Modules(Chip())
        console, stdout = self.fakes.console()
        replaced = {
            "machine": machine_module(self.fakes),
            "rp2": self.fakes.rp2(),
            "micropython": self.fakes.micropython(),
            "pen_console": console,
            "uctypes": module("uctypes", bytearray_at=self.fakes.bytearray_at),
            "time": module(
                "time", sleep_us=self.fakes.sleep_us, ticks_ms=lambda: self.fakes.ticks_ms
            ),
            "sys": module("sys", stdout=stdout),
        }
        for name in ("protocol.interpreter", "hardware.board.rev_a", "firmware.hal.ports"):
            importlib.import_module(name)
        kept = {name: sys.modules[name] for name in replaced if name in sys.modules}
        try:
            sys.modules.update(replaced)
            for name in MODULES:
                importlib.import_module(name)
            self.modules = {
                name.rpartition(".")[2]: found
                for name, found in list(sys.modules.items())
                if name.startswith(PACKAGE)
            }
        finally:
            for name in list(sys.modules):
                if name.startswith(PACKAGE) or name in replaced:
                    del sys.modules[name]
            sys.modules.update(kept)
            if hasattr(firmware.hal, "rp2040"):
                del firmware.hal.rp2040
        pointer = type("Pointer", (Pointer,), {"fakes": self.fakes})
        for found in self.modules.values():
            for name in ("ptr32", "ptr16", "ptr8"):
                setattr(found, name, pointer)

    @property
    def chip(self) -> Chip:
        """The chip that the modules run on."""
        return self.fakes.chip

    def __getattr__(self, name: str) -> Any:
        return self.modules[name]


@functools.cache
def imported() -> Loaded:
    """The modules, imported once: that takes longer than most tests."""
    return Loaded()


def load() -> Loaded:
    """Put the board's modules on a new chip; what was made on the former one is dead."""
    loaded = imported()
    loaded.fakes.__init__(Chip())  # type: ignore[misc]
    for program in vars(loaded.programs).values():
        if isinstance(program, list):
            program[1:3] = -1, -1  # in no instruction memory yet
    return loaded
