"""Checks of the computer: each outcome has its reason, and a next step where one is needed."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from host_controller.cli.records_desk import opened
from host_controller.diagnosis import computer
from host_controller.diagnosis.check import FAILED, OK, SKIPPED, WARNING
from host_controller.records.home import home
from host_controller.records.spool import Spool


@pytest.mark.parametrize("look", computer.ALL)
def test_every_check_gives_an_outcome_and_a_reason(look: object) -> None:
    check = look()  # type: ignore[operator]
    assert check.outcome in (OK, WARNING, FAILED, SKIPPED)
    assert check.finding
    if check.outcome in (WARNING, FAILED):
        assert check.next_step.endswith(".")


def test_a_folder_that_cannot_be_written(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folders / "file").write_text("x")
    monkeypatch.setenv("PEN_DATA_DIR", str(folders / "file"))
    assert computer.records_folder().outcome == FAILED


def test_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    check = computer.records_folder()
    assert (check.outcome, check.next_step) == (WARNING, "Make room.")
    assert "5 MB" in check.finding


def test_a_record_that_was_changed() -> None:
    spool = Spool(home())
    spool.append([{"type": "arm", "a": 1}, {"type": "arm", "a": 2}])
    assert computer.records_chain().finding == "0 entries, whole, 3 wait in the spool"
    spool.path.write_text(spool.path.read_text().replace('"a":1', '"a":7'))
    check = computer.records_chain()
    assert (check.outcome, check.exit_code) == (FAILED, 8)


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_what_cannot_be_seen_on_other_systems_is_said(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    for look in (computer.disk_encryption, computer.serial_rights, computer.modem_manager):
        assert look().outcome == SKIPPED


def test_a_user_without_rights_is_told_of_the_rule(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr("os.getgroups", lambda: [123456], raising=False)
    monkeypatch.setattr(computer, "RULE_FILE", tmp_path / "rule")
    check = computer.serial_rights()
    assert check.outcome == WARNING
    assert "--udev-rule" in check.next_step
    (tmp_path / "rule").write_text(computer.UDEV_RULE)
    assert computer.serial_rights().outcome == OK


def test_the_rule_matches_what_the_pen_calls_itself() -> None:
    from host_controller.transport import usb_names

    assert f'ATTRS{{product}}=="{usb_names.PEN_PRODUCT}*"' in computer.UDEV_RULE
    assert f'"{usb_names.RASPBERRY_PI_VENDOR:04x}"' in computer.UDEV_RULE


def test_very_many_records_are_left_to_their_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    Spool(home()).append([{"type": "arm"}])
    with opened():
        pass
    monkeypatch.setattr(computer, "VERIFIED_AT_ONCE", 1)
    assert computer.records_chain().finding == "2 entries; `pen records verify` proves"
