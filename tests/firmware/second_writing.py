"""Kernels against a second writing of what they do, word by word.

`agree` fills all words of the pen with seeded numbers, those that a kernel looks at with values
around the limits that matter, and lets kernel and second writing do one step each on a copy.
Afterwards every word of the pen must be the same, those included that neither should touch. The
second writings read and write words by name and have their numbers written out by hand. Owns no
state.
"""

from array import array  # noqa: TC003 - the annotation of words
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

from firmware import words as place

NAMES = {at: name for name, at in vars(place).items() if name.isupper() and isinstance(at, int)}
Choices = Mapping[str, Sequence[int]]


class Named:
    """The words by their names, in small letters."""

    words: "array[int]"

    def __init__(self, words: "array[int]") -> None:
        self.__dict__["words"] = words

    def __getattr__(self, name: str) -> int:
        return self.words[getattr(place, name.upper())]

    def __setattr__(self, name: str, value: int) -> None:
        self.words[getattr(place, name.upper())] = value


@cache
def filled(seed: int) -> "array[int]":
    """All words anything up to 1000. Not to be changed."""
    rng = Random(seed)
    words = place.new()
    for at in range(len(words)):
        words[at] = rng.randrange(1000)
    return words


def difference(ours: "array[int]", theirs: "array[int]") -> dict[str, tuple[int, int]]:
    """Words that differ: kernel, second writing."""
    return {
        NAMES.get(at, str(at)): pair
        for at, pair in enumerate(zip(ours, theirs, strict=True))
        if pair[0] != pair[1]
    }


def agree(
    kernel: Callable[["array[int]"], Any],
    second: Callable[[Named], Any],
    choices: Choices,
    rounds: int,
    prepare: Callable[[Named, Random], None] | None = None,
    seed: int = 1,
) -> None:
    """Both leave the same words, and give back the same, `rounds` times drawn from `seed`."""
    rng = Random(seed)
    chosen = [(getattr(place, name.upper()), values) for name, values in choices.items()]
    for number in range(rounds):
        words = filled(number % 4)[:]
        for at, values in chosen:
            words[at] = rng.choice(values)
        if prepare:
            prepare(Named(words), rng)
        before, copy = words[:], words[:]
        given_back = kernel(words)
        expected = second(Named(copy))
        if words != copy or (given_back or 0) != (expected or 0):
            names = {NAMES[at]: before[at] for at, _ in chosen}
            raise AssertionError(
                f"round {number}: {difference(words, copy)}, gave {given_back} for {expected};"
                f" of {names}"
            )


def around(*limits: int) -> tuple[int, ...]:
    """Each limit, one below and one above."""
    return tuple(limit + step for limit in limits for step in (-1, 0, 1))
