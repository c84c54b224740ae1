"""MicroPython's module `machine` over a `Chip`, as far as the board's sources use it."""

import types
from typing import TYPE_CHECKING, Any

from tests.firmware.hal.chip_model import MHZ

if TYPE_CHECKING:
    from tests.firmware.hal.chip_modules import Modules

CPU_HZ = 125_000_000


def module(name: str, **contents: Any) -> types.ModuleType:
    """A module with these contents."""
    made = types.ModuleType(name)
    vars(made).update(contents)
    return made


class Memory:
    """`mem32` and `mem16` outside compiled code: a value above 30 bits would be allocated."""

    def __init__(self, fakes: "Modules", bits: int) -> None:
        self.fakes = fakes
        self.bits = bits

    def __getitem__(self, address: int) -> int:
        value = self.fakes.chip.read(address) & (1 << self.bits) - 1
        assert value < 1 << 30, "a value of more than 30 bits allocates on the board"
        return value

    def __setitem__(self, address: int, value: int) -> None:
        assert -(1 << 30) <= value < 1 << 30
        self.fakes.chip.write(address, value)


class Pin:
    """A pin; `fakes` is set by a subclass per chip, as in the classes below."""

    fakes: "Modules"
    IN, OUT, OPEN_DRAIN, PULL_UP, PULL_DOWN = 0, 1, 2, 1, 2

    def __init__(self, pin: int, mode: int = -1, pull: int = 0, value: int = -1) -> None:
        self.id = pin
        chip = self.fakes.chip
        if mode == Pin.OUT:
            if value >= 0:
                chip.set_out(chip.out & ~(1 << pin) | value << pin)
            chip.function[pin] = "sio"
        elif mode == Pin.IN:
            chip.function[pin] = "none"
        elif mode == Pin.OPEN_DRAIN:
            self.fakes.bus_log.append(("open drain", pin))
        if mode >= 0:
            chip.pull[pin] = {0: 0, Pin.PULL_UP: 1, Pin.PULL_DOWN: -1}[pull]

    def value(self, level: int | None = None) -> int | None:
        chip = self.fakes.chip
        if level is None:
            return chip.level(self.id)
        if chip.function[self.id] == "sio":
            chip.set_out(chip.out & ~(1 << self.id) | level << self.id)
        else:
            self.fakes.bus_log.append(("clock", level))
        return None


class PWM:
    """One channel of a slice; both channels share the frequency."""

    fakes: "Modules"

    def __init__(self, pin: Pin, freq: int, duty_u16: int) -> None:
        self.pin = pin.id
        chip = self.fakes.chip
        chip.function[pin.id] = "pwm"
        self.slice = chip.pwm[pin.id >> 1 & 7]
        self.slice["on"] = 1
        self.freq(freq)
        self.duty_u16(duty_u16)

    def freq(self, hz: int) -> None:
        assert 8 <= hz <= CPU_HZ // 2, "ValueError on the board"
        count = (CPU_HZ + hz // 2) // hz
        div16 = 16 if count < 65534 else -(-16 * CPU_HZ // (65534 * hz))
        self.slice.update(top=round(16 * CPU_HZ / (div16 * hz)) - 1, div=div16)

    def duty_u16(self, duty: int) -> None:
        self.fakes.pwm_duty[self.pin] = duty
        level = (duty * (self.slice["top"] + 1) + 32767) // 65535
        shift = 16 * (self.pin & 1)
        self.slice["cc"] = self.slice["cc"] & ~(0xFFFF << shift) | level << shift


class ADC:
    """Switches a pin to the converter."""

    fakes: "Modules"

    def __init__(self, pin: Pin) -> None:
        assert 26 <= pin.id <= 29
        self.fakes.chip.function[pin.id] = "adc"


class I2C:
    """A controller; `fakes.bus` holds the memory of each device that answers."""

    fakes: "Modules"

    def __init__(self, number: int, *, sda: Pin, scl: Pin, freq: int, timeout: int) -> None:
        assert sda.id % 4 == 2 * number
        assert scl.id == sda.id + 1
        functions = self.fakes.chip.function
        functions[sda.id] = functions[scl.id] = "i2c"
        self.fakes.bus_log.append(("open", number, sda.id, scl.id, freq, timeout))

    def writeto(self, address: int, data: bytes) -> int:
        self.fakes.bus_log.append(("write", address, bytes(data)))
        if address not in self.fakes.bus:
            raise OSError(self.fakes.bus_error)
        return len(data)

    def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
        if address not in self.fakes.bus:
            raise OSError(self.fakes.bus_error)
        buffer[:] = self.fakes.bus[address][register : register + len(buffer)]


def machine_module(fakes: "Modules") -> types.ModuleType:
    """The module `machine` of one chip."""

    def wdt(*, timeout: int) -> None:
        fakes.wdt_ms = timeout

    def idle() -> None:
        chip = fakes.chip
        end = chip.cycle + 1000 * MHZ
        while chip.cycle < end:
            waiting = bool(chip.pending)
            chip.run_us(1)
            if waiting and not chip.pending:
                return

    def freq(hz: int | None = None) -> int:
        if hz is not None:
            assert not any(slice_["on"] for slice_ in fakes.chip.pwm), "its divider would be wrong"
            fakes.frequency_hz = hz
        return fakes.frequency_hz

    def reset() -> None:
        fakes.resets += 1

    def bootloader() -> None:
        fakes.boot_loader += 1

    classes = {
        kind.__name__: type(kind.__name__, (kind,), {"fakes": fakes})
        for kind in (Pin, PWM, ADC, I2C)
    }
    return module(
        "machine",
        **classes,
        WDT=wdt,
        idle=idle,
        freq=freq,
        reset=reset,
        bootloader=bootloader,
        unique_id=lambda: b"\xe6\x60\x11\x22\x33\x44\x55\x66",
        mem32=Memory(fakes, 32),
        mem16=Memory(fakes, 16),
    )
