"""The MicroPython twin: the same bytes as the CPython twin, and every way to die is told."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.simulator import twin_micropython
from hardware.simulator.bench import Bench
from hardware.simulator.twin import Twin, TwinError
from hardware.simulator.twin_cpython import CpythonTwin
from hardware.simulator.twin_micropython import MicropythonTwin
from tests.hardware.simulator import echo_program

PROGRAM = Path(echo_program.__file__)


def bench_on(interpreter: Path, trace: list[tuple[str, bytes]] | None = None) -> Bench:
    return Bench(MicropythonTwin(interpreter, script=(str(PROGRAM),)), trace=trace)


@pytest.fixture
def bench(micropython: Path) -> Iterator[Bench]:
    with bench_on(micropython) as bench:
        yield bench


def exercise(bench: Bench) -> None:
    with bench:
        bench.person.touch()
        for size in (1, 30, 64, 200):
            bench.host_write(bytes(size))
            bench.advance(100)
        bench.restart()
        bench.hold_main = True
        bench.host_write(b"abc")
        bench.advance(20)
        bench.hold_main = False
        bench.hold_tick = True
        bench.advance(20)
        bench.power_cut(30)
        bench.advance(20)


def test_both_interpreters_exchange_the_same_bytes(each_micropython: Path) -> None:
    traces: list[list[tuple[str, bytes]]] = []
    twins: list[Twin] = [
        CpythonTwin(echo_program.Program),
        MicropythonTwin(each_micropython, script=(str(PROGRAM),)),
    ]
    for twin in twins:
        trace: list[tuple[str, bytes]] = []
        exercise(Bench(twin, trace=trace))
        traces.append(trace)
    differing = (index for index, (a, b) in enumerate(zip(*traces, strict=True)) if a != b)
    first = next(differing, None)
    assert first is None, (first, traces[0][first], traces[1][first])
    assert len(traces[0]) > 900


def test_bytes_pass(bench: Bench) -> None:
    bench.host_write(b"hello")
    bench.advance(1)
    assert bench.host_read() == b"hello"
    assert bench.twin.interpreter.startswith("micropython 1.")


def test_a_crash_is_told_with_the_traceback(bench: Bench) -> None:
    bench.host_write(b"!")
    bench.advance(1)
    assert "RuntimeError: told to crash" in (bench.firmware_error or "")
    assert "echo_program.py" in (bench.firmware_error or "")
    bench.advance(50)
    assert not bench.plant.enable_level
    bench.restart()
    assert bench.firmware_error is None
    bench.host_write(b"x")
    bench.advance(1)
    assert bench.host_read() == b"x"


def test_a_requested_reset_is_no_death(bench: Bench) -> None:
    bench.host_write(b"R")
    bench.advance(10)
    assert bench.firmware_error is None
    assert bench.boots == 2


def test_printing_on_the_pin_link_is_a_death_that_shows_the_text(bench: Bench) -> None:
    bench.host_write(b"P")
    bench.advance(1)
    assert "out of turn" in (bench.firmware_error or "")


def test_words_on_standard_error_do_not_stop_the_pen(bench: Bench) -> None:
    for _ in range(20):  # 200 KB: more than any pipe holds
        bench.host_write(b"E")
        bench.advance(1)
    assert bench.host_read() == b"E" * 20
    assert bench.firmware_error is None


def test_a_firmware_that_hangs_for_good_is_ended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MicropythonTwin, "answer_limit_s", 0.2)
    bench.host_write(b"H")
    bench.advance(1)
    assert "hangs" in (bench.firmware_error or "")


def test_power_failing_inside_a_flash_operation_ends_the_process(bench: Bench) -> None:
    bench.plant.flash.cut_after(1, 0.5)  # the boot erases, then programs
    bench.restart()
    assert bench.faults.supply_cut
    assert bench.firmware_error is None
    bench.advance(20)
    assert bench.host_read() == b""
    bench.power_on()
    bench.host_write(b"back")
    bench.advance(1)
    assert bench.host_read() == b"back"


def test_killing_the_interpreter_is_told(bench: Bench) -> None:
    process = bench.twin._process  # type: ignore[attr-defined]
    process.kill()
    process.wait()
    bench.advance(1)
    assert "has ended" in (bench.firmware_error or "")


def test_too_small_a_heap_is_told(micropython: Path) -> None:
    with Bench(MicropythonTwin(micropython, heap="8k", script=(str(PROGRAM),))) as bench:
        assert "MemoryError" in (bench.firmware_error or "")


def test_closing_ends_the_process_and_frees_the_core(micropython: Path) -> None:
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    with bench_on(micropython) as first, bench_on(micropython) as second:
        processes = [bench.twin._process for bench in (first, second)]  # type: ignore[attr-defined]
    assert all(process.poll() is not None for process in processes)
    if hasattr(os, "sched_getaffinity"):
        assert os.sched_getaffinity(0) == before


def test_a_bench_that_is_forgotten_leaves_no_process(micropython: Path) -> None:
    bench = bench_on(micropython)
    process = bench.twin._process  # type: ignore[attr-defined]
    finalizer = bench.twin._finalizer  # type: ignore[attr-defined]
    finalizer()  # what the interpreter does at exit
    assert process.poll() is not None
    bench.close()


def test_no_interpreter_is_an_error_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin_micropython, "find_micropython", lambda: None)
    with pytest.raises(TwinError, match="install_micropython"):
        MicropythonTwin()
