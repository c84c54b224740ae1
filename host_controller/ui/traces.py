"""The live traces as an element: uPlot in the browser, only new samples on the way to it."""

from collections.abc import Sequence

from nicegui.element import Element

from host_controller.replies import Reading
from host_controller.ui.catalogue import Texts


class Traces(Element, component="traces.js"):
    """Depth, planned depth (mm) and rate (Hz) over time (s of the pen's clock)."""

    def __init__(self, say: Texts) -> None:
        super().__init__()
        self._props["label"] = f"{say('treat.depth')}, {say('treat.rate')}"
        self._props["depth"] = f"{say('treat.depth')}, mm"
        self._props["rate"] = f"{say('treat.rate')}, Hz"

    def push(self, readings: Sequence[Reading]) -> None:
        """Draw these after the ones before."""
        samples: list[int] = []
        for reading in readings:
            samples += (reading.t_ms, reading.depth_um, reading.depth_set_um, reading.rate_chz)
        if samples:
            self.run_method("push", samples)
