"""What is changed in a source to see whether a test notices: every single small mistake.

A mutant is one replacement in one module's syntax tree: a limit off by one, a comparison turned
round, a condition forced, an operation swapped, a statement left out. Owns no state; a tree is
changed only inside `mutated`.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_OPERATION: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}


@dataclass(eq=False)
class Mutant:
    """One mistake. `name` outlasts moved lines; `function` "" is the code of the module itself."""

    module: str
    function: str  # outermost: "Class.method" or "name"
    line: int
    what: str
    holder: Any  # the node or list that holds what is replaced
    place: str | int
    after: ast.AST
    nested: bool = False  # in a function that another one makes
    number: int = 0  # of those in one function that read the same

    @property
    def in_function(self) -> bool:
        """Not in the code of a module or a class."""
        return bool(self.function) and not self.function.endswith(".")

    @property
    def name(self) -> str:
        """For the list of survivors."""
        where = f"{self.module}:{self.function}" if self.function else self.module
        return f"{where}: {self.what}" + (f" #{self.number}" if self.number else "")


@contextmanager
def mutated(mutant: Mutant) -> Iterator[None]:
    """The tree with the mistake in it."""
    holder, place = mutant.holder, mutant.place
    if isinstance(place, int):
        before = holder[place]
        holder[place] = mutant.after
    else:
        before = getattr(holder, place)
        setattr(holder, place, mutant.after)
    try:
        yield
    finally:
        if isinstance(place, int):
            holder[place] = before
        else:
            setattr(holder, place, before)


def mutants(module: str, tree: ast.Module) -> list[Mutant]:
    """All mutants of a module, in the order of its source."""
    found: list[Mutant] = []
    for statement in tree.body:
        if _is_type_checking(statement) or _is_docstring(statement):
            continue
        _collect(module, "", statement, tree.body, tree.body.index(statement), found)
    seen: Counter[str] = Counter()
    for mutant in found:
        seen[mutant.name] += 1
        if seen[mutant.name] > 1:
            mutant.number = seen[mutant.name]
    return found


def _collect(
    module: str,
    function: str,
    node: ast.AST,
    holder: Any,
    place: str | int,
    found: list[Mutant],
    nested: bool = False,
) -> None:
    """Mutants of a node and of what is in it."""
    for after in _replacements(node, bool(function)):
        _fix(after, node)
        what = f"{_said(node)} -> {_said(after)}"
        found.append(
            Mutant(module, function, getattr(node, "lineno", 0), what, holder, place, after, nested)
        )
    inner = function
    if isinstance(node, ast.FunctionDef | ast.Lambda) and _in_function(function):
        nested = True
    if isinstance(node, ast.FunctionDef) and not _in_function(function):
        inner = f"{function}{node.name}"
    elif isinstance(node, ast.ClassDef) and not _in_function(function):
        inner = f"{function}{node.name}."
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "ctx"):
            continue
        # Defaults belong to the function but are worked out where it is defined.
        where = "" if name in ("defaults", "kw_defaults", "bases") else inner
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST) and not (name == "body" and _is_docstring(item)):
                    _collect(module, where, item, value, index, found, nested)
        elif isinstance(value, ast.AST):
            _collect(module, where, value, node, name, found, nested)


def _in_function(function: str) -> bool:
    return bool(function) and not function.endswith(".")


def _replacements(node: ast.AST, inside: bool) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BinOp() if type(node.op) in _OPERATION and not _is_text(node):
            yield ast.BinOp(node.left, _OPERATION[type(node.op)](), node.right)
        case ast.AugAssign() if type(node.op) in _OPERATION:
            yield ast.AugAssign(node.target, _OPERATION[type(node.op)](), node.value)
            yield ast.Pass()
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp() if isinstance(node.op, ast.Not | ast.USub | ast.Invert):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() | float() as number):
            yield ast.Constant(number + 1)
        case ast.If() | ast.IfExp():
            yield _with_test(node, value=True)
            yield _with_test(node, value=False)
        case ast.Return() if node.value is not None and not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.Constant(0))
        case ast.Raise() | ast.Break() | ast.Continue():
            yield ast.Pass()
        case ast.Expr() if inside and isinstance(node.value, ast.Call):
            yield ast.Pass()
        case ast.Assign() if inside and isinstance(node.targets[0], ast.Attribute | ast.Subscript):
            yield ast.Pass()


def _comparisons(node: ast.Compare) -> Iterator[ast.Compare]:
    for index, operator in enumerate(node.ops):
        for table in (_OPPOSITE, _BOUNDARY):
            if type(operator) in table:
                ops = [*node.ops]
                ops[index] = table[type(operator)]()
                yield ast.Compare(node.left, ops, node.comparators)


def _with_test(node: ast.If | ast.IfExp, *, value: bool) -> ast.AST:
    if isinstance(node, ast.If):
        return ast.If(ast.Constant(value), node.body, node.orelse)
    return ast.IfExp(ast.Constant(value), node.body, node.orelse)


def _is_text(node: ast.BinOp) -> bool:
    """Putting texts or bytes together, or filling a template in."""
    sides = (node.left, node.right)
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in sides
    )


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_type_checking(node: ast.AST) -> bool:
    return (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING") or (
        isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TYPE_CHECKING"
    )


def _fix(after: ast.AST, before: ast.AST) -> None:
    if not hasattr(after, "lineno"):
        ast.copy_location(after, before)
    ast.fix_missing_locations(after)


def _said(node: ast.AST) -> str:
    """The first line of the source of a node."""
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}:"
    return ast.unparse(node).split("\n")[0]
