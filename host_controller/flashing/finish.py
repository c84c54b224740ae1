"""After writing: is it the right firmware, is the pen well, is everything as it was? Owns no state.

Nothing is believed because it was sent: version, protocol and hash are asked of the pen, which
counts the hash from its own flash.
"""

from collections.abc import Callable
from pathlib import Path

from host_controller import timeouts
from host_controller.errors import SelfTestFailed
from host_controller.flashing import backup
from host_controller.flashing.failures import NotVerified
from host_controller.flashing.image_file import ImageFile
from host_controller.flashing.journal import Update
from host_controller.flashing.world import Greeted, World
from host_controller.pen import Pen
from host_controller.refusals import PenFaulted
from host_controller.replies import Reading
from protocol import codes


def booted(status: Reading) -> bool:
    """Whether a pen has started: homed and tested, or in a fault."""
    return status.state != codes.STATE_BOOT


def known_image(world: World, greeted: Greeted, limit_ms: int = timeouts.FLASH_HASH_MS) -> str:
    """The hash that the pen counted; waits until it has. "" when it never tells one."""
    until_ms = world.now_ms() + limit_ms
    while not greeted.identity.image and world.now_ms() < until_ms:
        world.wait(timeouts.FLASH_LOOK_MS)
        greeted.identity = greeted.client.say_hello()
    return greeted.identity.image


def verify(world: World, greeted: Greeted, image: ImageFile) -> None:
    """Compare the pen with the file; raises NotVerified with the first difference."""
    identity = greeted.identity
    version = identity.firmware.partition("+")[0]
    for what, wanted, found in (
        ("version", image.info.version, version),
        ("protocol", image.info.schema, identity.schema),
        ("image", image.image_id, known_image(world, greeted)),
    ):
        if wanted != found:
            raise NotVerified(f"The pen's {what} is {found or 'not told'}, not {wanted}.")


def check_and_restore(
    greeted: Greeted, update: Update, tell: Callable[[str, str], None]
) -> list[str]:
    """Self-test, then put back what changed; returns remarks. Raises SelfTestFailed, PenFaulted."""
    pen = greeted.pen
    if pen is None:
        remark = "self-test and restoring need the program of the firmware's version"
        tell("left", remark)
        return [remark]
    pen.set_clock()
    _test(pen)
    tell("self-test", "passed")
    if not update.backup:
        return []
    remarks = backup.restore(pen, Path(update.backup))
    for remark in remarks:
        tell("restored", remark)
    if not remarks:
        tell("restored", "settings and plan are as they were")
    return remarks


def _test(pen: Pen) -> None:
    """A pen that has just started tests itself; then once more, asked, for the names."""
    status = pen.wait_for(booted, timeouts.FLASH_BOOT_MS)
    if status.fault:
        raise PenFaulted(status.fault)
    failed = pen.self_test()
    if failed:
        raise SelfTestFailed(f"After the update the self-test failed: {', '.join(failed)}.")
