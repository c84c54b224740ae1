"""Every input worth keeping, each time; and each target is one that can fail."""

from collections.abc import Callable

import pytest

from tests.fuzz.corpus import FOLDER, inputs
from tests.fuzz.targets import TARGETS

KEPT = [(target, name) for target in TARGETS for name in inputs(target)]


@pytest.mark.parametrize(("target", "name"), KEPT)
def test_it_does_no_harm(target: str, name: str) -> None:
    TARGETS[target](inputs(target)[name])


def test_every_target_has_inputs_and_every_file_a_target() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(TARGETS)


def short_frames_are_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("protocol.decoder._SHORTEST", 60)


def no_zone_has_a_cap(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("firmware.safety.limits.zone_row", lambda zone: (zone, 2500, 2500, 2500, 15_000))


def floats_travel(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("protocol.codec._plain", lambda value: True)


def any_setting_goes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("firmware.storage.settings.Settings.problem", lambda self, name, value: None)


def the_lot_is_read_wrong(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("protocol.cartridge_layout.IDENTITY_FORMAT", "<HBBBBH7sxH")


def _deep() -> bytes:
    """A chin at 1.4 mm, which its zone does not allow."""
    data = bytearray(inputs("plan")["two zones"])
    data[52:54] = (1400).to_bytes(2, "little")
    return bytes(data)


BUGS = [
    ("decoder", short_frames_are_lost, inputs("decoder")["hello"]),
    ("plan", no_zone_has_a_cap, _deep()),
    ("json_object", floats_travel, b'{"a":{"b":1}}'),
    ("settings", any_setting_goes, b'{"version":1,"light_percent":0}'),
    ("cartridge", the_lot_is_read_wrong, inputs("cartridge")["new"]),
]


@pytest.mark.parametrize(("target", "bug", "data"), BUGS)
def test_a_target_sees_what_is_wrong(
    target: str,
    bug: Callable[[pytest.MonkeyPatch], None],
    data: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    TARGETS[target](data)
    bug(monkeypatch)
    with pytest.raises(AssertionError):
        TARGETS[target](data)
