"""The data dictionary and those who restate it: one place a word, one meaning a name.

Compiled code cannot import a constant without looking it up in every tick, so each module of
kernels writes the places down again. These tests hold them together, and look for the two traps of
machine code: a word without its sign (64-bit builds) and a constant that freezing does not align.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from firmware import modes
from firmware import words as place
from hardware.board import rev_a
from protocol import codes
from tests.architecture.tree import ROOT, parse, sources
from tests.firmware.hal.test_rp2040_conformance import compiled, literal_loads

LINE = re.compile(
    r"^([A-Z][A-Z0-9_]*) = const\((\d+)\)  # (?:\[(\d+)\] )?(-?[\d^]+)\.\.(-?[\d^]+) ([a-z]+): .+$"
)


def number(text: str) -> int:
    """An end of a range: -300, 2^30."""
    base, _, power = text.lstrip("-").partition("^")
    value = int(base) ** int(power or 1)
    return -value if text.startswith("-") else value


def dictionary() -> dict[str, tuple[int, int, int, int, str]]:
    """Name: place, how many in a row, lowest, highest, owner."""
    found = {}
    for line in (ROOT / "firmware/words.py").read_text(encoding="utf-8").splitlines():
        match = LINE.match(line)
        if match:
            name, at, many, low, high, owner = match.groups()
            found[name] = (int(at), int(many or 1), number(low), number(high), owner)
    return found


WORDS = dictionary()
SIGNED = {name for name, (_, _, low, _, _) in WORDS.items() if low < 0}
VALUES = {"SIZE", "LINE_LEAVE", "LINE_GRANT", "LINE_CUT"} | {
    name for name in vars(place) if name.startswith("BRIDGE_") and name != "BRIDGE_STALL"
}


def test_every_place_has_its_line() -> None:
    named = {name for name, at in vars(place).items() if name.isupper() and type(at) is int}
    assert named - set(WORDS) - VALUES == set()
    assert {name: at for name, (at, *_) in WORDS.items()} == {
        name: getattr(place, name) for name in WORDS
    }


def test_no_place_has_two_words_and_none_lies_outside() -> None:
    taken: dict[int, str] = {}
    for name, (at, many, *_) in WORDS.items():
        for one in range(at, at + many):
            assert one not in taken, f"{name} and {taken[one]}"
            taken[one] = name
    assert max(taken) < place.SIZE == len(place.new())


def test_ranges_stay_where_every_interpreter_keeps_them_without_an_object() -> None:
    for name, (_, _, low, high, _) in WORDS.items():
        assert low <= high, name
        assert low >= -(1 << 29), name
        assert high <= 1 << 30, name


# --- the kernels ----------------------------------------------------------------------------------

KERNELS = [
    path
    for path in sources("firmware")
    if "= ptr32(words)" in (ROOT / path).read_text(encoding="utf-8")
]


def restated(path: str) -> Iterator[tuple[str, int]]:
    """`_NAME = const(number)` of a module, without the underscore."""
    for node in parse(path).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func) == "const"
        ):
            target = ast.unparse(node.targets[0])
            value = ast.literal_eval(node.value.args[0])
            if target.startswith("_") and isinstance(value, int):
                yield target[1:], value


def test_there_are_kernels() -> None:
    assert len(KERNELS) > 12


@pytest.mark.parametrize("path", KERNELS)
def test_what_a_kernel_restates_is_what_its_owner_says(path: str) -> None:
    for name, value in restated(path):
        for owner in (place, rev_a, modes, codes):
            if isinstance(getattr(owner, name, None), int):
                assert value == getattr(owner, name), f"{name} of {owner.__name__}"
                break


def kernels_of(tree: ast.Module) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and "micropython.viper" in [ast.unparse(each) for each in node.decorator_list]
    ]


def signless(tree: ast.Module) -> list[str]:
    """Loads of words that can be negative, by kernels that do not give them their sign back."""
    found = []
    for kernel in kernels_of(tree):
        parents = {child: node for node in ast.walk(kernel) for child in ast.iter_child_nodes(node)}
        # `table = _HALL_TABLE_UM` is another name of the same place.
        alias = {
            ast.unparse(node.targets[0]): ast.unparse(node.value)
            for node in ast.walk(kernel)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name)
        }
        for node in ast.walk(kernel):
            if not (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)):
                continue
            if ast.unparse(node.value) != "w":
                continue
            names = {
                alias.get(each.id, each.id) for each in ast.walk(node.slice)
                if isinstance(each, ast.Name)
            }  # fmt: skip
            if not any(name[1:] in SIGNED for name in names) or keeps_sign(node, parents):
                continue
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


def keeps_sign(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Masked, copied to another word, or only compared with 0."""
    parent = parents[node]
    if isinstance(parent, ast.Assign) and parent.value is node:
        return isinstance(parent.targets[0], ast.Subscript)
    if isinstance(parent, ast.Compare):
        return ast.unparse(parent.comparators[0]) == "0" and isinstance(
            parent.ops[0], ast.Eq | ast.NotEq
        )
    while isinstance(parent, ast.BinOp):
        if isinstance(parent.op, ast.BitAnd):
            return True
        node, parent = parent, parents[parent]
    # Summed first, masked in a later statement.
    return isinstance(parent, ast.Assign) and "sum" in ast.unparse(parent.targets[0])


@pytest.mark.parametrize("path", [path for path in KERNELS if "rp2040" not in path])
def test_a_word_that_can_be_negative_gets_its_sign_back(path: str) -> None:
    assert signless(parse(path)) == []


def test_the_search_finds_a_word_without_its_sign() -> None:
    source = """
@micropython.viper
def kernel(words):
    w = ptr32(words)
    table = _HALL_TABLE_UM
    a = w[_DUTY]
    b = w[table + 1] + 2
    c = ((w[_DUTY] + half) & mask) - half
    d = w[_RATE_CHZ]
    w[_MOTOR_MA] = w[_DUTY]
    e = w[_DUTY] != 0
    f = w[_DUTY] > 0
"""
    lines = [complaint.split(":")[0] for complaint in signless(ast.parse(source))]
    assert lines == ["line 6", "line 7", "line 12"]


@pytest.mark.parametrize("path", KERNELS)
def test_no_kernel_needs_a_constant_that_freezing_does_not_align(
    path: str, tmp_path: object
) -> None:
    assert literal_loads(compiled(ROOT / path, tmp_path)) == []  # type: ignore[arg-type]
