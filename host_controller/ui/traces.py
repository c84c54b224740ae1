"""The live traces as an element: uPlot in the browser, fed by a line of its own (`trace_line`)."""

from nicegui.element import Element

from host_controller.ui.catalogue import Texts
from host_controller.ui.trace_line import TRACE_PATH


class Traces(Element, component="traces.js"):
    """Depth, planned depth (mm) and rate (Hz) over time (s of the pen's clock)."""

    def __init__(self, say: Texts) -> None:
        super().__init__()
        self._props["path"] = TRACE_PATH
        self._props["language"] = say.language
        self._props["label"] = f"{say('treat.depth')}, {say('treat.rate')}"
        self._props["depth"] = f"━ {say('treat.depth')}, mm"
        self._props["rate"] = f"─ {say('treat.rate')}, Hz"
