"""The state table, walked once for all tests of the model."""

import pytest

from firmware.safety.transitions import next_row
from tests.safety_model.explore import Exploration


@pytest.fixture(scope="session")
def explored() -> Exploration:
    """Every reachable state and fact set of the firmware's own table."""
    return Exploration(next_row).run()
