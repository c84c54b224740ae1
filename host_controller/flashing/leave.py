"""Asks a pen to go to its boot loader and waits for the person who confirms it. Owns no state."""

from collections.abc import Callable

from host_controller import errors
from host_controller.flashing import journal
from host_controller.flashing.failures import NotConfirmed
from host_controller.flashing.journal import Update
from host_controller.flashing.world import Greeted, World
from host_controller.refusals import PenRefused
from host_controller.timeouts import FLASH_CONFIRM_MS, FLASH_LOOK_MS, FLASH_RELEASE_MS
from protocol import codes, messages

QUERY, BOOT_LOADER, SERVICE = 0, 5, 6
WAITS, LEAVING = 5, 6


def ask(world: World, greeted: Greeted, update: Update, tell: Callable[[str, str], None]) -> None:
    """Return once the pen leaves its firmware.

    Raises PenRefused, or NotConfirmed when nobody held the button: the update is then forgotten,
    because nothing has happened.
    """
    try:
        _begin(world, greeted, tell)
        if world.confirm(update.url, update.serial):
            tell("button", "held for 2 s by the simulated pen's simulated person")
        else:
            tell("button", "hold the pen's own button until its violet light goes out (2 s)")
        _wait(world, greeted)
    except (PenRefused, NotConfirmed):
        journal.end(update)
        raise


def _begin(world: World, greeted: Greeted, tell: Callable[[str, str], None]) -> None:
    """Ask; a pen that is starting, or whose button is still down from before, is waited for."""
    until_ms = world.now_ms() + FLASH_RELEASE_MS
    told = False
    while True:
        try:
            greeted.client.request(messages.UPDATE, BOOT_LOADER, 0, b"boot loader")
        except PenRefused as refusal:
            held = refusal.code == codes.RESULT_BUTTON_HELD
            starting = (
                refusal.code == codes.RESULT_WRONG_STATE and refusal.value == codes.STATE_BOOT
            )
            if not (held or starting) or world.now_ms() >= until_ms:
                raise
        else:
            return
        if held and not told:
            tell("button", "release the pen's button")
            told = True
        world.wait(FLASH_LOOK_MS)


def _wait(world: World, greeted: Greeted) -> None:
    client = greeted.client
    until_ms = world.now_ms() + FLASH_CONFIRM_MS
    try:
        while world.now_ms() < until_ms:
            state, _ = client.request(messages.UPDATE, QUERY, 0, b"")
            if state == LEAVING:
                return
            if state != WAITS:
                break
            world.wait(FLASH_LOOK_MS)
        else:
            client.stop()  # the pen's own wait ends as well
    except (errors.PenUnplugged, errors.NoAnswer):
        return  # gone between two questions: the disk will tell
    raise NotConfirmed("Nobody held the pen's button; the pen keeps its firmware.")
