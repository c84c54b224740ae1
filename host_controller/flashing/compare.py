"""Whether a pen may get a firmware: old against new, before anything is changed. Owns no state."""

from host_controller.flashing.failures import Downgrade, NotNow, OtherProtocol
from host_controller.flashing.image_file import ImageFile
from host_controller.flashing.version_order import is_older
from host_controller.replies import Reading
from protocol import codes
from protocol.hello import PenIdentity
from protocol.version import SCHEMA_ID


def require_newer(image: ImageFile, identity: PenIdentity) -> None:
    """Raise Downgrade for a file that is older than what the pen runs."""
    if is_older(image.info.version, identity.firmware):
        raise Downgrade(
            f"{image.path.name} is firmware {image.info.version}; the pen has the newer "
            f"{identity.firmware}."
        )


def require_our_protocol(image: ImageFile) -> None:
    """Raise OtherProtocol for a file that this program could not talk to afterwards."""
    if image.info.schema != SCHEMA_ID:
        raise OtherProtocol(
            f"{image.path.name} speaks protocol {image.info.schema}, this program {SCHEMA_ID}."
        )


def require_rest(status: Reading) -> None:
    """Raise NotNow unless the pen is disarmed, still, with its needles sensed inside."""
    if codes.STATE_ARMED <= status.state <= codes.STATE_PARKING:
        raise NotNow(f"The pen is {status.state_name}.")
    if not status.needles_in:
        raise NotNow("The pen does not sense its needles inside.")


def runs(image: ImageFile, identity: PenIdentity) -> bool:
    """Whether the pen runs exactly this image already."""
    return identity.image == image.image_id
