"""Older and newer, as semantic versioning says."""

from itertools import pairwise

import pytest

from host_controller.flashing.version_order import is_older

ASCENDING = (
    *("0.1.0-alpha", "0.1.0-alpha.1", "0.1.0-alpha.beta", "0.1.0-beta.2", "0.1.0-beta.11"),
    *("0.1.0-rc.1", "0.1.0", "0.1.1", "0.2.0", "0.10.0", "1.0.0", "1.0.10"),
)


@pytest.mark.parametrize(("older", "newer"), list(pairwise(ASCENDING)))
def test_the_order(older: str, newer: str) -> None:
    assert is_older(older, newer)
    assert not is_older(newer, older)


def test_the_sources_do_not_make_a_version_newer() -> None:
    assert not is_older("0.1.0+1a2b3c4d", "0.1.0+ffffffff")
    assert not is_older("0.1.0", "0.1.0+ffffffff")


@pytest.mark.parametrize("text", ["", "devel", "1.2", "1.2.x", "1.2.3.4", "١.٢.٣"])
def test_what_is_no_version_is_older_than_nothing(text: str) -> None:
    assert not is_older(text, "1.0.0")
    assert not is_older("1.0.0", text)
