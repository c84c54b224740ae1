"""Every kernel gives a word its sign back with the same number, half the range of a word.

On a 64-bit build machine code sees 32 bits without their sign, so `w[_DUTY]` of -1 is 4294967295
there; `((w[_DUTY] + half) & mask) - half` is -1 everywhere, if `half` is 2^29.
"""

import importlib
from types import FunctionType

import pytest

from firmware import words as place
from tests.architecture.tree import sources

FOLDERS = ("firmware/safety/", "firmware/treatment/")
KERNELS = [
    (path.removesuffix(".py").replace("/", "."), name)
    for path in sources("firmware")
    if path.startswith(FOLDERS)
    for name, found in vars(
        importlib.import_module(path.removesuffix(".py").replace("/", "."))
    ).items()
    if isinstance(found, FunctionType) and "half" in found.__code__.co_varnames
]


def test_there_are_kernels_with_signs() -> None:
    assert len(set(KERNELS)) >= 10


@pytest.mark.parametrize(("module", "name"), KERNELS)
def test_half_of_the_range_is_two_to_the_29(module: str, name: str) -> None:
    kernel = getattr(importlib.import_module(module), name)
    kernel(place.new(), *[0] * (kernel.__code__.co_argcount - 1))
    assert 1 << 29 in kernel.__code__.co_consts
