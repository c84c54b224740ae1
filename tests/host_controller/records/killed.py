"""Kills a treating program at a system call, or fills its disk, and looks at what is left.

`strace` ends the program with SIGKILL as it enters its n-th call of a kind, in whichever thread;
n counts up until a run ends by itself, so every write of that run was a kill point once.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from host_controller.cli.records_desk import opened
from host_controller.records import queries
from host_controller.records.verify import verify
from tests.host_controller.records.treating import LAYOUT

CALLS = ("write", "fsync", "pwrite64", "fdatasync", "ftruncate", "rename", "unlink", "sendto")
REPOSITORY = Path(__file__).resolve().parents[3]
TIMEOUT_S = 60
_ONE_AT_A_TIME = threading.Lock()  # the environment belongs to the whole program


class Found(NamedTuple):
    """What is left after a run. `lost_s`: needle time that the record does not know."""

    killed: bool
    ended: int  # as the program told it: 0 no, 1 well, 2 refused
    lost_s: float
    outcome: str  # of the record, "" when there is none
    breaks: list[str]
    err: str


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """Of the program: folders of its own and its database."""
    names = {
        f"PEN_{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CONFIG", "RUNTIME")
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PEN_")}
    return {**kept, **names, **({"PEN_DATABASE_URL": database_url} if database_url else {})}


def treat(
    folder: Path,
    database_url: str = "",
    kill: tuple[str, int] | None = None,
    kill_ms: int = -1,
    full_bytes: int = 0,
    full_s: float = 0.0,
    speed: float = 1.0,
) -> Found:
    """Run one treatment, killed at (call, number), and look at its record at the next start.

    Or killed `kill_ms` after the needles came out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    board = folder / "board"
    board.write_bytes(LAYOUT.pack(0, -1, 0))
    command = [sys.executable, "-m", "tests.host_controller.records.treating", str(board),
               str(speed), str(full_bytes), str(full_s)]  # fmt: skip
    if kill:
        call, number = kill
        inject = f"inject={call}:signal=KILL:when={number}"
        command = ["strace", "-f", "-qqq", "-o", "/dev/null", "-e",
                   f"trace={call}", "-e", inject, *command]  # fmt: skip
    variables = environment(folder, database_url)
    program = subprocess.Popen(command, cwd=REPOSITORY, env=variables, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
    if kill_ms >= 0:
        _kill_later(program, board, kill_ms)
    err = program.communicate(timeout=TIMEOUT_S)[1]
    killed = program.returncode == -signal.SIGKILL
    t_ms, since_ms, ended = LAYOUT.unpack(board.read_bytes())
    found = _look(variables, t_ms, since_ms)
    return Found(killed, ended, found[0], found[1], found[2], err)


def _kill_later(program: "subprocess.Popen[str]", board: Path, kill_ms: int) -> None:
    """End the program a while after its needles came out."""
    while program.poll() is None and LAYOUT.unpack(board.read_bytes())[1] < 0:
        time.sleep(0.005)
    time.sleep(kill_ms / 1000)
    program.kill()


@contextlib.contextmanager
def _with(variables: dict[str, str]) -> Iterator[None]:
    """Work in the folders and on the database of a run."""
    with _ONE_AT_A_TIME:
        before = {name: os.environ.get(name) for name in ("PEN_DATA_DIR", "PEN_DATABASE_URL")}
        try:
            for name in before:
                os.environ.pop(name, None)
                if name in variables:
                    os.environ[name] = variables[name]
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def _look(variables: dict[str, str], t_ms: int, since_ms: int) -> tuple[float, str, list[str]]:
    with _with(variables), opened() as store:
        rows = queries.ask(store, queries.newest(1))
        breaks = [f"{found.place}: {found.reason}" for found in verify(store).breaks]
        if not rows:
            lost_ms = t_ms - since_ms if since_ms >= 0 else 0
            return lost_ms / 1000, "", breaks
        record = store.session(rows[0].record_id)
    known_ms = max((sample.t_ms for sample in record.samples), default=0)
    lost_ms = max(0, t_ms - max(known_ms, since_ms)) if since_ms >= 0 else 0
    return lost_ms / 1000, record.outcome, breaks


def prepared(folder: Path) -> None:
    """A data folder whose SQLite database has its tables, for `treat`."""
    folder.mkdir(parents=True)
    with _with(environment(folder, "")), opened():
        pass


def count_calls(folder: Path, database_url: str = "") -> dict[str, int]:
    """How often the busiest thread of an undisturbed run makes each call."""
    folder.mkdir(parents=True, exist_ok=True)
    board, log = folder / "board", folder / "strace"
    board.write_bytes(LAYOUT.pack(0, -1, 0))
    command = ["strace", "-f", "-qqq", "-o", str(log), "-e",
               f"trace={','.join(CALLS)}", sys.executable, "-m",
               "tests.host_controller.records.treating", str(board), "1"]  # fmt: skip
    subprocess.run(command, cwd=REPOSITORY, env=environment(folder, database_url),
                   capture_output=True, timeout=TIMEOUT_S, check=True)  # fmt: skip
    counts: dict[tuple[str, str], int] = {}
    for line in log.read_text().splitlines():
        match = re.match(r"(\d+) +(\w+)\(", line)
        if match:
            key = (match[2], match[1])
            counts[key] = counts.get(key, 0) + 1
    most: dict[str, int] = {}
    for (call, _), count in counts.items():
        most[call] = max(most.get(call, 0), count)
    return {call: most[call] for call in CALLS if call in most}
