"""The newest firmware on this computer, and whether a pen could have it. Owns no state."""

from pathlib import Path
from typing import NamedTuple

from host_controller import errors
from host_controller.flashing import compare, image_file
from host_controller.flashing.image_file import ImageFile
from host_controller.flashing.version_order import is_older
from protocol.hello import PenIdentity

BUILD = Path("build/firmware")  # where `make firmware` leaves it
SAME, NEWER, OTHER, OLDER, NONE = "same", "newer", "other", "older", "none"


class Built(NamedTuple):
    """What there is and how it stands to the pen's."""

    verdict: str
    image: ImageFile | None


def newest(folder: Path = BUILD) -> ImageFile | None:
    """The last file built that is good; None where there is none."""
    try:
        paths = sorted(folder.glob("*.uf2"), key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return None
    for path in paths:
        try:
            return image_file.load(path)
        except errors.PenError:
            continue
    return None


def against(identity: PenIdentity, image: ImageFile | None) -> Built:
    """SAME image, NEWER version, OTHER image of the same version, OLDER, or NONE built."""
    if image is None:
        return Built(NONE, None)
    if compare.runs(image, identity):
        return Built(SAME, image)
    if is_older(identity.firmware, image.info.version):
        return Built(NEWER, image)
    if is_older(image.info.version, identity.firmware):
        return Built(OLDER, image)
    return Built(OTHER, image)
