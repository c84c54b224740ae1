"""The engineer page: what an engineer looks at."""

from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.desk import Desk


class EngineerPage:
    """The page in one window."""

    def __init__(self, say: Texts, desk: Desk, controls: bool) -> None:
        with look.card(say("program.engineer")):
            pass

    def refresh(self) -> None:
        """Called often; sends what has changed."""
