"""`pen flash` and `pen recover` from a shell: the whole command, on a served pen of the real image.

One pen after the other is killed, taken up, gone back with, as a person would see it.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from firmware.boards import image as images
from tests.emulated.newer import newer
from tests.emulated.shell import pen, percent, simulated

THIRD = 40  # block of about 130
LOOKS = 200  # each a process that starts and asks
PLAN = """format = "pen-plan/1"
[cartridge]
pins = 12
[[zones]]
zone = "cheek"
depth_mm = 0.50
"""


class Served(NamedTuple):
    """A pen that others can flash, and where it is."""

    url: str
    terminal: str
    serial: str


@pytest.fixture
def served(
    image: images.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    for name in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"PEN_{name}_DIR", str(tmp_path / name.lower()))
    assert image.binary.exists()
    terminal = str(tmp_path / "terminal")
    with simulated("--twin", "rp2040", "--pty", terminal) as ready:
        yield Served(ready["url"], terminal, ready["serial_number"])


def asked(*arguments: str) -> dict[str, Any]:
    """What a command says with --json."""
    done = pen("--json", *arguments)
    assert done.code == 0, done.screen
    found: dict[str, Any] = json.loads(done.screen.splitlines()[-1])
    return found


def info() -> dict[str, Any]:
    """What the pen tells of itself, once it has counted its image."""
    for _ in range(LOOKS):
        if (found := asked("info"))["image"]:
            return found
    raise AssertionError("the pen does not tell its image")


def id_of(image: images.Image) -> str:
    return hashlib.sha256(image.binary.read_bytes()).hexdigest()[:16]


def test_flash_killed_in_the_middle_is_taken_up_and_gone_back_from(
    served: Served, image: images.Image, tmp_path: Path
) -> None:
    file = newer(image, tmp_path)
    plan = tmp_path / "face.toml"
    plan.write_text(PLAN)
    assert pen("settings", "set", "light_percent=35").code == 0
    pushed = asked("plan", "push", str(plan))
    before = info()
    assert before["image"] == id_of(image)

    broken = pen("flash", str(file), killed_at=THIRD)
    assert broken.code == -9
    assert 20 < percent(broken.screen) < 40
    assert f"{before['firmware']} -> 9.0.0+emulated" in broken.screen
    assert pen("info").code == 5  # the port is closed: it waits in its boot loader

    done = pen("recover")
    assert done.code == 0, done.screen
    told = done.screen
    assert "was interrupted while it was written; it goes on" in " ".join(told.split())
    steps = [line[2:12].strip() for line in done.lines if line.startswith("  ")]
    assert steps == ["found", "disk", "writing", "back", "verified", "self-test", "restored"]
    assert "100%" in done.lines[3]  # one bar, written over
    assert "settings and plan are as they were" in told
    assert told.endswith(f"done: pen {served.serial} runs firmware 9.0.0+emulated\n")
    now = info()
    assert (now["firmware"], now["schema_id"]) == ("9.0.0+emulated", before["schema_id"])
    assert now["image"] == asked("flash", str(file))["image"]
    assert now["image"] != before["image"]
    assert asked("settings", "get", "light_percent")["settings"] == {"light_percent": 35}
    assert now["plan"]["sha256"] == pushed["sha256"]

    # Back to where it was: only by force; through the serial port, and by its number afterwards.
    old = image.binary.with_suffix(".uf2")
    assert pen("--port", served.terminal, "flash", str(old)).code == 7
    back = pen("--port", served.terminal, "flash", "--force", str(old))
    assert back.code == 0, back.screen
    assert f"on {served.url}" in back.screen
    assert info()["image"] == id_of(image)
    backups = list((tmp_path / "data" / "backups").iterdir())
    assert len(backups) == 2
    assert all(str(path) in broken.screen + back.screen for path in backups)  # in one line each
