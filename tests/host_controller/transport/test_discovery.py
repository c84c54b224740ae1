"""Finding pens: by what they call themselves, and never an empty list without a reason."""

from types import SimpleNamespace

import pytest

from host_controller import errors
from host_controller.simulated import announcements
from host_controller.simulated.announcements import SimulatedPen
from host_controller.transport import discovery
from host_controller.transport.discovery import Discovery, choose, discover


def port(device: str, **facts: object) -> SimpleNamespace:
    known = {"vid": None, "pid": None, "serial_number": None, "product": None, "manufacturer": None}
    return SimpleNamespace(device=device, **{**known, **facts})


PEN = port("/dev/null", vid=0x2E8A, pid=5, serial_number="AA01", product="Microneedling Pen rev A")
OTHER_PEN = port("COM7", serial_number="BB02", manufacturer="Open Microneedling Pen")
BOARD = port("/dev/ttyACM1", vid=0x2E8A, pid=5, product="Board in FS mode")
MODEM = port("/dev/ttyS0")


def look(*ports: SimpleNamespace, simulators: tuple[SimulatedPen, ...] = ()) -> Discovery:
    return discover(lambda: ports, lambda: list(simulators))


def test_pens_are_known_by_their_own_strings() -> None:
    found = look(PEN, BOARD, OTHER_PEN, MODEM)
    assert [p.serial_number for p in found.pens] == ["AA01", "BB02"]
    assert [p.kind for p in found.others] == [discovery.KIND_BOARD, discovery.KIND_OTHER]
    assert (found.reason, found.next_step) == ("", "")


@pytest.mark.parametrize(
    ("ports", "words"),
    [
        ((), "no serial port at all"),
        ((MODEM,), "1 serial port, and none calls itself a pen"),
        ((MODEM, MODEM), "2 serial ports"),
        ((MODEM, BOARD), "plain MicroPython"),
    ],
)
def test_none_is_found_for_a_reason(
    ports: tuple[SimpleNamespace, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "boot_loader_present", lambda: False)
    found = look(*ports)
    assert words in found.reason
    assert found.next_step


def test_a_board_in_its_boot_loader_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "boot_loader_present", lambda: True)
    assert "boot loader" in look(MODEM).reason


def test_a_port_without_permission_carries_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert look(PEN).pens[0].note == "no permission"


def test_simulated_pens_are_found_while_they_run() -> None:
    announcements.announce(SimulatedPen("socket://127.0.0.1:1", "SIM1", 1 << 22, "cpython"))
    assert announcements.running() == []  # no such process
    import os

    pen = SimulatedPen("socket://127.0.0.1:2", "SIM2", os.getpid(), "cpython")
    path = announcements.announce(pen)
    assert announcements.running() == [pen]
    assert [p.kind for p in discover(list).pens] == ["simulated pen"]
    announcements.withdraw(path)
    assert announcements.running() == []


def test_a_damaged_announcement_is_passed_over() -> None:
    folder = announcements.folder()
    folder.mkdir(parents=True)
    (folder / "simulator-1.json").write_text("{")
    assert announcements.running() == []


@pytest.mark.parametrize(
    "address", ["socket://h:1", "/dev/ttyACM0", "COM3", "com12", "./pen", "loop://", "\\\\.\\COM10"]
)
def test_addresses_are_taken_as_they_are(address: str) -> None:
    assert choose(address, look) == address


def test_the_only_pen_is_chosen() -> None:
    assert choose(None, lambda: look(PEN, MODEM)) == "/dev/null"


def test_a_serial_number_is_looked_up() -> None:
    assert choose("bb02", lambda: look(PEN, OTHER_PEN)) == "COM7"
    with pytest.raises(errors.NoPenFound, match="serial number 'CC'") as caught:
        choose("CC", lambda: look(PEN))
    assert "AA01" in caught.value.cause


def test_several_pens_are_never_guessed_among() -> None:
    with pytest.raises(errors.SeveralPens, match=r"AA01 .*BB02") as caught:
        choose(None, lambda: look(PEN, OTHER_PEN))
    assert caught.value.exit_code == 4


def test_pens_with_the_same_serial_number_are_told_apart_by_their_ports() -> None:
    twins = tuple(SimulatedPen(f"socket://127.0.0.1:{n}", "S", n, "cpython") for n in (1, 2))
    for wanted in (None, "S"):
        with pytest.raises(errors.SeveralPens) as caught:
            choose(wanted, lambda: look(simulators=twins))
        assert "--port socket://127.0.0.1:1" in caught.value.next_step
        assert "--port socket://127.0.0.1:2" in caught.value.next_step
        assert "SERIAL-NUMBER" not in caught.value.next_step


def test_no_pen_says_why() -> None:
    with pytest.raises(errors.NoPenFound) as caught:
        choose(None, lambda: look(MODEM, BOARD))
    assert caught.value.exit_code == 3
    assert caught.value.cause
