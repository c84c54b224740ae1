"""Our decoder delivers what the reference delivers, and the comparison would see if it did not."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import decoder as decoder_module
from protocol.quick_decoder import QuickDecoder
from tests.conftest import SEED
from tests.fuzz import frames, reference

FRAMES = 100_000


def test_damaged_frames_give_what_the_reference_gives() -> None:
    tally = frames.run(FRAMES, SEED)
    assert (tally.frames, tally.wrong, tally.first_wrong) == (FRAMES, 0, "")
    assert tally.delivered > FRAMES // 4


@given(st.lists(st.binary(max_size=260), max_size=8), st.integers(1, 300))
def test_any_stream_gives_what_the_reference_gives(parts: list[bytes], piece: int) -> None:
    stream = b"\0".join(parts) + b"\0"
    expected = reference.deliveries(stream)
    assert frames.delivered(decoder_module.Decoder(), stream, piece) == expected
    assert frames.delivered(QuickDecoder(), stream, piece) == expected


def lenient(data: bytearray, size: int) -> bool:
    """Takes a chain that ends behind the delimiter."""
    link, step = 0, data[0]
    while step:
        data[link] = 0
        link += step
        if link >= size:
            return True
        step = data[link]
    return False


BUGS: list[tuple[str, Any]] = [
    ("_crc32", lambda data: 0x2144DF1C),  # no check
    ("_crc32", lambda data: 0 if len(data) == 11 else 0x2144DF1C),
    ("_SHORTEST", 9),  # a frame without payload is too short
    ("_BUFFER_SIZE", 247),  # and the longest too long
]


@pytest.mark.parametrize(("name", "bug"), BUGS)
def test_a_planted_bug_is_found(
    name: str, bug: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder_module, name, bug)
    assert frames.run(20_000, SEED).wrong > 0
