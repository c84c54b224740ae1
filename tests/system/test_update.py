"""New firmware on a pen, end to end: host, bytes, firmware, boot loader, flash, and back.

The update may be interrupted at any of its steps: the next run goes on, and what the pen holds of
its own (settings, plan, histories) is as it was. What is flashed here only says who it is, so that
hundreds of updates take seconds; real images are flashed by `tests/emulated/test_flashing.py` and
`test_flash_command.py`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.simulator.bench import Bench
from host_controller import errors
from host_controller.flashing import failures, image_file, journal
from host_controller.flashing.update import Outcome, Updater
from host_controller.pen import Pen
from host_controller.refusals import PenRefused
from host_controller.transport import Transport
from protocol import codes, messages
from tests.host_controller.flashing import images
from tests.system.harness import plan_image, row
from tests.system.update_world import URL, BenchWorld, Killed

SETTINGS = {"light_percent": 35, "hall_offset_um": -7}
PLAN = plan_image([row("cheek"), row("chin", depth_um=500)])
PAGES = 100  # 50 KB of file: a few chunks

pytestmark = [pytest.mark.fixed_twin, pytest.mark.slow]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"PEN_{name}_DIR", str(tmp_path / name.lower()))
    return tmp_path / "data"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BenchWorld]:
    disk = tmp_path / "disk"
    with Bench("cpython", boot_disk=disk) as bench:
        made = BenchWorld(bench, disk)
        prepare(made)
        yield made


def prepare(world: BenchWorld) -> None:
    """A pen with a history: settings, a plan, and it has booted."""
    pen = connected(world)
    pen.set_settings(SETTINGS)
    pen.push_plan(PLAN)
    pen.client.close()
    world.calls.clear()


def connected(world: BenchWorld) -> Pen:
    greeted = world.greet(URL)
    pen = greeted.pen
    assert pen is not None
    pen.wait_for(lambda status: status.state != codes.STATE_BOOT, 3000)
    return pen


def updater(world: BenchWorld, tmp_path: Path, said: list[str], **changes: object) -> Updater:
    file = images.firmware_file(tmp_path, **{"pages": PAGES, **changes})  # type: ignore[arg-type]
    image = image_file.load(file)
    return Updater(world, image, lambda word, text: said.append(f"{word}: {text}"), lambda *_: None)


def flash(world: BenchWorld, tmp_path: Path, force: bool = False, **changes: object) -> Outcome:
    return updater(world, tmp_path, [], **changes).flash(URL, force)


def as_it_was(world: BenchWorld) -> None:
    """Nothing of the pen's own was lost."""
    pen = connected(world)
    for name, value in SETTINGS.items():
        assert pen.setting(name) == {name: value}
    plan = pen.plan_info()
    assert plan is not None
    assert plan.sha256 == PLAN.sha256
    assert pen.self_test() == []


def test_the_whole_way(world: BenchWorld, tmp_path: Path, data: Path) -> None:
    said: list[str] = []
    outcome = updater(world, tmp_path, said).flash(URL, False)
    assert outcome.changed
    assert outcome.old_version == "0.1.0+simulated"
    assert outcome.version == "0.2.0+1a2b3c4d"
    assert [line.partition(":")[0] for line in said] == [
        *("pen", "file", "firmware", "image", "backup", "", "button", "disk", "back", "verified"),
        *("self-test", "restored"),
    ]
    assert "settings and plan are as they were" in said[-1]
    as_it_was(world)
    kept = json.loads(Path(outcome.backup).read_text())
    assert kept["settings"]["light_percent"] == 35
    assert kept["plan"]["sha256"] == PLAN.sha256.hex()
    assert journal.unfinished() == []
    assert list((data / "updates").iterdir()) == []
    assert world.bench.misuses == []


@pytest.mark.mpy
def test_the_whole_way_on_micropython(tmp_path: Path) -> None:
    with Bench("micropython", boot_disk=tmp_path / "disk") as bench:
        world = BenchWorld(bench, tmp_path / "disk")
        prepare(world)
        assert flash(world, tmp_path).version == "0.2.0+1a2b3c4d"
        as_it_was(world)


def test_the_same_image_is_not_written_again(world: BenchWorld, tmp_path: Path) -> None:
    flash(world, tmp_path)
    boots = world.bench.boots
    world.bench.advance(2000)
    assert not flash(world, tmp_path).changed
    assert world.bench.boots == boots


def test_a_dry_run_checks_all_and_changes_nothing(
    world: BenchWorld, tmp_path: Path, data: Path
) -> None:
    boots = world.bench.boots
    said: list[str] = []
    assert not updater(world, tmp_path, said).flash(URL, False, dry_run=True).changed
    assert said[-1] == "end: nothing speaks against it; nothing was changed"
    with pytest.raises(failures.Downgrade):
        updater(world, tmp_path, said, version="0.0.9").flash(URL, False, dry_run=True)
    assert world.bench.boots == boots
    assert not data.exists()


def test_older_firmware_needs_force(world: BenchWorld, tmp_path: Path) -> None:
    with pytest.raises(failures.Downgrade, match=r"0\.0\.9; the pen has the newer 0\.1\.0"):
        flash(world, tmp_path, version="0.0.9")
    assert flash(world, tmp_path, force=True, version="0.0.9").version == "0.0.9+1a2b3c4d"


def test_firmware_of_another_protocol_needs_force_and_is_verified_all_the_same(
    world: BenchWorld, tmp_path: Path
) -> None:
    with pytest.raises(failures.OtherProtocol):
        flash(world, tmp_path, schema="0badcafe")
    with pytest.raises(failures.NotVerified, match="protocol"):
        # The bench runs its sources whatever the file says: a pen that does not do what its file
        # promises is found out.
        flash(world, tmp_path, force=True, schema="0badcafe")


def test_nobody_at_the_button_leaves_the_pen_as_it_is(world: BenchWorld, tmp_path: Path) -> None:
    world.presses = False
    boots = world.bench.boots
    with pytest.raises(failures.NotConfirmed):
        flash(world, tmp_path)
    assert world.bench.boots == boots
    assert journal.unfinished() == []
    as_it_was(world)


@pytest.mark.parametrize("state", ["armed", "running"])
def test_an_armed_or_running_pen_is_refused_by_host_and_pen(
    world: BenchWorld, tmp_path: Path, state: str
) -> None:
    pen = connected(world)
    pen.set_clock()
    pen.select_zone(6)
    pen.wait_for(lambda status: status.state == codes.STATE_CONFIGURED, 3000)
    pen.hold_lease()
    pen.client.pump(0.1)
    pen.arm()
    pen.wait_for(lambda status: status.state == codes.STATE_ARMED, 500)
    if state == "running":
        world.bench.person.change(pressed=True)
        pen.wait_for(lambda status: status.state == codes.STATE_RUNNING, 2000)
    with pytest.raises(PenRefused) as refused:
        pen.client.request(messages.UPDATE, 5, 0, b"boot loader")
    assert refused.value.number == "R04"
    status = pen.status()
    assert status.state in (codes.STATE_ARMED, codes.STATE_RUNNING)
    with pytest.raises(failures.NotNow, match=r"armed|running|positioning"):
        flash(world, tmp_path)
    assert not world.bench.boot_loader.waiting


def test_while_it_waits_nothing_is_armed(world: BenchWorld) -> None:
    pen = connected(world)
    pen.set_clock()
    pen.select_zone(6)
    pen.wait_for(lambda status: status.state == codes.STATE_CONFIGURED, 3000)
    pen.hold_lease()
    pen.client.pump(0.1)
    pen.client.request(messages.UPDATE, 5, 0, b"boot loader")
    with pytest.raises(PenRefused) as refused:
        pen.arm()
    assert refused.value.number == "R04"
    pen.stop()  # ends the wait
    pen.arm()


def test_a_pen_in_its_boot_loader_is_flashed_without_a_name(
    world: BenchWorld, tmp_path: Path
) -> None:
    pen = connected(world)
    pen.client.request(messages.UPDATE, 5, 0, b"boot loader")
    world.confirm(URL, "")
    world.bench.advance(4000)
    assert world.bench.boot_loader.waiting
    with pytest.raises(failures.SeveralDisks):
        flash(world, tmp_path)
    outcome = updater(world, tmp_path, []).flash_disk(False)
    assert outcome.serial == world.bench.unique_id.hex()
    as_it_was(world)


def test_a_pen_without_a_whole_image_waits_in_its_boot_loader(
    world: BenchWorld, tmp_path: Path
) -> None:
    world.cut_at_chunk = 2
    with pytest.raises((failures.WritingFailed, failures.NotBack)):
        flash(world, tmp_path)
    assert world.bench.boot_loader.waiting
    world.bench.power_cut(100)
    assert world.bench.boot_loader.waiting
    world.cut_at_chunk = 0
    (update,) = journal.unfinished()
    assert updater(world, tmp_path, []).carry_on(update).changed
    as_it_was(world)


def test_a_pen_that_does_not_come_back_is_told_with_the_last_reason(
    world: BenchWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = world.transport

    def transport(url: str) -> Transport:
        if world.bench.boots > 1:
            raise errors.PortBusy(f"{url} is open in another program.")
        return first(url)

    monkeypatch.setattr(world, "transport", transport)
    with pytest.raises(failures.NotBack) as missing:
        flash(world, tmp_path)
    assert missing.value.cause.startswith("The last try said: E114 ")
    assert [update.step for update in journal.unfinished()] == ["written"]


def test_an_altered_image_is_found_by_the_pen_and_never_armed(
    world: BenchWorld, tmp_path: Path
) -> None:
    flash(world, tmp_path)
    world.bench.plant.flash.content[5000] ^= 1  # a bit that the flash lost
    world.bench.restart()
    pen = connected(world)
    world.bench.advance(1000)
    status = pen.status()
    assert status.fault == codes.FAULT_SELF_TEST
    with pytest.raises(PenRefused):
        pen.arm()
    outcome = flash(world, tmp_path)  # the way out: write it again
    assert outcome.changed
    as_it_was(world)


def interrupted(world: BenchWorld, tmp_path: Path, kill_at: int) -> None:
    """Kill the update at a call, then recover."""
    world.calls.clear()
    world.told = ""
    world.kill_at = kill_at
    with pytest.raises(Killed):
        flash(world, tmp_path, version=f"0.2.{kill_at}", seed=kill_at % 250)
    world.kill_at = 0
    world.bench.advance(500)
    said: list[str] = []
    again = updater(world, tmp_path, said, version=f"0.2.{kill_at}", seed=kill_at % 250)
    updates = journal.unfinished()
    outcome = again.carry_on(updates[0]) if updates else again.flash(URL, False)
    assert outcome.version == f"0.2.{kill_at}+1a2b3c4d"
    assert journal.unfinished() == []
    as_it_was(world)
    world.bench.advance(1000)


def places(calls: list[tuple[str, str]], most: int) -> list[int]:
    """Numbers of the calls to die at: of the same call in the same step only the first ones."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for number, call in enumerate(calls, 1):
        seen[call] += 1
        if seen[call] <= most:
            found.append(number)
    return found


@pytest.mark.slow
def test_a_run_that_is_killed_anywhere_goes_on(world: BenchWorld, tmp_path: Path) -> None:
    world.calls.clear()
    flash(world, tmp_path)
    found = places(world.calls, 10)
    assert {what for _, what in world.calls} == {
        *("disks", "open", "frame", "button", "wait", "chunk", "pens")
    }
    assert len(found) > 30
    for kill_at in found:
        interrupted(world, tmp_path, kill_at)


@pytest.mark.parametrize("kill_at", [2, 20, 50, 75, 84, 96])
def test_a_run_that_is_killed_here_goes_on(world: BenchWorld, tmp_path: Path, kill_at: int) -> None:
    interrupted(world, tmp_path, kill_at)


def test_a_recovery_that_sees_nothing_says_what_to_do(world: BenchWorld, tmp_path: Path) -> None:
    world.kill_at = 40
    with pytest.raises(Killed):
        flash(world, tmp_path)
    world.kill_at = 0
    (update,) = journal.unfinished()
    world.bench.unplug()
    with pytest.raises(failures.NeedsHands) as stopped:
        updater(world, tmp_path, []).carry_on(update)
    assert "boot pad" in stopped.value.next_step
    assert isinstance(stopped.value, errors.PenError)
    world.bench.plug()
    assert updater(world, tmp_path, []).carry_on(update).changed
