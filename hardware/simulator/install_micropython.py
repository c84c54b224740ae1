"""Gets a MicroPython interpreter (1.25 or newer) for the simulated pen: `python -m` this module.

Does nothing where one is found. Else it unpacks the Debian package with the C library it was
built for into the cache, without touching the system: no root, no package database, nothing
outside the folder. On PCs it does the same for the 32-bit build, whose small integers have the
board's 31 bits. Standard library only: it runs before the environment exists.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hardware.simulator import apt_sources
from hardware.simulator.micropython_path import (
    cache_folder,
    find_micropython,
    find_micropython32,
    interpreter_version,
)

RELEASE = "trixie"  # the first Debian release with 1.25
PACKAGES = ("micropython", "libc6", "libffi8", "libmbedcrypto16", "libmbedtls21", "libmbedx509-7")
KEYRINGS = ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")
BY_HAND = (
    "install MicroPython 1.25 or newer so that `micropython` is on PATH "
    "(for instance `brew install micropython`), then try again"
)

# The wider build's architecture and that of the 32-bit one the same kernel can run.
NARROW = {"amd64": "i386"}

_LAUNCHER = """#!/bin/sh
# Starts the interpreter with the C library it was built for.
lib="${{0%/*}}/../{library}"
exec "$lib/{loader}" --library-path "$lib" "${{0%/*}}/../{program}" "$@"
"""


class InstallError(Exception):
    """Why there is no interpreter: a number (the exit code), a reason and a next step."""

    def __init__(self, number: int, reason: str, next_step: str) -> None:
        super().__init__(reason)
        self.number = number
        self.reason = reason
        self.next_step = next_step


def main() -> int:
    """Install what is missing; the exit code is 0 or the number of the error."""
    try:
        program = install(cache_folder())
    except InstallError as error:
        print(f"error {error.number}: no MicroPython: {error.reason}", file=sys.stderr)
        print(f"next step: {error.next_step}", file=sys.stderr)
        return error.number
    version = interpreter_version(program) or ()
    narrow = "with" if find_micropython32() else "no"
    print(f"micropython {'.'.join(map(str, version))} ({narrow} 32-bit build): {program}")
    return 0


def install(folder: Path) -> Path:
    """Return the interpreter, after getting it (and the 32-bit build) if it is not there.

    `folder` receives one folder per architecture and the launchers in bin/.
    Raises InstallError; a missing 32-bit build is not an error, it is noted and not tried again.
    """
    found = find_micropython()
    native = _architecture() if shutil.which("dpkg") else ""
    narrow = NARROW.get(native)
    skip_narrow = (
        narrow is None or find_micropython32() is not None or (folder / f"no-{narrow}").exists()
    )
    if found is not None and skip_narrow:
        return found
    if found is None:
        _get(folder, native, "micropython")
        found = find_micropython()
        if found is None:
            reason = "the downloaded interpreter does not run on this machine"
            raise InstallError(14, reason, BY_HAND)
    if narrow is not None and not skip_narrow:
        try:
            _get(folder, narrow, "micropython32")
            reason = "" if find_micropython32() else "this kernel does not run 32-bit programs"
        except InstallError as error:
            reason = error.reason
        if reason:
            (folder / f"no-{narrow}").write_text(reason + "\n", encoding="utf-8")
            print(f"note: no 32-bit build: {reason}", file=sys.stderr)
    return found


def _architecture() -> str:
    return subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()


def _get(folder: Path, architecture: str, launcher: str) -> None:
    """Download and unpack one architecture's packages and write its launcher."""
    for tool in ("apt-get", "apt-config", "dpkg"):
        if shutil.which(tool) is None:
            raise InstallError(10, f"this system ({sys.platform}) has no {tool}", BY_HAND)
    mirrors = apt_sources.debian_mirrors()
    if not mirrors:
        raise InstallError(11, "the apt sources of this machine name no Debian mirror", BY_HAND)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"micropython: getting the {architecture} build …", file=sys.stderr, flush=True)
    problems = []
    for mirror in mirrors:
        with tempfile.TemporaryDirectory(prefix="get-", dir=folder) as work:
            try:
                _download(Path(work), mirror, architecture)
                _unpack(Path(work), folder / architecture)
            except subprocess.CalledProcessError as error:
                problems.append(_first_complaint(error.stderr))
                continue
            except subprocess.TimeoutExpired:
                problems.append("no answer within 15 minutes")
                continue
        _write_launcher(folder, architecture, launcher)
        return
    reason = f"apt could not fetch it ({problems[0]})"
    raise InstallError(12, reason, f"check the network and `apt-get update`, or {BY_HAND}")


def _download(work: Path, mirror: apt_sources.Mirror, architecture: str) -> None:
    """Fetch the packages into work/debs with an apt that knows only this folder."""
    for part in ("etc", "lists/partial", "cache/archives/partial", "debs"):
        (work / part).mkdir(parents=True)
    (work / "status").touch()
    options = f"arch={architecture}"
    keyring = next((p for k in KEYRINGS if (p := Path("/usr/share/keyrings") / k).is_file()), None)
    if keyring or mirror.signed_by:
        options += f" signed-by={keyring or mirror.signed_by}"
    (work / "sources.list").write_text(
        f"deb [{options}] {mirror.address} {RELEASE} main\n", encoding="utf-8"
    )
    (work / "apt.conf").write_text(_configuration(work, architecture), encoding="utf-8")
    environment = {**os.environ, "APT_CONFIG": str(work / "apt.conf"), "LC_ALL": "C"}
    names = [f"{name}:{architecture}" for name in PACKAGES]
    for command in (["update"], ["download", *names]):
        _run(["apt-get", "-qq", *command], cwd=work / "debs", env=environment)


def _configuration(work: Path, architecture: str) -> str:
    """Return apt's whole configuration: its own folders and the machine's way to the network."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True)
    network = [
        line
        for line in dump.stdout.splitlines()
        if line.startswith("Acquire::") and not line.startswith("Acquire::IndexTargets")
    ]
    ours = {
        "Dir::Etc::main": "/dev/null",
        "Dir::Etc::parts": work / "etc",
        "Dir::Etc::sourcelist": work / "sources.list",
        "Dir::Etc::sourceparts": work / "etc",
        "Dir::State": work,
        "Dir::State::lists": work / "lists",
        "Dir::State::status": work / "status",
        "Dir::Cache": work / "cache",
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        # Started by root, apt would change to a user who cannot write here.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": 3,
        # `apt-get update` without this exits with 0 when the mirror cannot be reached.
        "APT::Update::Error-Mode": "any",
    }
    return "\n".join([*network, *(f'{key} "{value}";' for key, value in ours.items())]) + "\n"


def _unpack(work: Path, target: Path) -> None:
    """Put the files of every package under `target`, complete or not at all."""
    tree = work / "tree"
    for package in sorted((work / "debs").glob("*.deb")):
        _run(["dpkg", "-x", str(package), str(tree)])
    shutil.rmtree(tree / "usr" / "share", ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    tree.rename(target)


def _write_launcher(folder: Path, architecture: str, name: str) -> None:
    loaders = sorted((folder / architecture).glob("usr/lib/*-linux-*/ld-linux*.so.*"))
    if not loaders:
        raise InstallError(13, f"the {architecture} packages hold no program loader", BY_HAND)
    launcher = folder / "bin" / name
    launcher.parent.mkdir(exist_ok=True)
    launcher.write_text(
        _LAUNCHER.format(
            library=loaders[0].parent.relative_to(folder),
            loader=loaders[0].name,
            program=f"{architecture}/usr/bin/micropython",
        ),
        encoding="utf-8",
    )
    launcher.chmod(0o755)


def _run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )


def _first_complaint(text: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith(("E:", "W:", "dpkg"))]
    return lines[0] if lines else "no reason given"


if __name__ == "__main__":
    sys.exit(main())
