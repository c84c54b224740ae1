"""What goes into the histories comes out as the answers of the wire."""

from firmware.history import USAGE_PUNCTURES, USAGE_ZONE, History
from protocol import codec, messages, schema
from tests.firmware.storage.nor import NorFlash


def usage(
    session_id: int = 77, zone: int = 6, punctures: int = 500, cartridge: bytes = b"\1\2\3\4"
) -> tuple[object, ...]:
    return (
        1_700_000_000,
        session_id,
        cartridge,
        zone,
        2,
        1,
        12,
        1000,
        10000,
        60_000,
        50_000,
        punctures,
        125,
    )


FAULT = (1_700_000_000, 1234, 22, 6, 6, 80, 0x3FFFF, 77, 10000, 0, 1000, 990, 900, 3900, 2600, 4000)


def test_entries_come_back_newest_first_as_fields_of_the_response() -> None:
    flash = NorFlash(128)
    history = History(flash)
    assert history.fault(0) is None
    assert history.usage(0) is None
    history.add_fault(*FAULT)
    history.add_fault(*FAULT[:2], 24, *FAULT[3:])
    history.add_usage(*usage())
    again = History(flash)
    newest = again.fault(0)
    assert newest == (2, *FAULT[:2], 24, *FAULT[3:])
    assert again.fault(1) == (1, *FAULT)
    assert again.fault(2) is None
    assert again.usage(0) == (1, *usage())
    for number, entry in ((messages.FAULT_LOG, newest), (messages.USAGE_LOG, again.usage(0))):
        response = schema.BY_NUMBER[number].response
        assert response is not None
        assert entry is not None
        assert codec.unpack(response, codec.pack(response, entry)) == entry


def test_a_session_is_found_again_by_zone_newest_entry_each() -> None:
    history = History(NorFlash(128))
    for entry in (
        usage(77, 6, 100),
        usage(77, 6, 300),
        usage(78, 6, 999),
        usage(77, 1, 50),
    ):
        history.add_usage(*entry)
    found = {entry[USAGE_ZONE]: entry[USAGE_PUNCTURES] for entry in history.usage_of_session(77)}
    assert found == {6: 300, 1: 50}
    assert history.usage_of_session(79) == []


def test_a_cartridge_is_known_if_another_session_had_it() -> None:
    history = History(NorFlash(128))
    history.add_usage(*usage(77, cartridge=b"\1\2\3\4"))
    assert history.used_elsewhere(b"\1\2\3\4", 78)
    assert not history.used_elsewhere(b"\1\2\3\4", 77)
    assert not history.used_elsewhere(b"\4\3\2\1", 78)


def test_room_is_made_in_every_log() -> None:
    flash = NorFlash(128)
    history = History(flash)
    assert history.find_room()
    assert history.find_room_ahead()
    for _ in range(64 * 16):  # the fault log comes round
        history.add_fault(*FAULT)
    assert not history.find_room()
    history.make_room_ahead()
    assert history.find_room()
    for _ in range(64 * 3):  # and the log of begun runs
        history.close_run()
    assert history.find_room()
    assert not history.find_room_ahead()
    history.make_room_ahead()
    assert history.find_room_ahead()


def test_a_run_is_unfinished_until_usage_or_a_close_follows() -> None:
    flash = NorFlash(128)
    assert History(flash).unfinished_run() is None
    History(flash).open_run(*usage(zone=6, punctures=9999))
    assert History(flash).unfinished_run() == usage(zone=6, punctures=9999)
    assert History(flash).usage(0) is None  # not shown to the host, nor counted yet
    History(flash).add_usage(*usage(zone=6, punctures=5))
    assert History(flash).unfinished_run() is None
    History(flash).open_run(*usage(zone=7))
    assert History(flash).unfinished_run() == usage(zone=7)
    History(flash).close_run()
    assert History(flash).unfinished_run() is None
    assert History(flash).usage(0) == (1, *usage(zone=6, punctures=5))
