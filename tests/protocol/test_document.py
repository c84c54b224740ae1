"""docs/protocol.md is enough for a stranger: its tables are the table's, its client works."""

import io
import json
import re
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from docs import generate_protocol
from protocol import codes, messages, schema, version
from tests.protocol.make_vectors import FOLDER

ROOT = Path(__file__).resolve().parents[2]
PAGE = generate_protocol.PAGE.read_text(encoding="utf-8")


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


@pytest.fixture(scope="module")
def source() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


@pytest.fixture(scope="module")
def client(source: str) -> SimpleNamespace:
    names: dict[str, Any] = {"__name__": "client"}
    exec(compile(source, "docs/protocol.md", "exec"), names)
    return SimpleNamespace(**names)


def test_the_page_is_what_the_table_says() -> None:
    assert generate_protocol.made(PAGE) == PAGE, "next step: make docs"


def test_every_marker_is_filled_once() -> None:
    assert sorted(re.findall(r"<!-- made: (\w+) -->", PAGE)) == sorted(generate_protocol.PARTS)
    assert PAGE.count("<!-- end -->") == len(generate_protocol.PARTS)


@pytest.mark.parametrize("message", schema.MESSAGES, ids=lambda message: message.name)
def test_every_message_and_field_is_on_the_page(message) -> None:
    section = PAGE.split(f"\n### {message.name}\n")[1].split("\n### ")[0]
    assert f"`0x{message.number:02X}`" in section
    for role in ("request", "response", "event"):
        layout = getattr(message, role)
        if layout is not None and (layout is not schema.TELEMETRY_LAYOUT or role == "event"):
            for name, *_rest in layout.fields:
                assert f"| `{name}` |" in section


def test_the_vectors_it_names_are_there() -> None:
    assert set(re.findall(r"`(\w+\.json)`", PAGE)) == {path.name for path in FOLDER.iterdir()}


# --- the stand-alone client -----------------------------------------------------------------------


def test_it_knows_the_schema_and_the_telemetry_of_this_page(client: SimpleNamespace) -> None:
    assert version.SCHEMA_ID.encode() == client.SCHEMA
    assert schema.TELEMETRY_LAYOUT.format == client.TELEMETRY
    assert struct.calcsize(client.TELEMETRY) == 50


def test_it_makes_the_golden_frames(client: SimpleNamespace) -> None:
    requests = [entry for entry in load("frames.json") if entry["flags"] == 1]
    assert len(requests) > 20
    for entry in requests:
        wire = client.frame(entry["number"], entry["sequence"], bytes.fromhex(entry["payload"]))
        assert wire.hex() == entry["frame"], entry["name"]


def test_it_reads_the_golden_frames(client: SimpleNamespace) -> None:
    entries = load("frames.json")
    stream = io.BytesIO(b"\0" + b"".join(bytes.fromhex(entry["frame"]) for entry in entries))
    expected = [
        (entry["number"], entry["sequence"], entry["flags"], bytes.fromhex(entry["payload"]))
        for entry in entries
    ]
    assert list(client.frames(stream)) == expected


def test_it_refuses_what_must_be_refused(client: SimpleNamespace) -> None:
    short = [entry for entry in load("refused.json") if len(entry["bytes"]) <= 2 * 248]
    stream = io.BytesIO(b"".join(bytes.fromhex(entry["bytes"]) for entry in short))
    kept = [found for found in client.frames(stream) if len(found[3]) <= 240]
    assert kept == []


def test_it_asks_and_takes_its_answer(client: SimpleNamespace) -> None:
    said = io.BytesIO()
    answers = b"".join(
        bytes.fromhex(entry["frame"])
        for entry in load("frames.json")
        if entry["name"] in ("TELEMETRY event", "HELLO response")
    )
    heard = io.BytesIO(answers)
    stream = SimpleNamespace(write=said.write, read=heard.read)
    answer = client.ask(stream, messages.HELLO, 1, b"0123abcd\xef\xbe\xad\xde")
    assert json.loads(answer)["serial"] == "e6614c311b7a5c2f"
    golden = next(entry for entry in load("frames.json") if entry["name"] == "HELLO request")
    assert said.getvalue().hex() == "00" + golden["frame"]


def test_it_says_when_it_was_refused(client: SimpleNamespace) -> None:
    refusal = next(entry for entry in load("frames.json") if entry["name"] == "refusal")
    stream = SimpleNamespace(write=len, read=io.BytesIO(bytes.fromhex(refusal["frame"])).read)
    with pytest.raises(SystemExit, match=f"refused: {refusal['payload']}"):
        client.ask(stream, refusal["number"], refusal["sequence"])


def test_every_result_is_on_the_page_with_its_figures() -> None:
    table = generate_protocol.results()
    for name, number in vars(codes).items():
        if name.startswith("RESULT_"):
            assert f"| {number} | {name.removeprefix('RESULT_')} |" in table
    assert "| 4 | WRONG_STATE | value = state |" in table


@pytest.mark.parametrize("arguments", [[], ["127.0.0.1"], ["localhost:x"]])
def test_the_file_says_how_it_is_called(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(generate_protocol.CLIENT), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("usage: ")
    assert "Traceback" not in done.stderr


def test_where_nobody_listens_it_says_so_and_what_to_do() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, but it does not listen
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        done = subprocess.run(
            [sys.executable, str(generate_protocol.CLIENT), address],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"no pen listens on {address}")
    assert "pen simulate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pen_that_goes_in_mid_sentence_is_told(client: SimpleNamespace) -> None:
    stream = SimpleNamespace(write=len, read=io.BytesIO(b"\0").read)
    with pytest.raises(SystemExit, match="the pen has gone"):
        client.ask(stream, messages.STOP, 1)


def test_the_file_runs_as_it_is() -> None:
    source = generate_protocol.CLIENT.read_text(encoding="utf-8")
    assert f'SCHEMA = b"{version.SCHEMA_ID}"' in source
    assert f"{len(source.splitlines())} lines with" in PAGE


@pytest.mark.system
def test_it_talks_to_a_simulated_pen(source: str, tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(source)
    serve = [sys.executable, "-m", "hardware.simulator", "serve", "--twin", "cpython", "--json"]
    with subprocess.Popen(
        [*serve, "--listen", "127.0.0.1:0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as pen:
        try:
            assert pen.stdout is not None
            address = json.loads(pen.stdout.readline())["url"].removeprefix("socket://")
            done = subprocess.run(
                [sys.executable, "client.py", address],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            pen.kill()
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert "microneedling-pen" in lines[0]
    counters = [int(line.strip("()").split(",")[0]) for line in lines[1:]]
    assert counters == list(range(counters[0], counters[0] + 10))
