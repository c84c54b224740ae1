"""The real board: an RP2040 with the wiring of `hardware/board/rev_a.py`.

Purpose: answer every port of `hal/ports.py` with registers, PWM slices and PIO state machines.
The modules of this folder are the only ones that import `machine` or `rp2`. `Rp2040Board` in
`board.py` puts them together; `safe_start.py` is for `boot.py`, which is why nothing is imported
here. The rest of the firmware knows neither.

What the 1 kHz tick calls touches registers directly, in `@viper` functions: one such call costs a
quarter of the same thing written with `machine` objects, and a machine word never becomes an
allocated integer. (`micropython.viper` takes no `-> None`, hence the type comments.)

Compiled code must not need a constant of more than 16 bits, other than eight bits and a shift. For
the RP2040 such a constant is a load relative to the program counter, which must lie at a multiple
of four, and MicroPython 1.25 freezes compiled code at multiples of two (`tools/mpy-tool.py`): every
other such function would read rubbish. Hence addresses in two parts, as in `int(0x4005) << 16`,
where `int` keeps the compiler from joining them, and `x - (x >> 30 << 30)` for the low 30 bits of
x. A test looks for such loads in the compiled files.
"""
