"""The ports of the pen: what a board must offer, whatever the board is.

Plain base classes; `hal/rp2040` answers them with registers, `hal/pin_link.py` with a simulated
bench. The 1 kHz tick uses two of them, `Board.look` and `Board.act`, for all pins together, because
on the board a call costs more than what it does; the others are for what happens outside of it:
start, self-test, panic. None that may be called in the tick allocates, and all integers are within
+-2^30. Times are microseconds that wrap at 2^30, as MicroPython's `ticks_us` does.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words


class Clock:
    """Time since reset."""

    def now_us(self) -> int:
        """Microseconds, 0..2^30 - 1, wrapping."""
        raise NotImplementedError

    def elapsed_us(self, since_us: int) -> int:
        """Microseconds from `since_us` to now, right across a wrap, up to 2^29 - 1 (9 minutes)."""
        raise NotImplementedError


class Ticker:
    """The 1 kHz heartbeat."""

    def start(self, handler: "object") -> None:
        """Call `handler()` every millisecond in interrupt context from now on."""
        raise NotImplementedError

    def wait(self) -> bool:
        """Return once another tick has been handled, or when the host may have sent something.

        False when the board is going down.
        """
        raise NotImplementedError


class Bridge:
    """The motor bridge: signed duty, brake, coast."""

    TOP = 5000  # PWM counts at 25 kHz

    def drive(self, duty: int) -> None:
        """Drive with -TOP..TOP counts (synchronous slow decay)."""
        raise NotImplementedError

    def brake(self) -> None:
        """Short the winding."""
        raise NotImplementedError

    def coast(self) -> None:
        """Open the winding (bridge asleep)."""
        raise NotImplementedError

    def duty(self) -> int:
        """Duty that the PWM hardware holds, read back."""
        raise NotImplementedError


class ExpiringEnable:
    """Drive-enable: falls by itself 5 ms after the last grant, without any Python running."""

    def grant(self) -> None:
        """Hold the line up for another 5 ms."""
        raise NotImplementedError

    def cut(self) -> None:
        """Let the line fall now."""
        raise NotImplementedError

    def level(self) -> int:
        """1 while the line behind the whole chain (countdown, seat, watchdog) is high."""
        raise NotImplementedError


class PulseCounter:
    """Tachometer and index mark, captured by hardware to 1 us."""

    def count(self) -> int:
        """Tachometer pulses since reset, 0..65535, wrapping."""
        raise NotImplementedError

    def edge_us(self) -> int:
        """Time of the last tachometer pulse."""
        raise NotImplementedError

    def index_count(self) -> int:
        """Index edges since reset, 0..65535, wrapping."""
        raise NotImplementedError

    def index_edge_us(self) -> int:
        """Time of the last index edge."""
        raise NotImplementedError

    def index_level(self) -> int:
        """1 while the index mark (cam within 20 degrees of full retraction) is in view."""
        raise NotImplementedError


class Adc:
    """The four analogue inputs, 12 bit; channel numbers are in hardware/board."""

    def read(self, channel: int) -> int:
        """Latest conversion of `channel` 0..3, 0..4095."""
        raise NotImplementedError


class StepperCoils:
    """Coils of the depth stage."""

    def write(self, patterns: int, count: int) -> None:
        """Put out `count` (0..4) half-step patterns evenly spread over the coming millisecond.

        Four bits each, the first in the low nibble.
        """
        raise NotImplementedError


class DigitalIn:
    """One switch."""

    def level(self) -> int:
        """1 = active (seated, at home, pressed), whatever the wire's polarity."""
        raise NotImplementedError


class DigitalOut:
    """One line."""

    def set(self, level: int) -> None:
        """1 = active."""
        raise NotImplementedError


class Light:
    """The RGB light."""

    def set(self, red: int, green: int, blue: int) -> None:
        """Each 0..255."""
        raise NotImplementedError


class Buzzer:
    """The buzzer."""

    def set(self, frequency_hz: int) -> None:
        """0 = silent."""
        raise NotImplementedError


class I2c:
    """The bus of cartridge memory and accelerometer. Main loop only; raises OSError."""

    def write(self, address: int, data: bytes) -> None:
        """Write `data` to 7-bit `address`; OSError when nobody answers."""
        raise NotImplementedError

    def read_into(self, address: int, register: int, buffer: bytearray) -> None:
        """Write the one-byte `register`, then fill `buffer`; OSError when nobody answers."""
        raise NotImplementedError


class Flash:
    """The record region of the flash.

    Main loop at standstill only: an erase stops everything else, interrupts included, for 45 ms.
    """

    SECTOR = 4096
    PAGE = 256

    def size(self) -> int:
        """Bytes of the region, a multiple of SECTOR."""
        raise NotImplementedError

    def read_into(self, address: int, buffer: bytearray) -> None:
        """Fill `buffer` from `address` of the region."""
        raise NotImplementedError

    def erase(self, address: int) -> None:
        """Set the SECTOR at `address` to 0xFF."""
        raise NotImplementedError

    def program(self, address: int, data: bytes) -> None:
        """Clear bits: `data` lies within one PAGE."""
        raise NotImplementedError


class FirmwareImage:
    """The area of the flash that the firmware lies in, to be read only. Main loop."""

    def read_into(self, address: int, buffer: bytearray) -> None:
        """Fill `buffer` from `address`, counted from the beginning of the flash."""
        raise NotImplementedError


class Watchdog:
    """The external window watchdog: its kick is part of the drive-enable chain."""

    def kick(self) -> None:
        """Once per tick; too early or too late and drive-enable falls."""
        raise NotImplementedError


class ByteLink:
    """The serial port to the host. Main loop only."""

    def read_into(self, buffer: bytearray) -> int:
        """Copy what has arrived into `buffer`; number of bytes, 0 when none."""
        raise NotImplementedError

    def write(self, data: bytearray, count: int) -> int:
        """Queue the first `count` bytes, all or nothing; 0 when the queue has no room."""
        raise NotImplementedError


class Board:
    """One board: its ports as attributes, and what concerns it as a whole."""

    clock: Clock
    ticker: Ticker
    bridge: Bridge
    enable: ExpiringEnable
    pulses: PulseCounter
    adc: Adc
    coils: StepperCoils
    seat: DigitalIn
    home: DigitalIn
    button: DigitalIn
    bridge_stall: DigitalIn
    vbus: DigitalIn
    boost: DigitalOut
    light: Light
    buzzer: Buzzer
    i2c: I2c
    flash: Flash
    image: FirmwareImage
    watchdog: Watchdog
    link: ByteLink

    def look(self, words: "Words") -> None:
        """Bring the words NOW_US..DUTY up to date. Tick only, first thing, once."""
        raise NotImplementedError

    def act(self, words: "Words") -> None:
        """Put the words LINE..COILS out. Tick only, last thing, once."""
        raise NotImplementedError

    def unique_id(self) -> bytes:
        """Eight bytes that no other board has."""
        raise NotImplementedError

    def reset_cause(self) -> int:
        """0 power-on, 1 watchdog, 2 requested."""
        raise NotImplementedError

    def handle(self, words: "Words") -> "Words":
        """What the kernels of the tick take for `words`: the array, or where it lies.

        Finding out where an array lies costs the board a microsecond, in each kernel.
        """
        return words

    def outputs_wrong(self) -> int:
        """Not 0 when the set-up of an output is no longer what it was made to be. Main loop."""
        raise NotImplementedError

    def reset(self) -> None:
        """Start again from power-on state."""
        raise NotImplementedError

    def enter_boot_loader(self) -> None:
        """Cut drive-enable and leave for the chip's boot loader; only a reset leads back."""
        raise NotImplementedError

    def enter_service(self) -> None:
        """Start again without the firmware, at a prompt; only a reset leads back."""
        raise NotImplementedError
