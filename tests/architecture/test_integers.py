"""Wire, safety and control calculate in integers: floats differ between the three interpreters."""

import ast

import pytest

from tests.architecture.tree import parse, sources


def floats_in(tree: ast.Module) -> list[str]:
    """Every float literal, true division and conversion to float, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"line {node.lineno}: the float {node.value}")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            found.append(f"line {node.lineno}: the division / (use //)")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "float":
            found.append(f"line {node.lineno}: a conversion to float")
    return found


@pytest.mark.parametrize("path", sources("protocol", "firmware/control", "firmware/safety"))
def test_no_float_where_a_needle_depends_on_it(path: str) -> None:
    assert floats_in(parse(path)) == []


def test_the_search_finds_each_kind() -> None:
    tree = ast.parse("a = 1.5\nb = a / 2\nb /= 3\nc = float(1)\nd = 7 // 2\n")
    lines = {complaint.split(":")[0] for complaint in floats_in(tree)}
    assert lines == {"line 1", "line 2", "line 3", "line 4"}
