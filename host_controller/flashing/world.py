"""What an update touches outside of this program: ports, disks and time.

Tests replace it with a simulated pen in virtual time, and end it at every one of its calls.
Owns no state.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from host_controller import errors
from host_controller.client import Client, monotonic_ms
from host_controller.flashing import boot_disk
from host_controller.flashing.failures import WritingFailed
from host_controller.pen import Pen
from host_controller.simulated import announcements
from host_controller.simulated.control_link import ControlLink
from host_controller.transport import Transport, open_transport
from host_controller.transport.discovery import discover
from protocol.hello import PenIdentity

CHUNK_BYTES = 16 * 512  # between two flushes: blocks reach the boot loader in their order
FILE_NAME = "PEN.UF2"
_PRESS = ((200, True), (2700, False))  # ms from now: longer than the 2 s that the pen asks

Progress = Callable[[int, int], None]


class Greeted:
    """A pen that has told who it is, whatever protocol it speaks."""

    def __init__(self, client: Client, identity: PenIdentity) -> None:
        self.client = client
        self.identity = identity

    @property
    def pen(self) -> Pen | None:
        """The pen; None when it speaks another protocol than this program."""
        return Pen(self.client, self.identity) if self.identity.speaks_our_schema else None

    def close(self) -> None:
        """Let go of the port."""
        self.client.close()


class World:
    """The real one."""

    def now_ms(self) -> int:
        """A steady clock."""
        return monotonic_ms()

    def wait(self, milliseconds: int) -> None:
        """Let time pass."""
        time.sleep(milliseconds / 1000)

    def transport(self, url: str) -> Transport:
        """Open a port."""
        return open_transport(url)

    def greet(self, url: str) -> Greeted:
        """Connect to the pen at `url`; raises a PenError that tells why not."""
        client = Client(self.transport(url), self.now_ms)
        try:
            return Greeted(client, client.say_hello())
        except BaseException:
            client.close()
            raise

    def pens(self) -> dict[str, str]:
        """Serial number and URL of every pen that can be seen."""
        return {port.serial_number: port.url for port in discover().pens}

    def disks(self) -> list[Path]:
        """Boot loaders' disks; mounts one that is not. Raises NoBootDisk."""
        device = boot_disk.unmounted()
        if device:
            boot_disk.mount(device)
        return boot_disk.mounted()

    def write(self, disk: Path, data: bytes, progress: Progress) -> None:
        """Copy the firmware to the disk in order, chunk by chunk; raises WritingFailed.

        With the last block the disk vanishes: what fails after that is no failure.
        """
        sent = 0
        try:
            with (disk / FILE_NAME).open("wb", buffering=0) as file:
                for at in range(0, len(data), CHUNK_BYTES):
                    chunk = data[at : at + CHUNK_BYTES]
                    file.write(chunk)
                    sent += len(chunk)
                    self.flush(file.fileno())
                    progress(sent, len(data))
        except OSError as error:
            if sent < len(data):
                raise WritingFailed(
                    f"Writing broke off after {sent} of {len(data)} bytes.",
                    cause=f"The system says: {error}.",
                ) from error
        progress(len(data), len(data))

    def flush(self, descriptor: int) -> None:
        """What was written is on the disk now."""
        os.fsync(descriptor)

    def confirm(self, url: str, serial: str) -> bool:
        """Let the person of a simulated pen hold its button; False where a person has to.

        A pseudo-terminal does not announce itself: its pen is known by its number.
        """
        known_by_number = "://" not in url
        for pen in announcements.running():
            ours = pen.url == url or (known_by_number and pen.serial_number == serial)
            if pen.control and ours:
                control = ControlLink(pen.control)
                control.ask(script=[[after, {"press": down}] for after, down in _PRESS])
                control.close()
                return True
        return False


def find(
    world: World, serial: str, url: str, why_not: list[errors.PenError] | None = None
) -> Greeted | None:
    """The pen with this serial number, at `url` or wherever it came back; None when it is not.

    USB tells the number in capitals, the pen in small letters. `why_not` gets each error.
    """
    places = [url] if "://" in url else []
    places += [place for name, place in world.pens().items() if name.lower() == serial.lower()]
    for place in dict.fromkeys(places):
        try:
            found = world.greet(place)
        except errors.PenError as error:
            if why_not is not None:
                why_not.append(error)
            continue
        if found.identity.serial.lower() == serial.lower():
            return found
        found.close()
    return None
