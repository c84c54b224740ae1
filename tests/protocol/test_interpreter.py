"""What stands in for MicroPython's own words on CPython, and the two ways of unpacking."""

import pytest

from protocol import interpreter


@pytest.mark.parametrize("on_the_pen", [False, True])
def test_both_ways_of_unpacking_give_the_same(
    on_the_pen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "MICROPYTHON", on_the_pen)
    unpack = interpreter.unpacker("<Hb")
    assert unpack(b"\0\x34\x12\xff", 1) == (0x1234, -1)
    with pytest.raises(Exception, match="3 bytes"):
        unpack(b"\0\0", 0)


def test_words_of_the_compiler_change_nothing_here() -> None:
    words = bytearray(8)
    assert interpreter.ptr32(words) is words
    assert interpreter.micropython.viper(len) is len
    assert interpreter.const(12) == 12
