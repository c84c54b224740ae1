"""The user guide and the troubleshooting page say what the program does."""

import re
from pathlib import Path

import click
import pytest

from docs import generate_messages
from host_controller.cli.main import COMMANDS, root
from host_controller.errors import EXIT_CODES
from host_controller.library import starter
from host_controller.planning import plan_file, plan_source, zone_rows
from tests.host_controller.cli.test_help import leaves
from tests.host_controller.fake_pen import FakePen, served

GUIDE = Path("docs/user-guide.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("path", leaves(root, ()), ids=" ".join)
def test_every_command_is_in_the_guide(path: tuple[str, ...]) -> None:
    assert f"pen {' '.join(path)}" in GUIDE


@pytest.mark.parametrize(
    "line", [line for block in blocks("(?:sh)?") for line in block.splitlines() if "pen " in line]
)
def test_commands_in_the_guide_are_commands(line: str) -> None:
    for words in re.findall(r"(?:^\$ |^)pen ((?:[a-z-]+ ?){1,2})", line):
        name, _, second = words.strip().partition(" ")
        assert name in COMMANDS
        command = root.get_command(click.Context(root), name)
        if isinstance(command, click.Group) and second:
            assert second in command.commands


def test_the_plan_in_the_guide_is_good() -> None:
    (text,) = blocks("toml")
    plan = plan_file.check(plan_source.parse("guide.toml", text.encode()))
    assert plan.zones[1].override_text == "scar"


@pytest.mark.parametrize(
    "key",
    [
        *(key for key in plan_file.KEYS if key not in ("cartridge", "zones")),
        *(f"cartridge.{key}" for key in plan_file.CARTRIDGE_KEYS),
        *(f"zones.{key}" for key in zone_rows.KEYS),
    ],
)
def test_every_key_of_a_plan_is_in_the_guide(key: str) -> None:
    assert f"| `{key}` |" in GUIDE


def test_override_reasons_and_exit_codes_are_in_the_guide() -> None:
    assert all(f"`{reason}`" in GUIDE for reason in starter.load().override_reasons)
    (line,) = [line for line in GUIDE.splitlines() if line.startswith("* Exit codes:")]
    assert all(re.search(rf"[ ,]{code} ", line) for code in EXIT_CODES)


def test_the_python_in_the_guide_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("python")
    (text,) = blocks("toml")
    file = tmp_path / "face.toml"
    file.write_text(text)
    with served(FakePen()) as url:
        code = code.replace("socket://127.0.0.1:7333", url).replace("face.toml", str(file))
        exec(compile(code, "user-guide", "exec"), {})
    out = capsys.readouterr().out
    assert "FAKE0001 cartridge ok" in out
    assert "R29" in out


def test_the_troubleshooting_page_is_what_the_sources_say() -> None:
    assert generate_messages.PAGE.read_text(encoding="utf-8") == generate_messages.text()
