"""Both boards offer the same ports; what the tick calls on the real one is compiled code."""

import ast
import inspect
from pathlib import Path

import pytest

from firmware.hal import ports
from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_link import PinLinkBoard
from tests.firmware.hal.chip_modules import load

PORTS = tuple(ports.Board.__annotations__)
FOLDER = Path(__file__).resolve().parents[3] / "firmware" / "hal" / "rp2040"

# Called by the 1 kHz tick: (file, class, methods).
TICK = (
    ("timing", "Rp2040Clock", ("now_us", "elapsed_us")),
    ("bridge", "Rp2040Bridge", ("drive", "brake", "coast", "duty")),
    ("enable", "Rp2040Enable", ("grant", "cut", "level")),
    ("pulses", "Rp2040Pulses", ("drain", "index_level")),
    ("adc", "Rp2040Adc", ("read",)),
    ("coils", "Rp2040Coils", ("write",)),
    ("lines", "Rp2040In", ("level",)),
    ("lines", "Rp2040Watchdog", ("kick",)),
)


def methods(port: type) -> dict[str, list[str]]:
    """Public methods of a port and the names of their arguments, self included."""
    return {
        name: list(inspect.signature(getattr(port, name)).parameters)
        for name in dir(port)
        if not name.startswith("_") and callable(getattr(port, name))
    }


@pytest.fixture(scope="module")
def boards() -> tuple[object, object]:
    return PinLinkBoard(Exchange()), load().board.Rp2040Board()


def test_every_port_of_the_contract_is_listed() -> None:
    assert len(PORTS) == 19


@pytest.mark.parametrize("name", PORTS)
def test_both_boards_answer_the_port_and_all_its_methods(
    boards: tuple[object, object], name: str
) -> None:
    base = next(
        base
        for base in type(getattr(boards[0], name)).__mro__
        if base.__module__ == "firmware.hal.ports"
    )
    promised = methods(base)
    assert promised
    for board in boards:
        port = type(getattr(board, name))
        assert issubclass(port, base)
        offered = methods(port)
        for method, arguments in promised.items():
            assert offered[method] == arguments, f"{port.__name__}.{method}"
            assert getattr(port, method) is not getattr(base, method), "not answered"


def test_both_boards_answer_for_themselves(boards: tuple[object, object]) -> None:
    for board in boards:
        for method in ("unique_id", "reset_cause", "reset"):
            assert getattr(type(board), method) is not getattr(ports.Board, method)


@pytest.mark.parametrize(("file", "owner", "names"), TICK, ids=str)
def test_what_the_tick_calls_is_compiled(file: str, owner: str, names: tuple[str, ...]) -> None:
    """Compiled code works on machine words; what it returns is masked to 30 bits or fewer."""
    tree = ast.parse((FOLDER / f"{file}.py").read_text(encoding="utf-8"))
    found = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == owner)
    functions = {n.name: n for n in found.body if isinstance(n, ast.FunctionDef)}
    for name in names:
        decorators = [ast.unparse(d) for d in functions[name].decorator_list]
        assert decorators == ["micropython.viper"]


def test_only_this_folder_knows_the_chip() -> None:
    root = FOLDER.parents[1]
    elsewhere = [
        path
        for path in root.rglob("*.py")
        if FOLDER not in path.parents
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and {a.name for a in node.names} & {"machine", "rp2"})
        or (isinstance(node, ast.ImportFrom) and node.module in ("machine", "rp2"))
    ]
    assert elsewhere == []
