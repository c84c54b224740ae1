"""Several laptops at once on one PostgreSQL: nothing lost, nothing doubled, order provable."""

from pathlib import Path

import pytest

from tests.host_controller.records import concurrent
from tests.postgres_server import Server

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


def test_eight_programs_on_two_laptops_lose_and_double_nothing(
    tmp_path: Path, postgres: Server
) -> None:
    came = concurrent.run(tmp_path, postgres.fresh("pen_template"), each=2)
    assert came.err == ""
    assert came.breaks == []
    assert (came.sessions, came.lost, came.doubled) == (16, 0, 0)
    assert came.chains == 2  # one for each laptop, whatever the number of programs on it
