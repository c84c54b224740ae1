"""What differs between the interpreters, in one place.

`const` is inlined by MicroPython's compiler wherever `NAME = const(number)` stands in a module;
CPython has no such function, so there it hands the number back. Likewise `@micropython.viper` makes
machine code of a function, in which `w = ptr32(words)` are the 32-bit words of a buffer, `ptr8` its
bytes, and `uint` a number without sign; CPython runs the same text as it stands. These names mean
that to MicroPython's compiler, whatever they are.
Owns no state.
"""

import struct
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, TypeVar

    Unpacker = Callable[["bytes | bytearray", int], "tuple[Any, ...]"]

    Function = TypeVar("Function", bound=Callable[..., Any])
    Buffer = TypeVar("Buffer")

__all__ = ("MICROPYTHON", "const", "micropython", "ptr8", "ptr32", "uint", "unpacker")

try:
    import micropython
    from micropython import const
except ImportError:

    def const(value: int) -> int:
        """Return `value` unchanged (CPython has no compile-time constants)."""
        return value

    class micropython:  # type: ignore[no-redef]  # noqa: N801 - the module's name
        """What a kernel needs of the module."""

        @staticmethod
        def viper(function: "Function") -> "Function":
            """Return `function` unchanged (CPython has no such compiler)."""
            return function


def ptr32(words: "Buffer") -> "Buffer":
    """Return `words` unchanged, where it is not the compiler that means it."""
    return words


ptr8 = ptr32


def uint(number: int) -> int:
    """Return `number` unchanged, likewise."""
    return number


# On the pen an object thrown away is a step towards a collection of milliseconds; on the host it
# costs nothing, and there the quickest code is the one that makes many small ones.
MICROPYTHON = sys.implementation.name == "micropython"


def unpacker(fmt: str) -> "Unpacker":
    """A function of (buffer, offset) that unpacks by `fmt`: compiled once where `struct` can."""
    if MICROPYTHON:

        def unpack_from(buffer: "bytes | bytearray", offset: int) -> "tuple[Any, ...]":
            return struct.unpack_from(fmt, buffer, offset)

        return unpack_from
    return struct.Struct(fmt).unpack_from
