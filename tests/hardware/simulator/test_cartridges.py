"""Cartridges carry the identity that the firmware will read."""

import pytest

from hardware.simulator.cartridges import STATES, make_cartridge
from protocol.cartridge_layout import is_unused, unpack_identity, unpack_used


@pytest.mark.parametrize("pins", [12, 24, 36, 0])
def test_identity_tells_the_pins(pins: int) -> None:
    cartridge = make_cartridge(pins, unique_id=0xAABBCCDD)
    identity = unpack_identity(cartridge.memory.content[:32])
    assert identity is not None
    assert (identity.pins, identity.needle_um) == (pins, 2500)
    assert is_unused(cartridge.memory.content[32:48])
    assert bytes(cartridge.memory.content[0xFC:]) == b"\xaa\xbb\xcc\xdd"
    assert cartridge.pins == (pins or 81)


def test_states_differ_as_their_names_say() -> None:
    by_state = {state: make_cartridge(12, state) for state in STATES}
    used = unpack_used(by_state["used"].memory.content[32:48])
    assert used is not None
    assert used.session_id
    for state, cartridge in by_state.items():
        identity = unpack_identity(cartridge.memory.content[:32])
        assert (identity is None) == (state == "blank")
        assert is_unused(cartridge.memory.content[32:48]) == (state != "used")
        assert cartridge.wear == (3.0 if state == "worn" else 1.0)
        if identity is not None:
            assert (identity.expiry_day < 9000) == (state == "expired")


@pytest.mark.parametrize(("pins", "state"), [(13, "new"), (-1, "new"), (12, "shiny")])
def test_there_are_no_others(pins: int, state: str) -> None:
    with pytest.raises(ValueError, match="cartridge"):
        make_cartridge(pins, state)
