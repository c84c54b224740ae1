"""A firmware file is checked from end to end before a pen is asked for anything."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.boards import uf2 as writer
from host_controller.flashing import image_file
from host_controller.flashing.failures import FirmwareFileBad, WrongBoard
from protocol import image_info
from tests.host_controller.flashing import images

GOOD = images.firmware(pages=5)
PATH = Path("pen-rev-a-0.2.0.uf2")


def test_a_good_file_says_who_it_is(tmp_path: Path) -> None:
    found = image_file.load(images.firmware_file(tmp_path))
    assert found.info.version == "0.2.0"
    assert found.info.board == "pen-rev-a"
    assert found.image_id == hashlib.sha256(images.image()).hexdigest()[:16]


@settings(max_examples=300)
@given(block=st.integers(0, 5), place=st.integers(32, 287), value=st.integers(1, 255))
def test_any_byte_of_any_page_counts(block: int, place: int, value: int) -> None:
    data = bytearray(GOOD)
    data[block * 512 + place] ^= value
    at_info_padding = block == 4 and place >= 32 + 112
    image_padding = block == 3 and place >= 32 + 256 - 100  # behind the image's last byte
    try:
        found = image_file.check(PATH, bytes(data))
    except (FirmwareFileBad, WrongBoard):
        return
    assert at_info_padding or image_padding
    assert found.info.version == "0.2.0"


def test_plain_micropython_is_no_pen() -> None:
    with pytest.raises(WrongBoard, match="does not say which pen"):
        image_file.check(PATH, writer.pack(images.image()))


def test_another_board_is_named() -> None:
    with pytest.raises(WrongBoard, match="for board pen-rev-b"):
        image_file.check(PATH, images.firmware(board="pen-rev-b"))


def test_the_first_page_has_to_be_last() -> None:
    data = images.image(pages=3)
    page = image_info.pack(images.info(data))
    image = data.ljust(image_info.AT, b"\0") + page
    with pytest.raises(FirmwareFileBad, match=r"no more or less|first page last"):
        image_file.check(PATH, writer.pack(image))


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("{right}  pen-rev-a-0.2.0.uf2", True),
        ("{wrong}  pen-rev-a-0.2.0.uf2", False),
        ("{wrong}  another.uf2", True),
        ("rubbish", True),
    ],
)
def test_the_sums_beside_it_are_believed(tmp_path: Path, line: str, good: bool) -> None:
    path = images.firmware_file(tmp_path)
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "SHA256SUMS").write_text(line.format(right=right, wrong="0" * 64) + "\n")
    if good:
        assert image_file.load(path).info.version == "0.2.0"
    else:
        with pytest.raises(FirmwareFileBad, match="SHA256SUMS"):
            image_file.load(path)


def test_a_missing_file_and_a_huge_one(tmp_path: Path) -> None:
    with pytest.raises(FirmwareFileBad, match="cannot be read"):
        image_file.load(tmp_path / "none.uf2")
    huge = tmp_path / "huge.uf2"
    huge.write_bytes(bytes(1_600_000))
    with pytest.raises(FirmwareFileBad, match="more than"):
        image_file.load(huge)
