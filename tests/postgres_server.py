"""A PostgreSQL server of its own in a temporary folder, reached by a socket in that folder.

Uses the programs of the system's packages. The server refuses to run as root, so there it is
started as the user `postgres` that the package makes. Owns the folder and the process.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

USER = "pen"
MISSING = "PostgreSQL's server is not installed: apt-get install postgresql"
START_S = 30


def programs() -> Path | None:
    """Folder with initdb and postgres, the newest version's."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Server:
    """A running server; `url(name)` is where a database of it is."""

    def __init__(self, folder: Path, binaries: Path, durable: bool) -> None:
        self.folder = folder
        self._binaries = binaries
        self._as = [] if os.geteuid() else _as_postgres(folder)
        self._run("initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "-N",
                  "--locale=C.UTF-8")  # fmt: skip
        self._options = ["-c", "listen_addresses=", "-k", str(folder), "-c", "max_connections=60"]
        if not durable:
            self._options += ["-c", "fsync=off", "-c", "synchronous_commit=off"]
        self._process: subprocess.Popen[bytes] | None = None
        self._names = 0
        self.start()

    def _run(self, program: str, *words: object) -> None:
        command = [*self._as, str(self._binaries / program), *map(str, words)]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()

    def start(self) -> None:
        """Start and wait until it answers."""
        log = (self.folder / "log").open("ab")
        command = [str(self._binaries / "postgres"), "-D", str(self.folder / "data")]
        self._process = subprocess.Popen(
            [*self._as, *command, *self._options], stdout=log, stderr=log, cwd=self.folder
        )
        log.close()
        until = time.monotonic() + START_S
        ready = [str(self._binaries / "pg_isready"), "-q", "-h", str(self.folder), "-U", USER]
        while subprocess.run(ready, check=False).returncode:
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop at once, as a power cut would: what was confirmed is there after `start`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(START_S)
            self._process = None

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement; returns what it prints."""
        psql = [str(self._binaries / "psql"), "-qAtX", "-h", str(self.folder), "-U", USER]
        done = subprocess.run(
            [*psql, "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def url(self, database: str) -> str:
        """The value of PEN_DATABASE_URL for a database."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def fresh(self, template: str = "template1") -> str:
        """URL of a new database."""
        self._names += 1
        name = f"pen_{os.getpid()}_{self._names}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)


def _as_postgres(folder: Path) -> list[str]:
    import pwd

    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


@contextlib.contextmanager
def running(durable: bool = False) -> Iterator[Server]:
    """A server for a `with`; `durable` as a clinic's would be, else quick."""
    binaries = programs()
    if binaries is None:
        raise FileNotFoundError(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="pen-pg-"))
    server: Server | None = None
    try:
        server = Server(folder, binaries, durable)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
