"""Which mistakes are made, and that nothing of them stays."""

import ast

import pytest

from tests.mutation.operators import Mutant, mutants, mutated


def said(source: str) -> list[str]:
    """What the mutants of a function's body are, without the mutants of anything else."""
    text = "def f(a, b, c):\n" + "\n".join("    " + line for line in source.splitlines())
    return [mutant.what for mutant in mutants("m.py", ast.parse(text))]


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("return a < b", ["return a < b -> return 0", "a < b -> a >= b", "a < b -> a <= b"]),
        ("a != b", ["a != b -> a == b"]),
        ("a in b", ["a in b -> a not in b"]),
        ("b = a + c", ["a + c -> a - c"]),
        ("b = a & c", ["a & c -> a | c"]),
        ("a += c", ["a += c -> a -= c", "a += c -> pass"]),
        ("b = a and c", ["a and c -> a or c"]),
        ("b = not a", ["not a -> a"]),
        ("b = 7", ["7 -> 8"]),
        ("b = True", ["True -> False"]),
        ("a.b = c", ["a.b = c -> pass"]),
        ("a(b)", ["a(b) -> pass"]),
        ("raise a", ["raise a -> pass"]),
        ("if a:\n    b(c)", ["if a: -> if True:", "if a: -> if False:", "b(c) -> pass"]),
        ('"""Words."""', []),
        ('b = "text"', []),
        ('b = "%d" % a', []),
    ],
)
def test_each_mistake_is_made_once(source: str, made: list[str]) -> None:
    assert said(source) == made


def test_what_only_a_type_checker_reads_is_left_alone() -> None:
    source = "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    A = 1\n"
    source += "def f(a: 'B[1]') -> 'C[2]':\n    pass\n"
    assert mutants("m.py", ast.parse(source)) == []


def test_a_name_outlasts_lines_and_tells_equal_ones_apart() -> None:
    source = "class A:\n    def f(self):\n        return self.a < 1 or self.b < 1\n"
    names = [mutant.name for mutant in mutants("m.py", ast.parse(source))]
    moved = [mutant.name for mutant in mutants("m.py", ast.parse("\n\n" + source))]
    assert names == moved
    assert len(set(names)) == len(names)
    assert "m.py:A.f: 1 -> 2" in names
    assert "m.py:A.f: 1 -> 2 #2" in names


def test_code_of_a_module_and_of_a_class_is_in_no_function() -> None:
    source = "A = 1\nclass B:\n    c = 2\n    def d(self, e=3):\n        return 4\n"
    where = {m.what: m.in_function for m in mutants("m.py", ast.parse(source))}
    assert where == {"1 -> 2": False, "2 -> 3": False, "3 -> 4": False, "4 -> 5": True}


def test_the_tree_is_whole_again_afterwards() -> None:
    tree = ast.parse("def f(a):\n    if a > 3:\n        a += 1\n    return a\n")
    before = ast.unparse(tree)
    changed = set()
    for mutant in mutants("m.py", tree):
        with mutated(mutant):
            changed.add(ast.unparse(tree))
        assert ast.unparse(tree) == before
    assert len(changed) == len(mutants("m.py", tree))
    assert before not in changed


def test_an_error_inside_leaves_the_tree_whole() -> None:
    tree = ast.parse("A = 1\n")
    mutant: Mutant = mutants("m.py", tree)[0]
    with pytest.raises(KeyError), mutated(mutant):
        raise KeyError
    assert ast.unparse(tree) == "A = 1"
