"""Questions to the records: never on the loop, one after the other, errors to who asked."""

import asyncio
import threading

import pytest

from host_controller.records import queries
from host_controller.records.failures import DatabaseAway
from host_controller.records.home import VARIABLE, home
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from host_controller.ui.clinic.archive import Archive
from tests.host_controller.records.made_up import treatment

PATIENCE_S = 10.0


def test_the_loop_goes_on_while_the_database_takes_its_time() -> None:
    beats: list[int] = []

    async def run() -> None:
        archive, asked, answer = Archive(), threading.Event(), threading.Event()

        def slow(_: Store) -> str:
            asked.set()
            assert answer.wait(PATIENCE_S)
            return threading.current_thread().name

        question = asyncio.ensure_future(archive.ask(slow))
        while not asked.is_set():
            await asyncio.sleep(0)
        for beat in range(100):  # each is a turn of the loop, the question still open
            beats.append(beat)
            await asyncio.sleep(0)
        assert not question.done()
        answer.set()
        assert (await question).startswith("records")
        await asyncio.to_thread(archive.close)

    asyncio.run(run())
    assert len(beats) == 100


def test_what_waits_in_the_spool_is_there_when_it_is_asked_for() -> None:
    Spool(home()).append(treatment("r1"))

    async def run() -> int:
        archive = Archive()
        rows = await archive.ask(lambda store: queries.ask(store, queries.newest(5)))
        await asyncio.to_thread(archive.close)
        return len(rows)

    assert asyncio.run(run()) == 1


def test_an_outage_is_told_and_the_next_question_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> int:
        archive = Archive()
        with monkeypatch.context() as patch:
            patch.setenv(VARIABLE, "postgresql://pen@127.0.0.1:1/clinic")
            with pytest.raises(DatabaseAway):
                await archive.ask(lambda store: 1)
        answer = await archive.ask(lambda store: 2)
        await asyncio.to_thread(archive.close)
        return answer

    assert asyncio.run(run()) == 2
