"""Tests that are called without pytest are called with their parameters, and no others are."""

import sys
from types import ModuleType

import pytest

from tests.mutation import plain


def module(source: str) -> ModuleType:
    made = ModuleType("tests.mutation.made_up")
    exec("import pytest\n" + source, made.__dict__)
    return made


def cases_of(monkeypatch: pytest.MonkeyPatch, source: str) -> dict[str, bool]:
    """Name of each case: whether it fails."""
    monkeypatch.setitem(sys.modules, "tests.mutation.made_up", module(source))
    found = plain.cases("tests/mutation/made_up.py")
    return {case.name: plain.fails(case.call) for case in found}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a(): pass", {"test_a[0]": False}),
        ("def test_a(): assert False", {"test_a[0]": True}),
        ("def test_a(): raise SystemExit(1)", {"test_a[0]": True}),
        ("def test_a(): pytest.fail('no')", {"test_a[0]": True}),
        ("def test_a(): pytest.skip('no')", {"test_a[0]": False}),
        ("def other(): assert False", {}),
        ("def test_a(tmp_path): pass", {}),
        (
            "@pytest.mark.parametrize('n', [1, 2])\ndef test_a(n): assert n == 1",
            {"test_a[0]": False, "test_a[1]": True},
        ),
        (
            "@pytest.mark.parametrize(('n', 'm'), [(1, 1), (1, 2)])\n"
            "@pytest.mark.parametrize('k', [0, 1])\n"
            "def test_a(n, m, k): assert n == m + k",
            {"test_a[0]": False, "test_a[1]": True, "test_a[2]": True, "test_a[3]": True},
        ),
        ("@pytest.mark.parametrize('n', [1])\ndef test_a(n, tmp_path): pass", {}),
        ("@pytest.mark.mpy\ndef test_a(): pass", {}),
        ("@pytest.mark.slow\ndef test_a(): pass", {"test_a[0]": False}),
        (
            "@pytest.mark.parametrize('n', [pytest.param(1, id='one'), 2])\n"
            "def test_a(n): assert n == 2",
            {"test_a[0]": True, "test_a[1]": False},
        ),
    ],
)
def test_what_is_a_case(
    monkeypatch: pytest.MonkeyPatch, source: str, expected: dict[str, bool]
) -> None:
    assert cases_of(monkeypatch, source) == expected


def test_a_test_that_is_imported_is_not_this_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tests.mutation.made_up", module("from os.path import join"))
    assert plain.cases("tests/mutation/made_up.py") == []
