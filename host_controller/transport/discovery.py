"""Finds pens, or says why there is none.

Looks at the USB strings of every serial port, at announced simulators and, where none is found,
at what stands in the way (no port at all, a board in its boot loader, a board without firmware).
Never opens a port: a port that is looked at may belong to another device. Owns no state.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from host_controller import errors
from host_controller.simulated import announcements
from host_controller.transport import usb_names

KIND_PEN = "pen"
KIND_SIMULATED = "simulated pen"
KIND_BOARD = "MicroPython board"
KIND_OTHER = "other"

_USB_DEVICES = Path("/sys/bus/usb/devices")


class Port(NamedTuple):
    """A port as found; `note` says what stands in the way of using it, or is empty."""

    url: str
    kind: str
    serial_number: str
    product: str
    manufacturer: str
    note: str


class Discovery(NamedTuple):
    """Pens, other ports and, where no pen was found, the reason and the next step."""

    pens: list[Port]
    others: list[Port]
    reason: str
    next_step: str


def _system_ports() -> Iterable[Any]:
    from serial.tools import list_ports

    return list_ports.comports()


def _kind(info: Any) -> str:
    if usb_names.is_pen(info.product, info.manufacturer):
        return KIND_PEN
    numbers = (info.vid, info.pid)
    if numbers == (usb_names.RASPBERRY_PI_VENDOR, usb_names.MICROPYTHON_PRODUCT):
        return KIND_BOARD
    return KIND_OTHER


def _note(device: str) -> str:
    path = Path(device)
    if os.name == "posix" and path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return "no permission"
    return ""


def boot_loader_present() -> bool:
    """True when an RP2040 waits in its boot loader (Linux only; elsewhere False)."""
    vendor = f"{usb_names.RASPBERRY_PI_VENDOR:04x}"
    product = f"{usb_names.RP2040_BOOT_PRODUCT:04x}"
    for folder in _USB_DEVICES.glob("*"):
        try:
            found = [(folder / name).read_text().strip() for name in ("idVendor", "idProduct")]
        except OSError:
            continue
        if found == [vendor, product]:
            return True
    return False


def _why_none(others: list[Port]) -> tuple[str, str]:
    if boot_loader_present():
        return (
            "A board is connected that waits in its boot loader: it has no firmware.",
            "Run `pen flash FILE`, or `pen recover` for an update that was interrupted.",
        )
    if any(port.kind == KIND_BOARD for port in others):
        return (
            "A board with plain MicroPython is connected: it is no pen until it has the firmware.",
            "Hold its boot button while plugging it in, then run `pen flash FILE`.",
        )
    if others:
        count = "1 serial port" if len(others) == 1 else f"{len(others)} serial ports"
        return (
            f"This computer has {count}, and none calls itself a pen.",
            "Run `pen list --all` to see them, and name the right one with --port.",
        )
    return (
        "This computer has no serial port at all: the pen is off, or its cable only charges.",
        "Use a data cable and switch the pen on; `pen simulate` starts a simulated pen.",
    )


def discover(
    system_ports: Callable[[], Iterable[Any]] | None = None,
    simulators: Callable[[], Iterable[announcements.SimulatedPen]] | None = None,
) -> Discovery:
    """Look for pens. `reason` and `next_step` are empty exactly when `pens` is not.

    The two arguments replace this computer's ports and its announced simulators.
    """
    pens: list[Port] = []
    others: list[Port] = []
    for info in (system_ports or _system_ports)():
        port = Port(
            str(info.device),
            _kind(info),
            info.serial_number or "",
            info.product or "",
            info.manufacturer or "",
            _note(str(info.device)),
        )
        (pens if port.kind == KIND_PEN else others).append(port)
    for pen in (simulators or announcements.running)():
        product = f"simulated pen, {pen.twin}"
        pens.append(Port(pen.url, KIND_SIMULATED, pen.serial_number, product, "", ""))
    reason, next_step = ("", "") if pens else _why_none(others)
    return Discovery(pens, others, reason, next_step)


def is_address(text: str) -> bool:
    """True for a URL, a device path or a Windows port name; False for a serial number."""
    windows_port = text.upper().startswith("COM") and text[3:].isdecimal()
    return "://" in text or "/" in text or "\\" in text or windows_port


def choose(wanted: str | None, look: Callable[[], Discovery] = discover) -> str:
    """Return the URL to open.

    `wanted` is a URL or port (returned as it is), a serial number (looked up) or None (the only
    pen there is). Raises NoPenFound or SeveralPens; never guesses.
    """
    if wanted and is_address(wanted):
        return wanted
    found = look()
    if wanted:
        matching = [p for p in found.pens if p.serial_number.lower() == wanted.lower()]
        if not matching:
            here = ", ".join(p.serial_number or p.url for p in found.pens) or "none"
            raise errors.NoPenFound(
                f"No pen with serial number {wanted!r} is connected.",
                cause=f"Pens found: {here}.",
                next_step="Run `pen list`; a port is named by its path or a URL.",
            )
    else:
        matching = found.pens
    if not matching:
        raise errors.NoPenFound("No pen found.", cause=found.reason, next_step=found.next_step)
    if len(matching) > 1:
        names = ", ".join(f"{p.serial_number or '?'} ({p.url})" for p in matching)
        different = len({p.serial_number for p in matching}) == len(matching)
        ports = " or ".join(f"`--port {p.url}`" for p in matching)
        raise errors.SeveralPens(
            f"{len(matching)} pens are connected: {names}.",
            cause="" if different else "Several pens have the same serial number.",
            next_step="" if different else f"Choose one by its port: {ports}.",
        )
    return matching[0].url
