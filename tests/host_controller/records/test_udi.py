"""A pack's identifier: read in both ways it comes, refused when it is cut off or another's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller import errors
from host_controller.records.failures import WrongPack
from host_controller.records.udi import Udi, must_be_of, read

# 0 4 0 1 2 3 4 5 6 7 8 9 0: weights 3 and 1 from the left make 89, so the check digit is 1.
DEVICE = "04012345678901"
WHOLE = Udi(DEVICE, date(2027, 12, 31), "L2409", "000042")


@pytest.mark.parametrize(
    "text",
    [
        f"(01){DEVICE}(17)271231(10)L2409(21)000042",
        f"  (01){DEVICE}(17)271231(10)L2409(21)000042\n",
        f"01{DEVICE}1727123110L2409\x1d21000042",
        f"]d201{DEVICE}1727123110L2409\x1d21000042",
        f"]C1\x1d01{DEVICE}1727123121000042\x1d10L2409",
        f"(01){DEVICE}(10)L2409(21)000042(17)271200",  # day 00: the month's last
    ],
)
def test_the_same_pack_however_it_was_scanned(text: str) -> None:
    assert read(text) == WHOLE
    assert read(text).text == f"(01){DEVICE}(17)271231(10)L2409(21)000042"


def test_a_pack_may_tell_its_device_alone() -> None:
    assert read(f"(01){DEVICE}") == Udi(DEVICE, None, "", "")


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "Jane Doe", f"(01){DEVICE[:-1]}5", f"(01){DEVICE[:-1]}", "(10)L2409",
        f"(01){DEVICE}(17)271331", f"(01){DEVICE}(10", f"(01){DEVICE}(10)L1(10)L2",
        f"(01){DEVICE}(10)Jane Doe", f"(01){DEVICE}(10){'9' * 21}", f"01{DEVICE}xx",
    ],
)  # fmt: skip
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(WrongPack) as told:
        read(text)
    assert told.value.exit_code == errors.EXIT_REFUSED
    assert told.value.next_step


@given(at=st.integers(0, 13), by=st.integers(1, 9))
def test_every_single_wrong_digit_is_found(at: int, by: int) -> None:
    wrong = DEVICE[:at] + str((int(DEVICE[at]) + by) % 10) + DEVICE[at + 1 :]
    with pytest.raises(WrongPack):
        read(f"(01){wrong}")


@given(text=st.text(max_size=60))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        found = read(text)
    except WrongPack:
        return
    assert read(found.text) == found


def test_another_pack_is_told_by_lot_or_expiry() -> None:
    must_be_of(WHOLE, "L2409", date(2027, 12, 31))
    must_be_of(Udi(DEVICE, None, "", ""), "L9999", date(2020, 1, 1))
    with pytest.raises(WrongPack, match="lot L2409, the cartridge of lot L2410"):
        must_be_of(WHOLE, "L2410", date(2027, 12, 31))
    with pytest.raises(WrongPack, match="expires on 2027-12-31"):
        must_be_of(WHOLE, "L2409", date(2028, 12, 31))
