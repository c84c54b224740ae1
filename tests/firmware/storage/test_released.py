"""A pen that is updated keeps what its older firmware wrote."""

import pytest

from firmware.history import History
from firmware.storage import layout, migrations
from firmware.storage.record_store import RecordStore
from firmware.storage.settings import Settings
from firmware.treatment import plan as plan_check
from protocol import codes
from tests.firmware.storage.nor import NorFlash
from tests.firmware.storage.released import Released, released


def flash_of(pen: Released) -> NorFlash:
    flash = NorFlash(128)
    flash.nor.content[:] = pen.cells
    return flash


def test_there_is_a_pen_of_every_settings_format() -> None:
    versions = set()
    for pen in released():
        data = RecordStore(flash_of(pen), layout.SETTINGS_AT).read()
        assert data is not None
        versions.add(int(data.split(b'"version": ')[1].split(b",")[0]))
    assert versions == set(range(1, migrations.VERSION + 1))


@pytest.mark.parametrize("pen", released(), ids=lambda pen: pen.name)
def test_todays_firmware_finds_all_of_it(pen: Released) -> None:
    flash = flash_of(pen)
    held = Settings(RecordStore(flash, layout.SETTINGS_AT))
    assert {name: held.get(name) for name in pen.settings} == pen.settings
    plan = RecordStore(flash, layout.PLAN_AT).read()
    assert plan == pen.plan
    assert plan_check.refusal(pen.plan)[0] == codes.RESULT_OK
    history = History(flash)
    assert [history.fault(n) for n in range(len(pen.faults))] == [
        (len(pen.faults) - n, *pen.faults[-1 - n]) for n in range(len(pen.faults))
    ]
    assert [history.usage(n) for n in range(len(pen.usage))] == [
        (len(pen.usage) - n, *pen.usage[-1 - n]) for n in range(len(pen.usage))
    ]
    assert history.usage(len(pen.usage)) is None
    assert history.unfinished_run() is None


@pytest.mark.parametrize("pen", released(), ids=lambda pen: pen.name)
def test_it_goes_on_from_there(pen: Released) -> None:
    flash = flash_of(pen)
    Settings(RecordStore(flash, layout.SETTINGS_AT)).change({"light_percent": 50})
    held = Settings(RecordStore(flash, layout.SETTINGS_AT))
    assert {name: held.get(name) for name in pen.settings} == pen.settings | {"light_percent": 50}
    history = History(flash)
    history.add_fault(*pen.faults[0])
    history.open_run(*pen.usage[0])
    history.add_usage(*pen.usage[0])
    again = History(flash)
    assert again.fault(0) == (len(pen.faults) + 1, *pen.faults[0])
    assert again.usage(0) == (len(pen.usage) + 1, *pen.usage[0])
    assert again.unfinished_run() is None
