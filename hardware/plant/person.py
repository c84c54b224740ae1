"""The person: a thumb on the button, a hand that presses and glides, skin of a zone.

Owns what the person does now and what is scheduled. All attributes may be set directly at any time;
`at` schedules changes in plant time.
"""

from math import pi, sin
from random import Random
from typing import Any

from hardware.plant.parameters import SkinParameters
from hardware.plant.skin import DEFAULT_ZONE, ZONES

UPDATE_MS = 8  # hand pressure is followed this often
NEVER_MS = 1 << 60

_CHANGEABLE = ("contact", "gap_um", "glide_mm_s", "pressed", "pressure", "tilt_deg", "zone")


class Person:
    """Button, hand and skin."""

    __slots__ = (
        "_bounce_left_ms",
        "_bounce_ms",
        "_level",
        "_random",
        "_script",
        "_skin",
        "_wander_phase",
        "contact",
        "gap_um",
        "glide_mm_s",
        "next_script_ms",
        "pressed",
        "pressure",
        "tilt_deg",
        "zone",
    )

    def __init__(self, skin: SkinParameters, bounce_ms: int, random: Random) -> None:
        self._skin = skin
        self._random = random
        self._bounce_ms = bounce_ms
        self._bounce_left_ms = 0
        self._level = False
        self._wander_phase = random.uniform(0.0, 2 * pi)
        self._script: list[tuple[int, dict[str, Any]]] = []
        self.next_script_ms = NEVER_MS
        self.pressed = False  # what the thumb does
        self.contact = False  # nose on skin
        self.zone = DEFAULT_ZONE
        self.pressure = 1.0  # 0.5 light hand, 1 normal, 2 firm
        self.gap_um = 0.0  # nose held this far above the skin, 0 = resting on it
        self.glide_mm_s = 20.0
        self.tilt_deg = 0.0  # pen against the vertical

    # ---- what a test says ----

    def press(self) -> None:
        """Thumb down, and there until `release`."""
        self.pressed = True

    def release(self) -> None:
        """Thumb off."""
        self.pressed = False

    def touch(self, zone: str = DEFAULT_ZONE, pressure: float = 1.0) -> None:
        """Put the nose on the skin of a zone."""
        self.change(contact=True, zone=zone, pressure=pressure)

    def lift(self) -> None:
        """Take the nose off the skin."""
        self.contact = False

    def change(self, **changes: Any) -> None:
        """Set attributes by name, now."""
        for name, value in changes.items():
            if name not in _CHANGEABLE:
                raise ValueError(f"A person has no {name!r}; it has {', '.join(_CHANGEABLE)}.")
            if name == "zone" and value not in ZONES:
                raise ValueError(f"No zone {value!r}; there are {', '.join(ZONES)}.")
            setattr(self, name, value)

    def at(self, t_ms: int, **changes: Any) -> None:
        """Do this when the plant's time reaches `t_ms`: `person.at(500, pressed=True)`."""
        self._script.append((t_ms, changes))
        self._script.sort(key=lambda entry: entry[0])
        self.next_script_ms = self._script[0][0]

    # ---- what the pen feels ----

    def follow_script(self, t_ms: int) -> None:
        """Do everything that is due."""
        while self._script and self._script[0][0] <= t_ms:
            self.change(**self._script.pop(0)[1])
        self.next_script_ms = self._script[0][0] if self._script else NEVER_MS

    def button(self) -> bool:
        """Contact of the button in this millisecond; bounces for some milliseconds on a change."""
        if self.pressed != self._level:
            self._level = self.pressed
            self._bounce_left_ms = self._random.randint(0, self._bounce_ms)
        if self._bounce_left_ms:
            self._bounce_left_ms -= 1
            return self._random.random() < 0.5
        return self._level

    def hand_pressure(self, t_ms: int) -> float:
        """Pressure with its slow wander, 0 when the nose is off the skin."""
        if not self.contact:
            return 0.0
        wander = sin(t_ms * (2e-3 * pi * self._skin.wander_hz) + self._wander_phase)
        return self.pressure * (1.0 + self._skin.wander * wander)

    def force_per_needle_n(self, pressure: float) -> float:
        """Fp of one new needle here, now. The law is stated at normal pressure; pressing twice
        as hard stretches the skin and costs about a quarter more (judgement: pressure^0.3).
        """
        if pressure <= 0.0:
            return 0.0
        return self._skin.force_per_needle_n * ZONES[self.zone].stiffness * float(pressure**0.3)

    def acceleration_mg(self) -> tuple[float, float, float]:
        """Gravity as the pen feels it, with its axis along the needles third."""
        tilt = self.tilt_deg * pi / 180.0
        return 1000.0 * sin(tilt), 0.0, 1000.0 * sin(pi / 2 - tilt)
