"""The live traces as an element: uPlot in the browser, only new samples on the way to it."""

from collections.abc import Sequence

from nicegui.element import Element

from host_controller.replies import Reading
from host_controller.ui.catalogue import Texts


class Traces(Element, component="traces.js"):
    """Depth (mm) and rate (Hz) over time (s of the pen's clock)."""

    def __init__(self, say: Texts) -> None:
        super().__init__()
        self._props["label"] = f"{say('treat.depth')}, {say('treat.rate')}"
        self._props["depth"] = f"{say('treat.depth')}, mm"
        self._props["rate"] = f"{say('treat.rate')}, Hz"

    def push(self, readings: Sequence[Reading]) -> None:
        """Draw these after the ones before."""
        samples = [(r.t_ms / 1000, r.depth_um / 1000, r.rate_chz / 100) for r in readings]
        if samples:
            self.run_method("push", samples)
