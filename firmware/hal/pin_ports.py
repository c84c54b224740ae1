"""The ports of a pen whose pins are on the pin link: the ones that cost no message.

Purpose: answer the tick's ports from the latest STEP and collect its outputs for the next message,
allocating nothing. Owns: `Wires`, the pins as last seen and as last driven.
"""

import struct

from firmware.hal import ports
from firmware.hal.pin_layout import (
    BRIDGE_BRAKE,
    BRIDGE_COAST,
    BRIDGE_DRIVE,
    DRIVE_FORMAT,
    ENABLE_CUT,
    ENABLE_GRANT,
    ENABLE_NEITHER,
    KIND_STEP,
    LINE_BOOST,
    LINE_WATCHDOG,
    PIN_BRIDGE_STALL,
    PIN_BUTTON,
    PIN_ENABLE,
    PIN_HOME,
    PIN_INDEX,
    PIN_SEAT,
    PIN_VBUS,
    SEEN_ADC,
    SEEN_INDEX_COUNT,
    SEEN_INDEX_EDGE_US,
    SEEN_PINS,
    SEEN_T_US,
    SEEN_TACH_COUNT,
    SEEN_TACH_EDGE_US,
)
from firmware.words import (
    BATTERY_CODE,
    BOOST,
    BRIDGE,
    BRIDGE_STALL,
    BUTTON,
    COIL_COUNT,
    COILS,
    CURRENT_CODE,
    DUTY,
    DUTY_OUT,
    ENABLE_LEVEL,
    HALL_CODE,
    HOME,
    INDEX_COUNT,
    INDEX_EDGE_US,
    INDEX_LEVEL,
    KICK,
    LINE,
    LINE_GRANT,
    LINE_LEAVE,
    NOW_US,
    NTC_CODE,
    SEAT,
    TACH_COUNT,
    TACH_EDGE_US,
    VBUS,
)
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_WRAP = const(0x3FFFFFFF)


class Wires:
    """The pins: `seen` is the latest STEP as a tuple, the rest is what the firmware drives."""

    def __init__(self) -> None:
        self.seen: "tuple[int, ...]" = (KIND_STEP, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        self.duty = 0
        self.bridge = BRIDGE_COAST
        self.enable = ENABLE_CUT
        self.coils = 0
        self.coil_count = 0
        self.boost = 0
        self.kicked = 0
        self.red = 0
        self.green = 0
        self.blue = 0
        self.buzzer_hz = 0

    def look(self, words: "Words") -> None:
        """Hand the pins over, as last seen."""
        (
            _,
            words[NOW_US],
            words[TACH_COUNT],
            words[TACH_EDGE_US],
            words[INDEX_COUNT],
            words[INDEX_EDGE_US],
            words[CURRENT_CODE],
            words[HALL_CODE],
            words[NTC_CODE],
            words[BATTERY_CODE],
            pins,
            _,
        ) = self.seen
        words[SEAT] = 1 if pins & PIN_SEAT else 0
        words[HOME] = 1 if pins & PIN_HOME else 0
        words[BUTTON] = 1 if pins & PIN_BUTTON else 0
        words[BRIDGE_STALL] = 1 if pins & PIN_BRIDGE_STALL else 0
        words[VBUS] = 1 if pins & PIN_VBUS else 0
        words[ENABLE_LEVEL] = 1 if pins & PIN_ENABLE else 0
        words[INDEX_LEVEL] = 1 if pins & PIN_INDEX else 0
        words[DUTY] = self.duty

    def act(self, words: "Words") -> None:
        """Take the outputs over."""
        if words[LINE] != LINE_LEAVE:
            self.enable = ENABLE_GRANT if words[LINE] == LINE_GRANT else ENABLE_CUT
            words[LINE] = LINE_LEAVE
        if words[KICK]:
            words[KICK] = 0
            self.kicked = LINE_WATCHDOG
        bridge = words[BRIDGE]  # the numbers are those of the link
        self.bridge = bridge
        self.duty = words[DUTY_OUT] if bridge == BRIDGE_DRIVE else 0
        self.boost = LINE_BOOST if words[BOOST] else 0
        if words[COIL_COUNT]:
            self.coils = words[COILS]
            self.coil_count = words[COIL_COUNT]
            words[COIL_COUNT] = 0

    def pack(self, buffer: bytearray, kind: int, tail_len: int) -> None:
        """Write the outputs into `buffer`; what happens once (grant, kick, steps) is then done."""
        struct.pack_into(
            DRIVE_FORMAT,
            buffer,
            0,
            kind,
            self.duty,
            self.bridge,
            self.enable,
            self.coils,
            self.coil_count,
            self.boost | self.kicked,
            self.red,
            self.green,
            self.blue,
            self.buzzer_hz,
            tail_len,
        )
        self.enable = ENABLE_NEITHER
        self.coil_count = 0
        self.kicked = 0


class PinClock(ports.Clock):
    """Simulated time: stands still within a step."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def now_us(self) -> int:
        """Time of the current step."""
        return self._wires.seen[SEEN_T_US]

    def elapsed_us(self, since_us: int) -> int:
        """Microseconds since `since_us`, across the wrap."""
        return (self._wires.seen[SEEN_T_US] - since_us) & _WRAP


class PinBridge(ports.Bridge):
    """Motor bridge."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def drive(self, duty: int) -> None:
        """Drive with -TOP..TOP counts."""
        self._wires.duty = duty
        self._wires.bridge = BRIDGE_DRIVE

    def brake(self) -> None:
        """Short the winding."""
        self._wires.duty = 0
        self._wires.bridge = BRIDGE_BRAKE

    def coast(self) -> None:
        """Open the winding."""
        self._wires.duty = 0
        self._wires.bridge = BRIDGE_COAST

    def duty(self) -> int:
        """Duty as held."""
        return self._wires.duty


class PinEnable(ports.ExpiringEnable):
    """Drive-enable; the countdown itself runs on the bench."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def grant(self) -> None:
        """Hold the line for another 5 ms."""
        self._wires.enable = ENABLE_GRANT

    def cut(self) -> None:
        """Let the line fall."""
        self._wires.enable = ENABLE_CUT

    def level(self) -> int:
        """Read-back behind the chain."""
        return 1 if self._wires.seen[SEEN_PINS] & PIN_ENABLE else 0


class PinPulses(ports.PulseCounter):
    """Tachometer and index mark."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def count(self) -> int:
        """Tachometer pulses, 16 bit."""
        return self._wires.seen[SEEN_TACH_COUNT]

    def edge_us(self) -> int:
        """Time of the last pulse."""
        return self._wires.seen[SEEN_TACH_EDGE_US]

    def index_count(self) -> int:
        """Index edges, 16 bit."""
        return self._wires.seen[SEEN_INDEX_COUNT]

    def index_edge_us(self) -> int:
        """Time of the last index edge."""
        return self._wires.seen[SEEN_INDEX_EDGE_US]

    def index_level(self) -> int:
        """1 while the mark is in view."""
        return 1 if self._wires.seen[SEEN_PINS] & PIN_INDEX else 0


class PinAdc(ports.Adc):
    """The four analogue inputs."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def read(self, channel: int) -> int:
        """Code of `channel` 0..3."""
        return self._wires.seen[SEEN_ADC + channel]


class PinCoils(ports.StepperCoils):
    """Depth-stage coils."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def write(self, patterns: int, count: int) -> None:
        """Up to four half-steps in the coming millisecond."""
        self._wires.coils = patterns
        self._wires.coil_count = count


class PinIn(ports.DigitalIn):
    """One bit of the pins word."""

    def __init__(self, wires: Wires, mask: int) -> None:
        self._wires = wires
        self._mask = mask

    def level(self) -> int:
        """1 = active."""
        return 1 if self._wires.seen[SEEN_PINS] & self._mask else 0


class PinBoost(ports.DigitalOut):
    """Boost converter of the motor rail."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def set(self, level: int) -> None:
        """1 = on."""
        self._wires.boost = LINE_BOOST if level else 0


class PinLight(ports.Light):
    """The RGB light."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def set(self, red: int, green: int, blue: int) -> None:
        """Each 0..255."""
        self._wires.red = red
        self._wires.green = green
        self._wires.blue = blue


class PinBuzzer(ports.Buzzer):
    """The buzzer."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def set(self, frequency_hz: int) -> None:
        """0 = silent."""
        self._wires.buzzer_hz = frequency_hz


class PinWatchdog(ports.Watchdog):
    """The external window watchdog, modelled on the bench."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires

    def kick(self) -> None:
        """Once per tick."""
        self._wires.kicked = LINE_WATCHDOG
