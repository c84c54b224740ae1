"""What differs between CPython and MicroPython, in one place.

`const` is inlined by MicroPython's compiler wherever `NAME = const(number)` stands in a module;
CPython has no such function, so there it hands the number back. Owns no state.
"""

TYPE_CHECKING = False  # type checkers read it as true: for them `const` keeps its argument's type

if TYPE_CHECKING:

    def const(value: int) -> int:
        """Return `value` unchanged."""
        return value

else:
    try:
        from micropython import const
    except ImportError:

        def const(value: int) -> int:
            """Return `value` unchanged (CPython has no compile-time constants)."""
            return value
