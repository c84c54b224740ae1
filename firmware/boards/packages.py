"""Gets what the image is built from and with: Debian's sources, Debian's compiler.

Owns `.cache/firmware/sources/`. Sources come by an apt of their own, which knows only that folder
and the mirrors this machine already uses; the compiler is installed for the whole machine, so only
when it is missing and we may.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from hardware.simulator import apt_sources

RELEASE = "trixie"  # the Debian release with MicroPython 1.25
SOURCES = ("micropython", "mbedtls")  # source packages
BINARIES = ("pico-sdk-source", "tinyusb-source")  # packages that hold sources
COMPILER = {
    "arm-none-eabi-gcc": "gcc-arm-none-eabi",
    "libc.a": "libnewlib-arm-none-eabi",
    "libstdc++.a": "libstdc++-arm-none-eabi-newlib",
    "cmake": "cmake",
    "ninja": "ninja-build",
    "gcc": "gcc libc6-dev",
    "make": "make",
}
_KEYRINGS = ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")


class BuildError(Exception):
    """Why there is no image: a number (the exit code), a reason and a next step."""

    def __init__(self, number: int, reason: str, next_step: str) -> None:
        super().__init__(reason)
        self.number = number
        self.reason = reason
        self.next_step = next_step


def missing_compiler() -> list[str]:
    """Return the Debian packages of the compiler that are not installed."""
    wanted = []
    for part, package in COMPILER.items():
        if not (_library(part) if part.endswith(".a") else shutil.which(part)):
            wanted += package.split()
    return wanted


def ensure_compiler() -> None:
    """Install what is missing, as root or through sudo; raises BuildError when that cannot be."""
    missing = missing_compiler()
    if not missing:
        return
    by_hand = f"install by hand, then try again: {' '.join(missing)}"
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (root and not shutil.which("sudo")):
        raise BuildError(20, "the compiler for the board is not installed", by_hand)
    print(f"firmware: installing {', '.join(missing)} …", flush=True)
    quiet = ["-qq", "-o", "Dpkg::Use-Pty=0"]
    install = ["apt-get", *quiet, "install", "--no-install-recommends", "-y", *missing]
    try:
        run([*root, "apt-get", *quiet, "update"])
        run([*root, "env", "DEBIAN_FRONTEND=noninteractive", *install])
    except subprocess.CalledProcessError as error:
        raise BuildError(21, f"apt could not install it ({complaint(error)})", by_hand) from error


def ensure_sources(folder: Path) -> dict[str, str]:
    """Fetch and unpack the sources into `folder`/NAME; return the package versions."""
    listing = folder / "versions.json"
    if not listing.is_file():
        for tool in ("apt-get", "apt-config", "dpkg-deb"):
            if shutil.which(tool) is None:
                raise BuildError(22, f"this system has no {tool}", "use MICROPYTHON_DIR=CHECKOUT")
        _fetch_from_any_mirror(folder)
    versions: dict[str, str] = json.loads(listing.read_text(encoding="utf-8"))
    return versions


def run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a program; return what it printed. Raises CalledProcessError."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def complaint(error: subprocess.CalledProcessError) -> str:
    """Return the line of a failed program's output that says most."""
    lines = f"{error.stderr}\n{error.stdout}".splitlines()
    telling = [one for one in lines if one.startswith("E:") or "rror" in one]
    return (telling or [one for one in lines if one.strip()] or ["no reason given"])[0].strip()


def _library(name: str) -> bool:
    if shutil.which("arm-none-eabi-gcc") is None:
        return False
    command = ["arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", f"-print-file-name={name}"]
    return Path(run(command).strip()).is_absolute()


def _fetch_from_any_mirror(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    problem = "the apt sources of this machine name no Debian mirror"
    print("firmware: getting the sources …", flush=True)
    for mirror in apt_sources.debian_mirrors():
        with tempfile.TemporaryDirectory(prefix="get-", dir=folder.parent) as work:
            try:
                _fetch(Path(work), mirror)
                _unpack(Path(work) / "packages", Path(work) / "tree")
            except subprocess.CalledProcessError as error:
                problem = complaint(error)
                continue
            shutil.rmtree(folder, ignore_errors=True)
            (Path(work) / "tree").rename(folder)
            return
    next_step = "check the network and `apt-get update`, or use MICROPYTHON_DIR=CHECKOUT"
    raise BuildError(23, f"apt could not fetch the sources ({problem})", next_step)


def _fetch(work: Path, mirror: apt_sources.Mirror) -> None:
    """Download into work/packages with an apt that knows only this folder; it checks signatures."""
    for part in ("etc", "lists/partial", "cache/archives/partial", "packages"):
        (work / part).mkdir(parents=True)
    (work / "status").touch()
    keyrings = [path for name in _KEYRINGS if (path := Path("/usr/share/keyrings", name)).is_file()]
    signed = keyrings[0] if keyrings else mirror.signed_by
    line = f"{f'[signed-by={signed}] ' if signed else ''}{mirror.address} {RELEASE} main\n"
    (work / "sources.list").write_text(f"deb {line}deb-src {line}", encoding="utf-8")
    network = [
        one
        for one in run(["apt-config", "dump"]).splitlines()
        if one.startswith("Acquire::") and not one.startswith("Acquire::IndexTargets")
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
        "APT::Sandbox::User": "root",  # another user could not write here
        "Acquire::Languages": "none",
        "Acquire::Retries": 3,
        "APT::Update::Error-Mode": "any",  # else it exits with 0 when no mirror answers
    }
    settings = [*network, *(f'{key} "{value}";' for key, value in ours.items())]
    (work / "apt.conf").write_text("\n".join(settings) + "\n", encoding="utf-8")
    env = {**os.environ, "APT_CONFIG": str(work / "apt.conf"), "LC_ALL": "C"}
    for command in (["update"], ["source", "--download-only", *SOURCES], ["download", *BINARIES]):
        run(["apt-get", "-qq", *command], cwd=work / "packages", env=env)


def _unpack(packages: Path, tree: Path) -> None:
    """Put each package's sources under tree/NAME and the versions into tree/versions.json."""
    versions = {}
    for name in SOURCES:
        text = next(packages.glob(f"{name}_*.dsc")).read_text(encoding="utf-8")
        versions[name] = next(
            line.split()[1] for line in text.splitlines() if line.startswith("Version:")
        )
        archive = next(packages.glob(f"{name}_*.orig.tar.*[!c]"))  # not its signature, .asc
        (tree / name).mkdir(parents=True)
        run(["tar", "-xf", str(archive), "-C", str(tree / name), "--strip-components=1"])
    for name in BINARIES:
        package = str(next(packages.glob(f"{name}_*.deb")))
        versions[name] = run(["dpkg-deb", "-f", package, "Version"]).strip()
        run(["dpkg-deb", "-x", package, str(tree / f"{name}.all")])
        short = name.removesuffix("-source")
        (tree / f"{name}.all" / "usr" / "src" / short).rename(tree / short)
        shutil.rmtree(tree / f"{name}.all")
    (tree / "versions.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
