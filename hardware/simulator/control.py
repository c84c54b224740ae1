"""The words of the control port: what a request may ask of the bench, and the answer.

A request is an object; each key is one order, carried out in the order given:

    press        true | false                      thumb on the button
    contact      true | false                      nose on the skin
    zone         "forehead" ...                    which skin
    pressure     0.5 light, 1 normal, 2 firm       hand
    glide_mm_s   20.0                              hand
    gap_um, tilt_deg                               hand
    script       [[after_ms, {"zone": ...}], ...]  the above, later, in simulated time from now
    cartridge    {"pins": 12, "state": "new"}      put one on; state: new used expired worn blank
                 "remove"                          take it off
    fault        "tach_lost", with "on": true | false and, where it needs one, "value": number
    faults       "list" | "clear"                  what is on and what there is | put all right
    cable        true | false                      the USB cable
    charge_pct   0..100                            battery
    restart      true                              reset the processor
    power        true | false                      the supply
    power_cut    off_ms                            the supply, away for so long
    mark         true                              begin the tally of `truth` anew
    truth        true                              what really happens, and per zone since the mark
    status       true                              twin, interpreter, whether the firmware lives

and with `--clock stepped` also, in one request:

    data         "00ff12"                          bytes for the pen, in hexadecimal
    advance_ms   N                                 let time pass
    until_bytes  true                              but only until the pen has sent something

Its answer holds "now_ms", "advanced_ms" and, in "data", every byte the pen has sent. Bytes and time
share one connection, so there is no race between them: the run is repeatable from any process.

Every answer is {"ok": true, ...} or {"ok": false, "error": "a sentence"}; "id" is handed back.
Orders before the one that failed have been carried out. Owns no state.
"""

from collections.abc import Callable
from typing import Any

from hardware.simulator.bench import Bench
from hardware.simulator.cartridges import make_cartridge
from hardware.simulator.control_values import Refused, fields, hand, number, script, text, truth
from hardware.simulator.fault_panel import FaultPanel

Values = dict[str, Any]

ADVANCE_LIMIT_MS = 60_000  # a request is never interrupted, and this one takes some seconds
SCRIPT_LIMIT_MS = 3_600_000
_HAND = ("press", "contact", "zone", "pressure", "glide_mm_s", "gap_um", "tilt_deg")
_COMPANIONS = ("id", "on", "value", "until_bytes")  # belong to another key
_ID_STEP = 0x01000193  # cartridges put on later differ from each other, the same way in every run


class Control:
    """Carries out requests on one bench."""

    def __init__(self, bench: Bench, stepped: bool) -> None:
        self._bench = bench
        self._stepped = stepped
        self._panel = FaultPanel(bench)
        self._cartridges = 0
        self._orders: dict[str, Callable[[Any, Values], Values]] = {
            **{name: self._hand(name) for name in _HAND},
            "script": self._script,
            "cartridge": self._cartridge,
            "fault": self._fault,
            "faults": self._faults,
            "cable": self._cable,
            "charge_pct": self._charge,
            "restart": self._restart,
            "power": self._power,
            "power_cut": self._power_cut,
            "mark": self._mark,
            "data": self._data,
            "advance_ms": self._advance,
            "truth": lambda *_: {"truth": self._bench.observer.snapshot()},
            "status": self._status,
        }

    def handle(self, request: Any) -> Values:
        """Carry out one request; never raises for what a request says."""
        if not isinstance(request, dict):
            return {"ok": False, "error": "A request is a JSON object."}
        answer: Values = {"ok": True}
        if "id" in request:
            answer["id"] = request["id"]
        unknown = [key for key in request if key not in self._orders and key not in _COMPANIONS]
        if unknown:
            known = ", ".join(self._orders)
            return answer | {"ok": False, "error": f"Unknown order {unknown[0]!r}, not of {known}."}
        try:
            for key, value in request.items():
                if key in self._orders:
                    answer |= self._orders[key](value, request)
        except (Refused, ValueError) as error:
            answer |= {"ok": False, "error": str(error)}
        return answer

    # ---- person and things ----

    def _hand(self, name: str) -> Callable[[Any, Values], Values]:
        def change(value: Any, _: Values) -> Values:
            attribute, new = hand(name, value)
            self._bench.person.change(**{attribute: new})
            return {}

        return change

    def _script(self, value: Any, _: Values) -> Values:
        now_ms = self._bench.now_ms
        for after_ms, changes in script(value, SCRIPT_LIMIT_MS):
            self._bench.person.at(now_ms + after_ms, **changes)
        return {}

    def _cartridge(self, value: Any, _: Values) -> Values:
        plant = self._bench.plant
        if value == "remove":
            plant.remove()
            return {}
        wanted = fields(value, "cartridge", {"pins", "state"})
        self._cartridges += 1
        serial = (plant.cartridge.memory.unique_id if plant.cartridge else 0) + self._cartridges
        plant.insert(
            make_cartridge(
                int(number(wanted.get("pins", 12), "pins", 0, 36)),
                text(wanted.get("state", "new"), "state"),
                serial * _ID_STEP & 0xFFFF_FFFF,
            )
        )
        return {}

    def _fault(self, value: Any, request: Values) -> Values:
        self._panel.set(value, truth(request.get("on", True)), request.get("value"))
        return {"active": self._panel.active()}

    def _faults(self, value: Any, _: Values) -> Values:
        if value == "clear":
            self._panel.clear()
        elif value != "list":
            raise Refused('"faults" is "list" or "clear".')
        return {"active": self._panel.active(), "names": self._panel.names()}

    def _cable(self, value: Any, _: Values) -> Values:
        if truth(value):
            self._bench.plug()
        else:
            self._bench.unplug()
        return {}

    def _charge(self, value: Any, _: Values) -> Values:
        self._bench.plant.battery.soc = number(value, "charge_pct", 0, 100) / 100
        return {}

    # ---- power and firmware ----

    def _restart(self, value: Any, _: Values) -> Values:
        if truth(value):
            self._bench.restart()
        return {}

    def _power(self, value: Any, _: Values) -> Values:
        if truth(value):
            self._bench.power_on()
        else:
            self._bench.power_off()
        return {}

    def _power_cut(self, value: Any, _: Values) -> Values:
        self._bench.power_cut(round(number(value, "power_cut", 0, ADVANCE_LIMIT_MS)))
        return {}

    def _mark(self, value: Any, _: Values) -> Values:
        if truth(value):
            self._bench.observer.mark()
        return {}

    def _status(self, *_: object) -> Values:
        bench = self._bench
        return {
            "twin": bench.twin.name,
            "interpreter": bench.twin.interpreter,
            "clock": "stepped" if self._stepped else "realtime",
            "now_ms": bench.now_ms,
            "boots": bench.boots,
            "firmware_error": bench.firmware_error,
            "misuses": list(bench.misuses),
        }

    # ---- stepped time ----

    def _data(self, value: Any, _: Values) -> Values:
        self._need_stepped("data")
        self._bench.host_write(bytes.fromhex(text(value, "data")))
        return {"data": ""}

    def _advance(self, value: Any, request: Values) -> Values:
        self._need_stepped("advance_ms")
        bench = self._bench
        span_ms = round(number(value, "advance_ms", 0, ADVANCE_LIMIT_MS))
        start_ms = bench.now_ms
        if truth(request.get("until_bytes", False)):
            bench.advance_to_bytes(span_ms)
        else:
            bench.advance(span_ms)
        return {
            "now_ms": bench.now_ms,
            "advanced_ms": bench.now_ms - start_ms,
            "data": bench.host_read().hex(),
        }

    def _need_stepped(self, order: str) -> None:
        if not self._stepped:
            raise Refused(f"{order!r} needs a simulator started with --clock stepped.")
