"""The needle motor with cam, friction and needle load: one millisecond in a few substeps.

Owns angle, speed and current. Everything is kept in the frame of the present `sense` of rotation
(+1 forwards, -1 mirrored: angle -> -angle), in which the motor always turns forwards; cam, springs,
needle law and sensor marks are symmetric, so one set of tables serves both ways.

Equations, per substep of length h (see `cam.py` for P):

    L i' = v - R i - kt w          solved exactly for the substep's mean speed (pole R/L: 25 us)
    Jr P' = (kt i - Tf - Tspring - dW/dtheta) sqrt(Jr/J)
    theta' = P sqrt(Jr/J)          mean speed extrapolated from the last substep (second order)

The needle torque is the difference of the tabulated work over the angle actually passed. Standing,
the motor stays until the net torque exceeds stiction and what the needles resist that way.
"""

from math import inf

from hardware.plant import cam
from hardware.plant.cam import CELLS, FRAME, RADIANS_PER_CELL
from hardware.plant.marks import INDEX_CENTRE_CELL, INDEX_HALF_CELLS, MARK_AT, MARKS, next_mark
from hardware.plant.needle import work_tables
from hardware.plant.parameters import CamParameters, MotorParameters
from hardware.plant.rhythm import SUBSTEP_US, SUBSTEPS, Rhythm

SLOWEST_CELLS = 2e-4  # per substep (0.025 rad/s); slower than this counts as standing

OPEN = 0
CLOSED = 1


class Motor:
    """Rotor, winding current and what turns with it.

    `events` collects (mark, time in us) of `marks.py` until the reader clears it.
    """

    __slots__ = (
        "_acceleration",
        "_changes",
        "_current",
        "_next_mark",
        "_next_mark_at",
        "_ohm",
        "_parameters",
        "_position",
        "_ratio",
        "_rhythm",
        "_sliding_nm",
        "_speed",
        "_spring",
        "_trace",
        "_work",
        "ampere_seconds",
        "events",
        "extra_friction_nm",
        "joule",
        "load_n",
        "radius_m",
        "sense",
        "square_ampere_seconds",
        "turns",
    )

    def __init__(self, motor: MotorParameters, cam_parameters: CamParameters, ohm: float) -> None:
        self._parameters = motor
        self.radius_m = cam_parameters.radius_m
        self._ratio = cam.speed_ratio(
            cam_parameters.radius_m, cam_parameters.slider_kg, motor.inertia_kgm2
        )
        self._spring = cam.spring_torque(
            cam_parameters.radius_m, cam_parameters.spring_preload_n, cam_parameters.spring_n_per_m
        )
        self._trace = [0.0] * SUBSTEPS
        self._sliding_nm = motor.friction_nm
        self.extra_friction_nm = 0.0  # worn bearing, fluid in the handpiece, jammed cartridge
        self.sense = 1
        self.turns = 0  # whole turns, negative backwards
        self._position = CELLS + CELLS / 2.0  # fully retracted
        self._speed = 0.0  # P in rad/s, >= 0
        self._acceleration = 0.0  # of P
        self._current = 0.0
        self.ampere_seconds = 0.0  # since cleared, signed
        self.square_ampere_seconds = 0.0
        self.joule = 0.0  # taken from the terminals since cleared
        self.events: list[tuple[int, int]] = []
        self.load_n = 0.0  # Fp of all needles together, 0 = not in skin
        self.set_depth(0)
        self.set_resistance(ohm)
        self._find_mark()

    # ---- what it is connected to ----

    def set_resistance(self, ohm: float) -> None:
        """Resistance of winding and transistors together."""
        self._ohm = ohm
        self._rhythm = Rhythm(SUBSTEPS, SUBSTEP_US, self._parameters, ohm)

    def set_depth(self, depth_um: int) -> None:
        """How far the needles reach beyond the skin's surface at full extension."""
        self._work, self._changes = work_tables(max(0, depth_um), self.radius_m)

    # ---- what it shows ----

    @property
    def theta(self) -> float:
        """Angle of the cam, 0 to 2 pi, 0 = full extension."""
        position = self._position if self.sense > 0 else FRAME - self._position
        return (position % CELLS) * RADIANS_PER_CELL

    @property
    def revolutions(self) -> float:
        """Angle in whole and part turns since the beginning, negative backwards."""
        position = self._position if self.sense > 0 else FRAME - self._position
        return self.turns + position / CELLS - 1.0

    @property
    def omega(self) -> float:
        """Speed in rad/s, negative backwards."""
        return self.sense * self._speed * self._ratio[int(self._position)]

    @property
    def current_a(self) -> float:
        """Winding current, positive = torque forwards."""
        return self.sense * self._current

    @property
    def standing(self) -> bool:
        """Not turning at all."""
        return self._speed == 0.0

    @property
    def cell(self) -> int:
        """Index into the cam's tables (mirror images read the same)."""
        return int(self._position)

    @property
    def at_index(self) -> bool:
        """Inside the index mark's window around full retraction."""
        return abs(self._position % CELLS - INDEX_CENTRE_CELL) < INDEX_HALF_CELLS

    def place(self, theta: float, omega: float = 0.0, current_a: float = 0.0) -> None:
        """Put it at an angle, a speed (rad/s) and a current: the start of a test."""
        self.sense = -1 if omega < 0.0 else 1
        self._position = CELLS + (self.sense * theta / RADIANS_PER_CELL) % CELLS
        self._speed = abs(omega) / self._ratio[int(self._position)]
        self._current = self.sense * current_a
        self._acceleration = 0.0
        self._find_mark()

    # ---- time ----

    def at_rest(self, volts: float) -> bool:
        """Nothing will move or flow in the coming millisecond."""
        return (
            self._speed == 0.0
            and volts == 0.0
            and -1e-6 < self._current < 1e-6
            and abs(self._spring[int(self._position)]) < self._sliding_nm
        )

    def run(self, volts: float, circuit: int, limit_a: float, t_us: int, span_us: int) -> None:
        """Turn for `span_us` (up to 1000) from `t_us` at `volts` on the terminals.

        `circuit` is CLOSED (driven or shorted) or OPEN (coasting, no current); `limit_a` bounds
        the current in the direction of the voltage.
        """
        rhythm = self._rhythm
        if span_us != SUBSTEPS * SUBSTEP_US:
            count = -(-span_us // SUBSTEP_US)
            rhythm = Rhythm(count, span_us / count, self._parameters, self._ohm)
        cells = rhythm.cells
        torque = rhythm.torque
        mean = rhythm.mean
        decay = rhythm.decay
        ratio = self._ratio
        spring = self._spring
        work = self._work
        changes = self._changes
        trace = self._trace
        kt = self._parameters.torque_nm_per_a
        friction = self._parameters.friction_nm + self.extra_friction_nm
        self._sliding_nm = friction
        load = self.load_n / RADIANS_PER_CELL
        if circuit:
            emf = rhythm.emf
            forced = self.sense * volts / self._ohm
        else:
            emf = forced = 0.0
        high, low = (limit_a, -inf) if forced >= 0.0 else (inf, -limit_a)
        position = start = self._position
        speed = self._speed * cells
        half = 0.5 * self._acceleration * rhythm.seconds * cells
        current = self._current
        index = int(position)
        taken = work[index] + (position - index) * changes[index]
        sum_a = sum_aa = chopped = 0.0
        first = 0
        for step in rhythm.count:
            ahead = speed + half
            if ahead > SLOWEST_CELLS and speed > SLOWEST_CELLS:
                index = int(position + 0.5 * ahead)
                here = ratio[index]
                passed = ahead * here
                resist = spring[index]
                position += passed
                index = int(position)
                before = taken
                taken = work[index] + (position - index) * changes[index]
                settled = forced - emf * passed
                if settled > high:
                    chopped += (settled - high) * high
                    settled = high
                elif settled < low:
                    chopped += (settled - low) * low
                    settled = low
                off = current - settled
                current = settled + off * decay
                ampere = settled + off * mean
                change = (
                    (kt * ampere - friction - resist - (taken - before) * load / passed)
                    * torque
                    * here
                )
                speed += change
                half = 0.5 * change
                if speed < 0.0:
                    speed = half = 0.0
            else:
                # Standing, or so slow that it stops here: who wins, drive or stiction?
                settled = min(max(forced, low), high)
                chopped += (forced - settled) * settled
                off = current - settled
                current = settled + off * decay
                ampere = settled + off * mean
                index = int(position)
                drive = kt * ampere - spring[index]
                stick = friction * self._parameters.stiction_ratio
                ahead_nm = changes[index] * load
                behind_nm = changes[FRAME - 1 - index] * load
                half = 0.0
                if drive > stick + ahead_nm:
                    speed = (drive - friction - ahead_nm) * torque * ratio[index]
                elif drive < -stick - behind_nm:
                    if position >= self._next_mark_at:
                        self._pass_marks(start, first, step, t_us, rhythm.step_us, position)
                    first = step
                    self._mirror(position)
                    position = start = self._position
                    forced, current, ampere = -forced, -current, -ampere
                    high, low = -low, -high
                    sum_a = -sum_a
                    index = int(position)
                    speed = (-drive - friction - behind_nm) * torque * ratio[index]
                else:
                    speed = 0.0
                if speed:
                    position += 0.5 * speed * ratio[index]
                    index = int(position)
                    taken = work[index] + (position - index) * changes[index]
            trace[step] = position
            sum_a += ampere
            sum_aa += ampere * ampere
        if position >= self._next_mark_at:
            self._pass_marks(start, first, step + 1, t_us, rhythm.step_us, position)
        if position >= 2 * CELLS:
            self._shift(position - CELLS, self.sense)
        elif position < CELLS:
            self._shift(position + CELLS, -self.sense)
        else:
            self._position = position
        self._speed = speed / cells
        self._acceleration = 2.0 * half / (rhythm.seconds * cells)
        self._current = current
        seconds = rhythm.seconds
        self.ampere_seconds += self.sense * sum_a * seconds
        self.square_ampere_seconds += sum_aa * seconds
        self.joule += (forced * sum_a - chopped) * self._ohm * seconds

    # ---- marks on the shaft ----

    def _find_mark(self) -> None:
        self._next_mark = next_mark(self._position)
        self._next_mark_at = MARK_AT[self._next_mark]

    def _shift(self, position: float, turns: int) -> None:
        """Back into the middle of the three turns."""
        self._position = position
        self.turns += turns
        self._find_mark()

    def _mirror(self, position: float) -> None:
        """Turn the other way from here on."""
        self.sense = -self.sense
        self._position = FRAME - position
        self._find_mark()

    def _pass_marks(
        self, start: float, first: int, last: int, t_us: int, step_us: float, end: float
    ) -> None:
        """Note the marks between `start` and `end` with the time by interpolation."""
        mark = self._next_mark
        step = first
        before = start
        while end >= MARK_AT[mark]:
            at, kind = MARKS[mark]
            while step < last and self._trace[step] < at:
                before = self._trace[step]
                step += 1
            after = self._trace[step]
            share = (at - before) / (after - before) if after > before else 0.0
            self.events.append((kind, t_us + int((step + share) * step_us)))
            mark += 1
        self._next_mark = mark
        self._next_mark_at = MARK_AT[mark]
