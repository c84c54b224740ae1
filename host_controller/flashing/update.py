"""Puts a firmware on a pen, step by step; what breaks off goes on where the world then stands.

Each step is written down before it is begun (`journal`). From the moment the pen is asked to leave
its firmware there are three places where it can be: still in its old firmware, in its boot loader,
or in a new firmware; `carry_on` looks and goes on from there, whatever ended the run before.
Owns one update.
"""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from host_controller import errors
from host_controller.flashing import backup, compare, finish, journal, leave
from host_controller.flashing.failures import (
    Downgrade,
    NeedsHands,
    NoBootDisk,
    NotBack,
    SeveralDisks,
)
from host_controller.flashing.finish import booted
from host_controller.flashing.image_file import ImageFile
from host_controller.flashing.journal import Update
from host_controller.flashing.version_order import is_older
from host_controller.flashing.world import Greeted, Progress, World, find
from host_controller.timeouts import (
    FLASH_BACK_MS,
    FLASH_BOOT_MS,
    FLASH_DISK_MS,
    FLASH_LOOK_MS,
    FLASH_OLD_HASH_MS,
)

Tell = Callable[[str, str], None]  # a word for the step, and what there is to say


class Outcome(NamedTuple):
    """What came of it."""

    serial: str
    old_version: str
    version: str
    image: str
    backup: str
    changed: bool  # False: the pen had this image already
    remarks: list[str]  # what was put back, or could not be checked


class Updater:
    """Flashes one image; `tell` and `progress` are for the person who waits."""

    def __init__(self, world: World, image: ImageFile, tell: Tell, progress: Progress) -> None:
        self.world = world
        self.image = image
        self._tell = tell
        self._progress = progress

    # --- from the beginning ---------------------------------------------------------------------

    def flash(self, url: str, force: bool, dry_run: bool = False) -> Outcome:
        """Flash the pen at `url`. Raises a PenError; nothing has changed before the button."""
        if self.world.disks():
            raise SeveralDisks("A boot loader's disk is there already, beside the pen.")
        greeted = self.world.greet(url)
        try:
            if self._judge(greeted, url, force):
                return self._unchanged(greeted, "the pen runs exactly this image already")
            if dry_run:
                return self._unchanged(greeted, "nothing speaks against it; nothing was changed")
            update = self._begin(greeted, url)
            leave.ask(self.world, greeted, update, self._tell)
        finally:
            greeted.close()
        return self._write(update)

    def flash_disk(self, force: bool) -> Outcome:
        """Flash the one board that waits in its boot loader, whichever it is."""
        if not force:
            compare.require_our_protocol(self.image)
        update = Update(journal.UNKNOWN, "", journal.WRITING, "", "", *self._new(), "", _now())
        journal.begin(update, self.image)
        return self._write(update)

    def _judge(self, greeted: Greeted, url: str, force: bool) -> bool:
        """Show old and new; raise what speaks against it. True: the pen has this image already."""
        image, pen = self.image, greeted.pen
        finish.known_image(self.world, greeted, FLASH_OLD_HASH_MS)
        identity = greeted.identity
        version, image_id = self._new()
        self._tell("pen", f"{identity.serial} on {url}")
        self._tell("file", image.path.name)
        self._tell("firmware", f"{identity.firmware} -> {version}")
        self._tell("image", f"{identity.image or 'not told'} -> {image_id}")
        if not force:
            if compare.runs(image, identity):
                return True
            compare.require_newer(image, identity)
            compare.require_our_protocol(image)
        if pen is not None:
            # A pen that is starting homes first; its needles are not sensed inside until then.
            compare.require_rest(pen.wait_for(booted, FLASH_BOOT_MS))
        return False

    def _begin(self, greeted: Greeted, url: str) -> Update:
        """Back up, and write the update down."""
        identity, pen = greeted.identity, greeted.pen
        path = ""
        if pen is None:
            self._tell("backup", "none: the pen speaks another protocol; its records stay on it")
        else:
            kept, words = backup.make(pen)
            path = str(kept)
            self._tell("backup", words)
            self._tell("", path)
        update = Update(
            identity.serial,
            url,
            journal.ASKED,
            identity.firmware,
            identity.image,
            *self._new(),
            path,
            _now(),
        )
        journal.begin(update, self.image)
        return update

    def _unchanged(self, greeted: Greeted, why: str) -> Outcome:
        identity = greeted.identity
        self._tell("end", why)
        return Outcome(
            identity.serial, identity.firmware, identity.firmware, identity.image, "", False, []
        )

    def take_over(self, update: Update, force: bool) -> Outcome:
        """Go on with an interrupted update, but to this image."""
        old = update.old_version
        if not force and old and is_older(self.image.info.version, old):
            raise Downgrade(f"{self.image.path.name} is older than {old}, which the pen had.")
        if not force:
            compare.require_our_protocol(self.image)
        version, image = self._new()
        update = dataclasses.replace(update, version=version, image=image)
        journal.begin(update, self.image)
        return self.carry_on(update)

    # --- from wherever it broke off -------------------------------------------------------------

    def carry_on(self, update: Update) -> Outcome:
        """Go on with an update that was interrupted; raises NeedsHands when nothing is seen."""
        if self.world.disks():
            self._tell("found", "the boot loader's disk: the firmware is written (again)")
            return self._write(update)
        greeted = self._meet(update)
        if greeted is None:
            raise NeedsHands(f"The update of pen {update.serial} cannot go on by itself.")
        try:
            if finish.known_image(self.world, greeted) == self.image.image_id:
                self._tell("found", "the pen with its new firmware: it is checked")
                return self._finish(greeted, update)
            self._tell("found", f"the pen with firmware {greeted.identity.firmware}: asked again")
            update = journal.step(update, journal.ASKED)
            leave.ask(self.world, greeted, update, self._tell)
        finally:
            greeted.close()
        return self._write(update)

    def _meet(self, update: Update, why_not: list[errors.PenError] | None = None) -> Greeted | None:
        """The pen of an update; one that was nameless is the only one there is now."""
        if update.serial != journal.UNKNOWN:
            return find(self.world, update.serial, update.url, why_not)
        pens = self.world.pens()
        if len(pens) != 1:
            return None
        ((serial, url),) = pens.items()
        return find(self.world, serial, url, why_not)

    # --- disk and after -------------------------------------------------------------------------

    def _write(self, update: Update) -> Outcome:
        disk = self._wait_for_disk()
        self._tell("disk", str(disk))
        update = journal.step(update, journal.WRITING)
        self.world.write(disk, self.image.data, self._progress)
        update = journal.step(update, journal.WRITTEN)
        began_ms = self.world.now_ms()
        greeted = self._wait_for_pen(update)
        try:
            took_s = (self.world.now_ms() - began_ms) / 1000
            self._tell("back", f"after {took_s:.1f} s, on {greeted.client.transport.url}")
            return self._finish(greeted, update)
        finally:
            greeted.close()

    def _wait_for_disk(self) -> Path:
        until_ms = self.world.now_ms() + FLASH_DISK_MS
        while True:
            disks = self.world.disks()
            if len(disks) > 1:
                raise SeveralDisks(f"{len(disks)} boards wait in their boot loaders.")
            if disks:
                return disks[0]
            if self.world.now_ms() >= until_ms:
                raise NoBootDisk(f"No disk appeared within {FLASH_DISK_MS // 1000} s.")
            self.world.wait(FLASH_LOOK_MS)

    def _wait_for_pen(self, update: Update) -> Greeted:
        until_ms = self.world.now_ms() + FLASH_BACK_MS
        why_not: list[errors.PenError] = []
        while True:
            greeted = self._meet(update, why_not)
            if greeted is not None:
                return greeted
            if self.world.now_ms() >= until_ms:
                last = why_not[-1] if why_not else None
                raise NotBack(
                    f"The pen was not back within {FLASH_BACK_MS // 1000} s.",
                    cause=f"The last try said: {last.number} {last.sentence}" if last else "",
                )
            self.world.wait(FLASH_LOOK_MS)

    def _finish(self, greeted: Greeted, update: Update) -> Outcome:
        finish.verify(self.world, greeted, self.image)
        self._tell("verified", "version, protocol and the image's hash, as the pen itself tells")
        update = journal.step(update, journal.VERIFIED)
        remarks = finish.check_and_restore(greeted, update, self._tell)
        journal.end(update)
        return Outcome(
            greeted.identity.serial,
            update.old_version,
            greeted.identity.firmware,
            self.image.image_id,
            update.backup,
            True,
            remarks,
        )

    def _new(self) -> tuple[str, str]:
        info = self.image.info
        return f"{info.version}+{info.commit}", self.image.image_id


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
