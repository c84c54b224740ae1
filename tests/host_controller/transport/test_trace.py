"""Traces: every frame is written as it was on the wire, and a trace can stand in for the pen."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller import errors
from host_controller.pen import Pen
from host_controller.transport import open_transport
from host_controller.transport.trace import FrameSplitter, TracedTransport, TraceFile
from tests.host_controller.fake_pen import FakePen, FakeTransport


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_frames_are_cut_at_their_delimiters_and_no_byte_is_lost(chunks: list[bytes]) -> None:
    seen: list[bytes] = []
    splitter = FrameSplitter(">", lambda _, frame: seen.append(frame))
    for chunk in chunks:
        splitter.take(chunk)
    splitter.close()
    assert b"".join(seen) == b"".join(chunks)
    assert all(frame.rstrip(b"\0").count(0) == len(frame) - len(frame.lstrip(b"\0"))
               for frame in seen if frame.strip(b"\0"))  # fmt: skip


def traced(path: Path) -> dict[str, object]:
    inner = FakeTransport(FakePen())
    sink = TraceFile(str(path), inner.url)
    with Pen.over(TracedTransport(inner, sink), inner.clock_ms) as pen:
        return {"status": pen.status(), "limits": pen.limits(5), "plan": pen.plan_info()}


def test_a_trace_has_a_header_and_one_frame_a_line(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    traced(path)
    header, *rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert header["schema"] == "pen.trace/1"
    assert [row["dir"] for row in rows] == [">", "<"] * 4
    assert all(bytes.fromhex(row["frame"]).endswith(b"\0") for row in rows)
    assert [row["t_us"] for row in rows] == sorted(row["t_us"] for row in rows)


def test_a_trace_stands_in_for_the_pen(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    facts = traced(path)
    with Pen.over(open_transport(f"replay://{path}")) as pen:
        assert pen.identity.serial == "FAKE0001"
        assert pen.status() == facts["status"]
        assert pen.limits(5) == facts["limits"]
        assert pen.plan_info() is None
        with pytest.raises(errors.PenUnplugged, match="at its end"):
            pen.status()


def test_a_request_that_is_not_in_the_trace_is_not_answered(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    traced(path)
    with Pen.over(open_transport(f"replay://{path}")) as pen, pytest.raises(errors.NoAnswer):
        pen.limits(6)


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"schema": "pen.trace/1"}\n{"dir": 1}'])
def test_files_that_are_no_trace(tmp_path: Path, content: str) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text(content)
    with pytest.raises(errors.UsageError, match="is not a trace"):
        open_transport(f"replay://{path}")


def test_a_trace_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(errors.NoSuchPort):
        open_transport(f"replay://{tmp_path}/none")


def test_a_trace_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(errors.UsageError, match="cannot be written"):
        TraceFile(str(tmp_path / "no" / "folder"), "x")
