"""Settings: ranges kept, unknown refused, whole or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.storage import migrations, settings
from firmware.storage.record_store import RecordStore, StorageError
from firmware.storage.settings import Settings
from tests.firmware.storage.nor import NorFlash, every_cut


def settings_of(flash: NorFlash) -> Settings:
    return Settings(RecordStore(flash, 0))


def test_a_new_pen_has_the_defaults() -> None:
    fresh = settings_of(NorFlash(2))
    assert fresh.get("buzzer") == 1
    assert fresh.get("current_gain_ppt") == 1000
    for name, default, low, high, meaning in settings.TABLE:
        assert fresh.get(name) == default
        assert low <= default <= high
        assert meaning
    assert fresh.names() == [row[0] for row in settings.TABLE]
    assert len(set(fresh.names())) == len(settings.TABLE)


@pytest.mark.parametrize("row", settings.TABLE, ids=lambda row: row[0])
def test_a_value_is_taken_in_its_range_and_refused_outside(
    row: tuple[str, int, int, int, str],
) -> None:
    name, _, low, high, _ = row
    fresh = settings_of(NorFlash(2))
    assert fresh.problem(name, low) is None
    assert fresh.problem(name, high) is None
    assert fresh.problem(name, low - 1) == ("range", low, high)
    assert fresh.problem(name, high + 1) == ("range", low, high)
    for wrong in ("1", None, True, [low], 1.0):
        assert fresh.problem(name, wrong) == ("type", low, high)


def test_an_unknown_name_is_a_problem() -> None:
    assert settings_of(NorFlash(2)).problem("colour", 1) == ("unknown", 0, 0)


def test_changes_outlast_a_restart() -> None:
    flash = NorFlash(2)
    settings_of(flash).change({"buzzer": 0, "hall_offset_um": -40})
    again = settings_of(flash)
    assert (again.get("buzzer"), again.get("hall_offset_um")) == (0, -40)
    assert again.get("light_percent") == 60


def test_power_that_goes_leaves_all_old_or_all_new() -> None:
    def prepare() -> NorFlash:
        flash = NorFlash(2)
        settings_of(flash).change({"buzzer": 0, "hall_offset_um": 5})
        return flash

    for flash, finished in every_cut(
        prepare, lambda flash: settings_of(flash).change({"buzzer": 1, "hall_offset_um": 9})
    ):
        held = settings_of(flash)
        values = (held.get("buzzer"), held.get("hall_offset_um"))
        assert values == (1, 9) if finished else values in ((0, 5), (1, 9))


def test_a_change_that_cannot_be_stored_is_not_in_force() -> None:
    class Dead(NorFlash):
        def program(self, address: int, data: bytes) -> None:
            pass

    held = settings_of(Dead(2))
    with pytest.raises(StorageError):
        held.change({"buzzer": 0})
    assert held.get("buzzer") == 1


@given(
    st.dictionaries(
        st.sampled_from([row[0] for row in settings.TABLE] + ["colour", "version"]),
        st.one_of(st.integers(-(1 << 40), 1 << 40), st.none(), st.text(max_size=5)),
    )
)
def test_whatever_a_stored_record_says_the_values_in_force_are_in_range(
    kept: dict[str, object],
) -> None:
    flash = NorFlash(2)
    RecordStore(flash, 0).write(json.dumps(kept).encode())
    held = settings_of(flash)
    for name, _, low, high, _ in settings.TABLE:
        assert low <= held.get(name) <= high


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"buzzer":0}', b"7"])
def test_a_whole_record_that_makes_no_sense_is_as_good_as_none(data: bytes) -> None:
    flash = NorFlash(2)
    RecordStore(flash, 0).write(data)
    assert settings_of(flash).get("buzzer") == 1


def test_names_that_a_later_firmware_added_are_passed_over() -> None:
    flash = NorFlash(2)
    RecordStore(flash, 0).write(b'{"version": 9, "buzzer": 0, "needle_colour": 3}')
    held = settings_of(flash)
    assert held.get("buzzer") == 0
    assert "needle_colour" not in held.names()


def test_there_is_a_step_for_every_format_but_the_first() -> None:
    assert len(migrations.STEPS) == migrations.VERSION - 1


@pytest.mark.parametrize("kept", [None, [], {}, {"version": 0}, {"version": "1"}, 5])
def test_what_carries_no_version_is_no_record(kept: object) -> None:
    with pytest.raises(ValueError, match="version"):
        migrations.upgrade(kept)


def test_steps_are_applied_from_the_stored_format_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(values: dict[str, object]) -> dict[str, object]:
        return {**values, "light_percent": values.pop("brightness")}

    def second(values: dict[str, object]) -> dict[str, object]:
        return {**values, "buzzer": 0}

    monkeypatch.setattr(migrations, "STEPS", (first, second))
    oldest = migrations.upgrade({"version": 1, "brightness": 33})
    assert oldest["light_percent"] == 33
    assert oldest["buzzer"] == 0
    assert migrations.upgrade({"version": 2, "light_percent": 5}) == {
        "light_percent": 5,
        "buzzer": 0,
    }
    assert migrations.upgrade({"version": 3, "buzzer": 1}) == {"buzzer": 1}
