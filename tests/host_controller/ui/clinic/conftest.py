"""The clinic that does not exist, once for all tests of the page: nobody writes into it."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from host_controller.records.home import Home
from host_controller.records.store import Store
from tests.host_controller.ui.clinic.demo_clinic import DemoClinic, fill

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, DemoClinic]]:
    """Store and photos of the demo clinic."""
    folder = tmp_path_factory.mktemp("clinic")
    before = os.environ.get("PEN_DATA_DIR")
    os.environ["PEN_DATA_DIR"] = str(folder)
    try:
        store = Store.open(Home(f"sqlite:///{folder / 'records.sqlite'}", folder))
        yield store, fill(store, Path(folder) / "photos", TODAY)
        store.close()
    finally:
        os.environ.pop("PEN_DATA_DIR")
        if before is not None:
            os.environ["PEN_DATA_DIR"] = before


@pytest.fixture
def clinic_store(demo: tuple[Store, DemoClinic]) -> Store:
    return demo[0]
