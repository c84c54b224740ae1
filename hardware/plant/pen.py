"""The whole pen as the board's pins see it, one millisecond at a time.

Set the outputs (`duty`, `bridge`, `boost`, `light`, `buzzer_hz`, `grant()`, `cut()`, `coils()`,
`watchdog_kick()`), call `step_ms()`, read the inputs. Outputs act from the beginning of the step.
Owns the time `t_us` and composes the parts, each of which owns its own state.
"""

from random import Random

from hardware.board import rev_a as board
from hardware.plant import cam, marks
from hardware.plant.accelerometer import Accelerometer
from hardware.plant.battery import Battery
from hardware.plant.bridge import COAST, NEVER_US, EnableChain, StallOutput, terminal_volts
from hardware.plant.cartridge import Cartridge
from hardware.plant.depth_stage import DepthStage
from hardware.plant.fault_effects import ALIVE_V, FaultEffects
from hardware.plant.faults import Faults
from hardware.plant.flash import Flash
from hardware.plant.motor import CLOSED, OPEN, Motor
from hardware.plant.parameters import Parameters
from hardware.plant.person import UPDATE_MS, Person
from hardware.plant.sensors import Senses
from hardware.plant.thermal import Thermal
from hardware.plant.truth import Truth

THERMAL_MS = 32
RAIL_SETTLES_MS = 40
_UPDATE_MASK = UPDATE_MS - 1
_THERMAL_MASK = THERMAL_MS - 1
_DEPTH_GRID_UM = 10


class Pen:
    """The plant."""

    __slots__ = (
        "_effects",
        "_hall_exact",
        "_quiet_ms",
        "_random",
        "_tips",
        "accelerometer",
        "adc_battery",
        "adc_current",
        "adc_hall",
        "adc_ntc",
        "battery",
        "boost",
        "bridge",
        "bridge_stall",
        "button",
        "buzzer_hz",
        "cartridge",
        "chain",
        "coil_count",
        "coil_patterns",
        "duty",
        "enable_level",
        "faults",
        "flash",
        "home",
        "index_count",
        "index_edge_us",
        "index_level",
        "light",
        "motor",
        "parameters",
        "person",
        "seat",
        "seat_out_until_us",
        "senses",
        "stage",
        "stall",
        "t_us",
        "tach_count",
        "tach_edge_us",
        "thermal",
        "truth",
        "vbus",
    )

    def __init__(self, parameters: Parameters | None = None, seed: int = 0) -> None:
        parameters = parameters or Parameters()
        self.parameters = parameters
        self._random = Random(f"pen {seed}")
        self.t_us = 0
        # Outputs of the firmware.
        self.duty = 0
        self.bridge = COAST
        self.boost = False
        self.light = (0, 0, 0)
        self.buzzer_hz = 0
        self.coil_patterns = 0
        self.coil_count = 0
        # Parts.
        self.faults = Faults()
        self._effects = FaultEffects(Random(f"faults {seed}"))
        self.person = Person(
            parameters.skin, parameters.sense.button_bounce_ms, Random(f"person {seed}")
        )
        self.cartridge: Cartridge | None = Cartridge(unique_id=self._random.getrandbits(32))
        self.seat_out_until_us = NEVER_US
        self.chain = EnableChain(parameters.bridge)
        self.stall = StallOutput(parameters.bridge)
        self.battery = Battery(parameters.battery)
        self.thermal = Thermal(parameters.thermal)
        self.stage = DepthStage(parameters.stage, Random(f"stage {seed}"))
        self.senses = Senses(parameters.sense, Random(f"senses {seed}"))
        self.flash = Flash(Random(f"flash {seed}"))
        self.accelerometer = Accelerometer(
            Random(f"accelerometer {seed}"), self.person.acceleration_mg
        )
        self.motor = Motor(parameters.motor, parameters.cam, self._circuit_ohm())
        self.motor.place(self._random.uniform(0.0, 6.28))
        self._tips = cam.tip_offset_um(parameters.cam.radius_m)
        self._quiet_ms = 0
        self.truth = Truth(self)
        # Inputs of the firmware.
        self.tach_count = 0
        self.tach_edge_us = 0
        self.index_count = 0
        self.index_edge_us = 0
        self.index_level = self.motor.at_index
        self.seat = True
        self.home = self.stage.home
        self.button = False
        self.bridge_stall = False
        self.enable_level = False
        self.vbus = False
        self._hall_exact = 0.0
        self.follow_stage()
        self.senses.sample(0.0, self._hall_exact, self.battery.terminal_v)
        self.adc_current = self.senses.current
        self.adc_hall = self.senses.hall
        self.adc_ntc = self.senses.ntc
        self.adc_battery = self.senses.battery

    # ---- outputs of the firmware ----

    def grant(self) -> None:
        """Re-arm the countdown of drive-enable, at the beginning of the next step."""
        if not self.faults.supply_cut:
            self.chain.grant(self.t_us)

    def cut(self) -> None:
        """Let drive-enable fall at once."""
        self.chain.cut()

    def watchdog_kick(self) -> None:
        """An edge on the external window watchdog, at the beginning of the next step."""
        if not self.faults.supply_cut:
            self.chain.kick(self.t_us)

    def coils(self, patterns: int, count: int) -> None:
        """Put up to four half-step patterns (4 bits each, first lowest) evenly over the next ms."""
        self.coil_patterns = patterns
        self.coil_count = count

    def i2c(self, address: int, written: bytes, read_count: int) -> bytes | None:
        """A transfer: write, then read; None when nobody acknowledges."""
        if self.faults.supply_cut:
            return None
        if address == board.I2C_ACCELEROMETER:
            return self.accelerometer.transfer(written, read_count)
        if address != board.I2C_CARTRIDGE or self.cartridge is None or self.faults.memory_dead:
            return None
        if self.t_us < self.seat_out_until_us:
            return None
        return self.cartridge.memory.transfer(self.t_us, written, read_count)

    # ---- hands ----

    def insert(self, cartridge: Cartridge) -> None:
        """Put a cartridge on."""
        self.cartridge = cartridge
        self.follow_stage()

    def remove(self) -> Cartridge | None:
        """Take the cartridge off and return it."""
        cartridge, self.cartridge = self.cartridge, None
        self.follow_stage()
        return cartridge

    def place_carriage(self, carriage_um: float) -> None:
        """Put the depth stage somewhere: the start of a test."""
        self.stage.place(carriage_um)
        self.follow_stage()

    # ---- time ----

    def step_ms(self) -> None:
        """Advance by exactly one millisecond."""
        t_us = self.t_us
        t_ms = t_us // 1000
        faults = self.faults
        if faults.active:
            self._effects.before(self)
        person = self.person
        if t_ms >= person.next_script_ms:
            person.follow_script(t_ms)
        self.button = person.button()
        if not t_ms & _UPDATE_MASK:
            self._follow_hand(t_ms)
            if not t_ms & _THERMAL_MASK:
                self._warm()
        stage = self.stage
        if self.coil_count or stage.moving:
            stage.step_ms(self.coil_patterns, self.coil_count)
            self.coil_count = 0
            self.home = stage.home
            self.follow_stage()
        truth = self.truth
        truth.driven = False
        self._turn_with_enable(t_us)
        rotor = self.motor
        mean_a = rotor.ampere_seconds * 1e3
        if rotor.events:
            self._count_events()
        self.index_level = rotor.at_index
        tip = truth.depth_um + self._tips[rotor.cell]
        if tip > truth.tip_max_um:
            truth.tip_max_um = tip
        self.stall.step_ms(mean_a)
        self.bridge_stall = self.stall.active
        self._supply(mean_a, t_ms)
        self.t_us = t_us + 1000
        if not faults.adc_frozen:
            senses = self.senses
            senses.sample(mean_a, self._hall_exact, self.battery.terminal_v)
            self.adc_current = senses.current
            self.adc_hall = senses.hall
            self.adc_ntc = senses.ntc
            self.adc_battery = senses.battery
        if faults.active:
            self._effects.after(self)

    def _turn_with_enable(self, t_us: int) -> None:
        """Turn the motor for a millisecond, with drive-enable changing inside it if it does."""
        end = t_us + 1000
        seated = self.cartridge is not None
        if not seated:
            off = t_us
        elif self.faults.active:
            off = self._effects.high_until(self)
        else:
            off = self.chain.high_until(t_us)
        on = self.seat_out_until_us
        if off >= end and on <= t_us:
            self._turn(t_us, 1000, enabled=True)
        elif off <= t_us or on >= end:
            self._turn(t_us, 1000, enabled=False)
        else:
            on = max(t_us, on)
            for begin, stop, level in (
                (t_us, on, False),
                (on, min(off, end), True),
                (max(on, off), end, False),
            ):
                if stop > begin:
                    self._turn(begin, stop - begin, enabled=level)
        self.enable_level = on < end <= off
        self.seat = seated and self.seat_out_until_us < end

    def _supply(self, mean_a: float, t_ms: int) -> None:
        """Battery and rail: every millisecond while something flows, else more rarely."""
        battery = self.battery
        if battery.boost_on != self.boost:
            battery.boost_on = self.boost
            self._quiet_ms = 0
        rotor = self.motor
        if mean_a != 0.0 or self._quiet_ms < RAIL_SETTLES_MS:
            self._quiet_ms = 0 if mean_a != 0.0 else self._quiet_ms + 1
            battery.vbus = self.vbus
            battery.step_ms(rotor.joule)
            rotor.ampere_seconds = rotor.joule = 0.0
        elif not t_ms & _UPDATE_MASK:
            battery.vbus = self.vbus
            battery.step_ms(0.0, UPDATE_MS)

    def _turn(self, t_us: int, span_us: int, *, enabled: bool) -> None:
        """Let the motor turn with enable at one level."""
        rail_v = self.battery.rail_v
        limit_a = self.parameters.bridge.current_limit_a
        if self.faults.active:
            volts, circuit = self._effects.bridge(self, enabled)
        elif rail_v < ALIVE_V:
            volts, circuit = 0.0, OPEN
        elif not enabled:
            volts, circuit = 0.0, CLOSED
        else:
            volts = terminal_volts(self.bridge, self.duty, rail_v)
            circuit = OPEN if self.bridge == COAST else CLOSED
        if volts:
            self.truth.driven = True
            self.truth.last_driven_us = t_us + span_us
        elif self.motor.at_rest(0.0):
            return
        self.motor.run(volts, circuit, limit_a, t_us, span_us)

    # ---- what changes more slowly ----

    def _circuit_ohm(self) -> float:
        parameters = self.parameters
        ohm = parameters.motor.resistance_ohm * self.thermal.resistance_factor()
        return ohm if parameters.battery.bench_v else ohm + parameters.bridge.resistance_ohm

    def _follow_hand(self, t_ms: int) -> None:
        """Hand pressure and skin as they are now, and the area swept since the last time."""
        person = self.person
        pressure = person.hand_pressure(t_ms)
        load_n = 0.0
        cartridge = self.cartridge
        if pressure and cartridge is not None:
            load_n = cartridge.pins * cartridge.wear * person.force_per_needle_n(pressure)
            if not self.motor.standing:
                self.truth.sweep(UPDATE_MS)
        self.motor.load_n = load_n
        self.home = self.stage.home
        self.follow_stage()

    def follow_stage(self) -> None:
        """Take over what depends on the carriage: protrusion, needle load, Hall."""
        cartridge = self.cartridge
        depth_um = self.stage.carriage_um
        if cartridge is not None:
            depth_um += cartridge.tip_um
        self.truth.depth_um = depth_um
        in_skin_um = depth_um - self.person.gap_um
        self.motor.set_depth(round(in_skin_um / _DEPTH_GRID_UM) * _DEPTH_GRID_UM)
        self.senses.hall_drift_um = self.faults.hall_drift_um
        self._hall_exact = self.senses.hall_code(self.stage.carriage_um)

    def _warm(self) -> None:
        thermal = self.thermal
        ohm = self.parameters.motor.resistance_ohm * thermal.resistance_factor()
        heat = self.motor.square_ampere_seconds
        self.motor.square_ampere_seconds = 0.0
        thermal.advance(heat * ohm, THERMAL_MS * 1e-3)
        self.senses.set_temperature(thermal.housing_c)
        self.motor.set_resistance(self._circuit_ohm())

    def _count_events(self) -> None:
        """Marks that passed: pulses, index, strokes."""
        truth = self.truth
        for kind, at_us in self.motor.events:
            if kind == marks.TACH:
                at_us += int(self._random.gauss(0.5, self.parameters.sense.tach_jitter_us))
                self.tach_count += 1
                self.tach_edge_us = max(self.tach_edge_us + 1, min(at_us, self.t_us + 999))
            elif kind == marks.INDEX:
                self.index_count += 1
                self.index_edge_us = at_us
                truth.tip_max_um = truth.depth_um - 2 * self.parameters.cam.radius_m * 1e6
            else:
                truth.count_stroke(at_us)
        self.motor.events.clear()
