"""Single keys: a lone Escape is STOP, a cursor key is not."""

import os

import pytest

from host_controller import errors
from host_controller.cli.keys import ESCAPE, Keys, split_escapes


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\x1b", "\x1b"),
        ("a\x1b", "a\x1b"),
        ("\x1b\x1b", "\x1b\x1b"),
        ("\x1b[A", ""),
        ("x\x1b[1;5Cy", "xy"),
        ("\x1bOPs", "s"),
        ("\x1b[3~n", "n"),
        ("äs", "äs"),
    ],
)
def test_escape_sequences_are_told_from_escape(typed: str, kept: str) -> None:
    assert split_escapes(typed) == kept


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_keys_come_one_by_one_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    import termios

    far, near = os.openpty()
    with os.fdopen(near, "rb", buffering=0) as stream:
        monkeypatch.setattr("sys.stdin", stream)
        before = termios.tcgetattr(near)
        with Keys() as keys:
            assert keys.get() == ""
            os.write(far, b"a\x1b")
            assert [keys.get(), keys.get(), keys.get()] == ["a", ESCAPE, ""]
        assert termios.tcgetattr(near) == before
        with Keys() as keys:
            os.close(far)
            with pytest.raises(errors.Interrupted):
                keys.get()
