"""The four PIO programs of the pen, and which state machine runs which.

Purpose: everything that has to be exact to the microsecond or has to go on when the interpreter
does not. Owns no state. The names inside the programs (`pull`, `x`, `noblock` ...) are put there by
`asm_pio`; the functions are assembled, never called. Instruction memory: block 0 holds tick,
countdown and capture (3 + 8 + 13 of 32 instructions), block 1 the stepper sequence (7 of 32).

Cycle counts are part of each program: `[n]` adds n cycles to an instruction's one.
"""

from rp2 import PIO, asm_pio

from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rp2.asm_pio import *

# State machines: block 0 is 0..3, block 1 is 4..7. The tick has to be machine 0: when a hard
# handler raises, MicroPython 1.25 switches off the interrupt of the machine whose number is that of
# the *block*, which is the right one only for machine 0 (and a null pointer in block 1).
MACHINE_TICK = const(0)
MACHINE_ENABLE = const(1)
MACHINE_TACH = const(2)
MACHINE_INDEX = const(3)
MACHINE_COILS = const(4)

# Clocks of the machines. Each divides 125 MHz by a whole number: all cycles have the same length.
TICK_HZ = const(1_000_000)  # / 125
ENABLE_HZ = const(5_000_000)  # / 25: five cycles are a microsecond
CAPTURE_HZ = const(25_000_000)  # / 5: 25 cycles are a microsecond
COILS_HZ = const(1_000_000)  # / 125


@asm_pio()
def tick() -> None:
    """Interrupt every 1000 us: 1 + 7 + 31 * 32 cycles of 1 us."""
    wrap_target()
    irq(rel(0))
    set(x, 30)[6]
    label("count")
    jmp(x_dec, "count")[31]
    wrap()


@asm_pio(set_init=PIO.OUT_LOW, out_shiftdir=PIO.SHIFT_RIGHT)
def countdown() -> None:
    """Hold the pin for as many microseconds as the last word says, then let it fall.

    While it is low it waits for a word; a zero does not raise it. While it is high each pass of
    five cycles takes a new word if there is one, else counts on (`pull(noblock)` of an empty FIFO
    hands X back). A zero then ends the count within the pass, which is how the line is cut. Only
    13 bits are taken, so that no word, however wrong, holds the line for more than 8.2 ms.
    """
    wrap_target()
    label("low")
    set(pins, 0)
    pull(block)
    out(x, 13)
    jmp(not_x, "low")
    set(pins, 1)
    label("high")
    pull(noblock)
    out(x, 13)
    jmp(x_dec, "high")[2]
    wrap()


@asm_pio(in_shiftdir=PIO.SHIFT_LEFT, fifo_join=PIO.JOIN_RX)
def capture() -> None:
    """Stamp every rising edge of the pin: 8 bits of edge number, 24 bits of time, both downwards.

    Each pass takes 25 cycles = 1 us on every path and counts X down by one, so X is the time. Y
    counts the edges. A full FIFO loses the word but not the count: the next word carries it.
    """
    set(x, 0)
    set(y, 0)
    label("low")
    jmp(x_dec, "look_low")  # always goes on to the next instruction: the jump is a decrement
    label("look_low")
    jmp(pin, "rise")
    jmp("low")[22]
    label("rise")
    in_(y, 8)
    in_(x, 24)
    push(noblock)
    jmp(y_dec, "high")[19]  # 1 + 1 + 1 + 1 + 1 + 20
    label("high")
    jmp(x_dec, "look_high")
    label("look_high")
    jmp(pin, "stay")
    jmp("low")[22]
    label("stay")
    jmp("high")[22]


@asm_pio(
    out_init=[PIO.OUT_LOW, PIO.OUT_LOW, PIO.OUT_LOW, PIO.OUT_LOW],
    out_shiftdir=PIO.SHIFT_RIGHT,
    fifo_join=PIO.JOIN_TX,
)
def sequence() -> None:
    """Put out a few coil patterns one after the other and hold the last.

    Word, from the low end: patterns - 1 (2 bits), pause (10), up to four patterns of 4 bits. From
    one pattern to the next pass pause + 4 cycles of 1 us, after the last one too.
    """
    wrap_target()
    pull(block)
    out(y, 2)
    out(isr, 10)
    label("step")
    out(pins, 4)
    mov(x, isr)
    label("pause")
    jmp(x_dec, "pause")
    jmp(y_dec, "step")
    wrap()
