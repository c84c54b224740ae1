"""The pen reads its own flash and believes only the hash that it counted itself."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from firmware.hal.ports import FirmwareImage
from firmware.update.image_check import ImageCheck
from protocol import image_info
from protocol.image_info import ImageInfo


class Area(FirmwareImage):
    """A firmware area in memory."""

    def __init__(self, image: bytes, page: bytes) -> None:
        self.content = bytearray(image.ljust(image_info.AT, b"\xff") + page)
        self.longest = 0

    def read_into(self, address: int, buffer: bytearray) -> None:
        self.longest = max(self.longest, len(buffer))
        buffer[:] = self.content[address : address + len(buffer)]


def area(image: bytes, version: str = "0.2.0", commit: str = "1a2b3c4d") -> Area:
    digest = hashlib.sha256(image).digest()
    info = ImageInfo("pen-rev-a", version, "e4846b83", commit, 0, len(image), digest)
    return Area(image, image_info.pack(info))


def finished(check: ImageCheck, limit: int = 100) -> ImageCheck:
    while not check.done:
        check.step()
        limit -= 1
        assert limit
    return check


@given(image=st.binary(min_size=1, max_size=10_000))
def test_a_whole_image_has_the_hash_it_says(image: bytes) -> None:
    place = area(image)
    check = finished(ImageCheck(place))
    assert not check.failed
    assert check.image_id == hashlib.sha256(image).hexdigest()[:16]
    assert place.longest <= 1024


@given(image=st.binary(min_size=1, max_size=3000), data=st.data())
def test_one_bit_is_enough(image: bytes, data: st.DataObject) -> None:
    place = area(image)
    at = data.draw(st.integers(0, len(image) - 1))
    place.content[at] ^= 1 << data.draw(st.integers(0, 7))
    check = finished(ImageCheck(place))
    assert check.failed
    assert check.image_id == hashlib.sha256(place.content[: len(image)]).hexdigest()[:16]


def test_nothing_is_told_before_the_end() -> None:
    check = ImageCheck(area(bytes(20_000)))
    for _ in range(2):  # 8 KB each
        check.step()
        assert (check.done, check.image_id) == (False, "")
    check.step()
    assert check.done


def test_sources_from_a_desk_have_nothing_to_compare() -> None:
    check = ImageCheck(Area(b"", b"\xff" * 256))
    assert (check.done, check.failed, check.image_id) == (True, False, "")
    assert check.version("0.1.0") == "0.1.0"


def test_the_version_carries_the_commit_where_there_is_room() -> None:
    assert ImageCheck(area(b"x")).version("0.1.0") == "0.2.0+1a2b3c4d"
    assert ImageCheck(area(b"x", "10.20.30-rc.123456")).version("-") == "10.20.30-rc.123456"
