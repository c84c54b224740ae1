"""The simulated person, moved by whoever sits at the keyboard.

The thumb follows one key (down, up: a terminal reports no release of a key), the hand glides and
lifts by itself every three seconds as a trained one does, unless told to stay on one spot.
Owns what the person does now.
"""

from host_controller.planning.plan import PlanZone
from host_controller.replies import EXPOSED, Reading
from host_controller.simulated.control_link import ControlLink
from protocol import codes

LIFT_EVERY_MS = 3000  # of running; the pen warns after 5 s without a lift
LIFT_MS = 250
LET_GO_MS = 600  # after the needles have stopped by themselves, the thumb lets go
OFF_MS = 500  # switched off for so long
PRESSURE_PER_STEP = 0.2  # key 5 is a normal hand, 1 barely touches, 9 presses hard


class Hand:
    """Thumb, pressure and glide of the simulated person."""

    def __init__(self, control: ControlLink) -> None:
        self._control = control
        self.pressed = False
        self.step = 5
        self.on_skin = True
        self.one_spot = False
        self._lifted_ms = 0
        self._ran = False
        self._ended_ms = 0

    def go_to(self, row: PlanZone) -> None:
        """Put the pen on the skin of a zone, thumb off."""
        self.pressed = False
        self.on_skin = True
        self._control.ask(press=False, zone=row.name, contact=True, pressure=self.pressure)

    @property
    def pressure(self) -> float:
        """Pressure of the hand, 1.0 is normal."""
        return self.step * PRESSURE_PER_STEP

    def toggle_button(self) -> None:
        """Press the button, or let it go."""
        self.pressed = not self.pressed
        self._control.ask(press=self.pressed)

    def set_step(self, step: int) -> None:
        """Press the pen on the skin with step 1..9."""
        self.step = step
        self._control.ask(pressure=self.pressure)

    def toggle_skin(self) -> None:
        """Lift the pen off, or put it back."""
        self.on_skin = not self.on_skin
        self._control.ask(contact=self.on_skin)

    def toggle_spot(self) -> None:
        """Stay on one spot, or glide on."""
        self.one_spot = not self.one_spot

    def release(self) -> None:
        """Take the thumb off."""
        if self.pressed:
            self.toggle_button()

    def glide(self, reading: Reading) -> None:
        """Lift and move on when it is time; let go once the needles have stopped."""
        if reading.state in EXPOSED:
            self._ran, self._ended_ms = True, reading.t_ms
        elif self._ran and (reading.t_ms - self._ended_ms) % (1 << 30) >= LET_GO_MS:
            self._ran = False
            self.release()
        due = (reading.t_ms - self._lifted_ms) % (1 << 30) >= LIFT_EVERY_MS
        if reading.state != codes.STATE_RUNNING:
            self._lifted_ms = reading.t_ms
        elif due and self.on_skin and not self.one_spot:
            self._lifted_ms = reading.t_ms
            back = {"contact": True, "pressure": self.pressure}
            self._control.ask(script=[[0, {"contact": False}], [LIFT_MS, back]])

    def change_cartridge(self) -> None:
        """Throw the cartridge away and seat a new one."""
        self._control.ask(press=False, cartridge="remove")
        self._control.ask(cartridge={"pins": 12, "state": "new"})

    def switch_off_and_on(self) -> None:
        """Let the pen start anew."""
        self._control.ask(press=False, power_cut=OFF_MS)

    def gauge_um(self) -> int:
        """What a gauge on the nose shows now: the needles' tips at full extension."""
        return round(float(self._control.ask(truth=True)["truth"]["depth_um"]))

    def strobe_chz(self) -> int:
        """What a strobe in front of the needles shows, in 0.01 Hz; 0 before there was a stroke."""
        return round(float(self._control.ask(truth=True)["truth"]["stroke_rate_hz"]) * 100)

    def words(self) -> str:
        """What the hand does, for the screen."""
        thumb = "DOWN" if self.pressed else "up"
        skin = "on the skin" if self.on_skin else "lifted"
        spot = ", on one spot" if self.one_spot else ""
        return f"thumb {thumb}, {skin}{spot}, pressure {self.step}"
