"""Checks of this computer: program, folders, records, serial ports. Owns no state."""

import importlib.util
import os
import platform
import shutil
import sys
from importlib import metadata
from pathlib import Path

from host_controller import errors, versions
from host_controller.data_folder import data_folder
from host_controller.diagnosis.check import FAILED, OK, SKIPPED, WARNING, Check
from protocol.version import SCHEMA_ID

FREE_MIN_MB = 100
VERIFIED_AT_ONCE = 100_000  # entries, a few seconds
RULE_FILE = Path("/etc/udev/rules.d/70-microneedling-pen.rules")  # before 73-seat-late.rules
UDEV_RULE = Path(__file__).with_name(RULE_FILE.name).read_text(encoding="utf-8")
_SERIAL_GROUPS = ("dialout", "uucp", "plugdev")
_LIBRARIES = ("click", "rich", "pyserial", "platformdirs", "sqlalchemy", "psycopg")


def program() -> Check:
    """Versions, for a report."""
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return Check(
        "program",
        OK,
        f"pen {versions.program_version()}, protocol {SCHEMA_ID}, Python "
        f"{platform.python_version()} on {platform.system()}; {libraries}",
    )


def simulator() -> Check:
    """Whether `pen simulate` can work."""
    if importlib.util.find_spec("hardware") and importlib.util.find_spec("hardware.simulator"):
        return Check("simulator", OK, "is installed")
    return Check(
        "simulator",
        WARNING,
        "is not installed, so `pen simulate`, `try` and `demo` cannot work",
        "Install the program from its source tree.",
    )


def records_folder() -> Check:
    """Whether records can be written."""
    folder = data_folder()
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe.write_bytes(b"x")
        probe.unlink()
        free_mb = shutil.disk_usage(folder).free // 1_000_000
    except OSError as error:
        return Check("records", FAILED, f"{folder}: {error}", "Set PEN_DATA_DIR to another folder.")
    if free_mb < FREE_MIN_MB:
        return Check("records", WARNING, f"{folder}: only {free_mb} MB are free", "Make room.")
    return Check("records", OK, f"{folder}, {free_mb} MB free")


def records_chain() -> Check:
    """Whether the database can be used and its chains are whole."""
    from host_controller.records.store import Store
    from host_controller.records.verify import verify

    try:
        store = Store.open()
        try:
            entries = sum(head.number for head in store.heads().values())
            if entries > VERIFIED_AT_ONCE:
                return Check("record chain", OK, f"{entries} entries; `pen records verify` proves")
            report = verify(store)
        finally:
            store.close()
    except errors.PenError as error:
        return Check("record chain", FAILED, error.sentence, error.next_step, error.exit_code)
    if not report.whole:
        first = report.breaks[0]
        return Check(
            "record chain",
            FAILED,
            f"{first.place}: {first.reason}",
            errors.RecordBroken.next_step,
            errors.EXIT_VERIFY,
        )
    waiting = f", {report.waiting} wait in the spool" if report.waiting else ""
    return Check("record chain", OK, f"{report.entries} entries, whole{waiting}")


def disk_encryption() -> Check:
    """Treatment data belongs on an encrypted disk; only Linux tells this without rights."""
    name = "disk encryption"
    if not sys.platform.startswith("linux"):
        return Check(name, SKIPPED, "cannot be seen from here", "Check BitLocker or FileVault.")
    folder = data_folder().absolute()
    mounts: list[tuple[str, str]] = []
    for line in Path("/proc/self/mounts").read_text().splitlines():
        device, place = line.split()[:2]
        if folder.is_relative_to(place):
            mounts.append((place, device))
    device = max(mounts, key=lambda mount: len(mount[0]))[1] if mounts else ""
    block = Path("/sys/class/block") / Path(device).resolve().name / "dm" / "uuid"
    if block.exists() and block.read_text().startswith("CRYPT"):
        return Check(name, OK, f"{device} is encrypted")
    return Check(
        name,
        WARNING,
        f"the disk with the records ({device or 'unknown'}) does not seem encrypted",
        "Treatment data is health data: encrypt the disk before recording real clients.",
    )


def serial_rights() -> Check:
    """Whether this user may open serial ports."""
    name = "serial rights"
    if not sys.platform.startswith("linux"):
        return Check(name, SKIPPED, "needed on Linux only")
    import grp

    if RULE_FILE.exists():
        return Check(name, OK, f"{RULE_FILE} is in place")
    mine = {grp.getgrgid(number).gr_name for number in os.getgroups() if _known(number)}
    if os.geteuid() == 0 or mine & set(_SERIAL_GROUPS):
        return Check(name, OK, "this user may use serial ports")
    return Check(
        name,
        WARNING,
        "there is no udev rule for the pen, and this user is in no group for serial ports",
        "Run `pen doctor --udev-rule` and follow it.",
        errors.EXIT_PORT,
    )


def _known(group: int) -> bool:
    import grp

    try:
        grp.getgrgid(group)
    except KeyError:
        return False
    return True


def modem_manager() -> Check:
    """A service that opens every new serial port and sends it modem commands."""
    name = "ModemManager"
    if not sys.platform.startswith("linux"):
        return Check(name, SKIPPED, "exists on Linux only")
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            found = path.read_text().strip() == "ModemManager"
        except OSError:
            continue
        if found and not RULE_FILE.exists():
            return Check(
                name,
                WARNING,
                "is running and may hold the pen's port for half a minute after plugging in",
                "Install the rule of `pen doctor --udev-rule`: it tells it to keep away.",
            )
    return Check(name, OK, "does not get in the way")


ALL = (
    program,
    simulator,
    records_folder,
    records_chain,
    disk_encryption,
    serial_rights,
    modem_manager,
)
