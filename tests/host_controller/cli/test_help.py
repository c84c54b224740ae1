"""Help, versions, completion: quick, complete, without loading what they do not need."""

import subprocess
import sys

import click
import pytest

from host_controller.cli.main import COMMANDS, EPILOG, root
from host_controller.errors import EXIT_CODES
from tests.host_controller.cli.conftest import Run

CONTEXT = click.Context(root)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_commands_own_first_line(name: str) -> None:
    command = root.get_command(CONTEXT, name)
    assert command is not None
    assert command.name == name
    assert (command.help or "").splitlines()[0] == COMMANDS[name].line


WITHOUT_PORT = {  # what asks no pen, or only one of its own
    ("list",), ("plan", "new"), ("plan", "screen"), ("plan", "check"), ("plan", "zones"),
    *(("records", verb) for verb in (
        "list", "show", "verify", "export", "close-day", "correct", "merge", "accept-clock",
        "take-over",
        "report", "aftercare", "fhir", "quality",
    )),
    ("simulate",), ("try",), ("demo",), ("completion",),
    ("version",), *(("course", verb) for verb in ("show", "score", "due")),
    *(("library", verb) for verb in (
        "list", "show", "new", "validate", "diff", "review", "approve", "release", "retire",
        "schema")),
}  # fmt: skip


def leaves(command: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if isinstance(command, click.Group):
        found = []
        for name in command.list_commands(CONTEXT):
            child = command.get_command(CONTEXT, name)
            assert child is not None
            found += leaves(child, (*path, name))
        return found
    return [path]


@pytest.mark.parametrize("path", leaves(root, ()), ids=" ".join)
def test_every_command_has_help_and_the_shared_options(path: tuple[str, ...], pen: Run) -> None:
    result = pen(*path, "--help")
    assert result.code == 0
    assert "--json" in result.out
    assert ("-p, --port" in result.out) == (path not in WITHOUT_PORT)
    assert ("--trace" in result.out) == (
        path not in WITHOUT_PORT - {("try",)}
    )  # a trace of its own pen


def test_an_option_that_means_nothing_is_taken_all_the_same(pen: Run) -> None:
    assert pen("plan", "zones", "--port", "X").code == 0


def test_the_promised_commands_are_there() -> None:
    promised = {
        "list", "info", "self-test", "settings", "library", "plan", "course", "select",
        "monitor", "calibrate", "treat", "flash", "recover", "service",
        "stop", "faults", "records", "doctor", "simulate", "ui", "try", "demo",
        "completion", "version",
    }  # fmt: skip
    assert set(COMMANDS) == promised


def test_exit_codes_are_in_the_help() -> None:
    for code in EXIT_CODES:
        assert f" {code} " in f" {EPILOG} ".replace("\n", " ")


def test_help_loads_neither_rich_nor_pyserial_nor_the_protocol() -> None:
    script = (
        "import sys; from host_controller.cli.main import run; run(['--help']);"
        "slow = ('rich', 'serial', 'protocol', 'platformdirs', 'sqlalchemy');"
        "print([n for n in slow if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_misspelt_command_gets_the_nearest(pen: Run) -> None:
    result = pen("mointor")
    assert result.code == 2
    assert "error E101: No such command 'mointor'.\n" in result.err
    assert "cause: The command is misspelt" in result.err
    assert "next:  Did you mean 'monitor'?\n" in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "pusj"), "next:  Did you mean 'push'?\n"),
        (("info", "--jsn"), "next:  Did you mean '--json'?\n"),
        (("qqqqq",), "next:  Add `--help` for the commands there are.\n"),
    ],
)
def test_what_was_meant_is_the_next_step(arguments: tuple[str, ...], words: str, pen: Run) -> None:
    result = pen(*arguments)
    assert result.code == 2
    assert words in result.err


def test_a_usage_error_is_json_too(pen: Run) -> None:
    result = pen("select", "--json")
    assert result.code == 2
    assert result.object["number"] == "E101"
    assert result.object["schema"] == "pen.error/1"


def test_version(pen: Run) -> None:
    from protocol.version import SCHEMA_ID

    assert SCHEMA_ID in pen("version").out
    assert pen("version", "--json").object["schema_id"] == SCHEMA_ID
    assert pen("--version").out == pen("version").out
    assert pen("--version", "--json").object == pen("version", "--json").object


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, pen: Run) -> None:
    result = pen("completion", shell)
    assert result.code == 0
    assert "_PEN_COMPLETE" in result.out
    assert "To use it" in result.err


def test_completion_of_commands_and_zones() -> None:
    from click.shell_completion import ShellComplete

    def complete(args: list[str], incomplete: str) -> list[str]:
        completer = ShellComplete(root, {}, "pen", "_PEN_COMPLETE")
        return [item.value for item in completer.get_completions(args, incomplete)]

    assert complete([], "se") == ["self-test", "settings", "select", "service"]
    assert complete(["plan"], "") == ["check", "new", "push", "screen", "show", "zones"]
    assert complete(["select"], "fo") == ["forehead"]
