"""The service's way out of the firmware: only for a hand on the button from power-up on."""

from collections.abc import Iterator

import pytest

from hardware.simulator.bench import Bench
from host_controller.client import Client
from host_controller.errors import NoAnswer, NotAPen
from host_controller.refusals import PenRefused
from protocol import codes, messages
from tests.system.harness import TWIN, BenchTransport


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Bench(TWIN) as bench:
        yield bench


def greet(bench: Bench) -> Client:
    client = Client(BenchTransport(bench), lambda: bench.now_ms)
    client.say_hello()
    return client


def ask(client: Client) -> int:
    """The refusal, or 0."""
    try:
        client.request(messages.UPDATE, 6, 0, b"service")
    except PenRefused as refusal:
        return refusal.code
    return 0


def start(bench: Bench, held_ms: int) -> Client:
    """Switch the pen on with its button down, for so long."""
    bench.person.press()
    bench.restart()
    bench.advance(held_ms)
    return greet(bench)


def test_a_pen_that_runs_refuses(bench: Bench) -> None:
    bench.advance(1000)
    client = greet(bench)
    bench.person.press()
    bench.advance(7000)
    assert ask(client) == codes.RESULT_WRONG_STATE


@pytest.mark.parametrize(
    ("held_ms", "answer"), [(4500, codes.RESULT_NOT_CONFIRMED), (5500, 0), (9500, 0), (12000, 0)]
)
def test_five_seconds_from_power_up_are_enough_and_a_fault_for_the_thumb_is_no_hindrance(
    bench: Bench, held_ms: int, answer: int
) -> None:
    assert ask(start(bench, held_ms)) == answer


def test_a_button_that_was_up_once_is_not_enough(bench: Bench) -> None:
    client = start(bench, 3000)
    bench.person.release()
    bench.advance(60)
    bench.person.press()
    bench.advance(6000)
    assert ask(client) in (codes.RESULT_NOT_CONFIRMED, codes.RESULT_WRONG_STATE)


def test_then_the_firmware_is_gone_with_the_line_low_until_a_reset(bench: Bench) -> None:
    client = start(bench, 6000)
    assert ask(client) == 0
    bench.advance(1000)
    with pytest.raises((NoAnswer, NotAPen)):  # nobody, or MicroPython's prompt
        client.say_hello()
    assert not bench.plant.enable_level
    assert bench.firmware_error is None
    bench.person.release()
    bench.power_cut()
    bench.advance(1000)
    assert greet(bench).identity is not None
