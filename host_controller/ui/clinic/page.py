"""The clinic page: what the clinic looks up."""

from host_controller.ui import look
from host_controller.ui.catalogue import Texts


class ClinicPage:
    """The page in one window."""

    def __init__(self, say: Texts) -> None:
        with look.card(say("program.clinic")):
            pass

    def refresh(self) -> None:
        """Called often; sends what has changed."""
