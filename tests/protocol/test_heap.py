"""Ring 1: what the wire costs the pen's heap, with the heap locked."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def measured(each_micropython: Path) -> dict[str, Any]:
    done = subprocess.run(
        [each_micropython, "-X", "heapsize=192k", "tests/protocol/heap.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_lock_would_show_an_allocation(measured: dict[str, Any]) -> None:
    assert measured["lock shows allocation"]


def test_telemetry_is_encoded_without_the_heap(measured: dict[str, Any]) -> None:
    assert measured["encode"]


def test_a_request_without_fields_is_answered_without_the_heap(measured: dict[str, Any]) -> None:
    assert measured["requests"]


def test_why_the_crc_is_machine_code(measured: dict[str, Any]) -> None:
    """On a 32-bit interpreter the native CRC's result is an object; on 64 bits it is not."""
    assert measured["native crc"] == (measured["word"] == 64)


def test_a_received_frame_costs_no_heap(measured: dict[str, Any]) -> None:
    assert measured["keepalive"] == 0
    assert measured["longest frame"] == 0
