"""The composition root: what the main loop is made of, connected to the parts of the tick, and run.

Decides nothing. The tick (`tick.py`) stops the needles by itself; the main loop does the rest. An
exception in either cuts the drive and latches FAULT_INTERNAL. Owns the parts of the main loop.
"""

import gc

from firmware import loaded, recording, updating
from firmware.comms.dispatcher import Dispatcher
from firmware.comms.gather import gather
from firmware.comms.plan_receiver import PlanReceiver
from firmware.comms.session import Session
from firmware.comms.telemetry import TelemetrySender
from firmware.diagnostics.self_test import SelfTest
from firmware.diagnostics.statistics import Statistics
from firmware.diagnostics.wall_clock import WallClock
from firmware.drivers.cartridge_memory import CartridgeMemory
from firmware.history import (
    USAGE_ACTIVE_MS,
    USAGE_CONTACT_MS,
    USAGE_PASSES,
    USAGE_PUNCTURES,
    USAGE_ZONE,
    History,
)
from firmware.indicator import Indicator
from firmware.pen_services import PenServices
from firmware.safety import requests
from firmware.safety.limits import SETTLE_MS
from firmware.storage import layout
from firmware.storage.record_store import RecordStore
from firmware.tick import Tick
from firmware.treatment import plan as plan_check
from firmware.treatment.cartridge_keeper import CartridgeKeeper
from firmware.treatment.gestures import ArmGesture
from protocol import codes, messages, plan_layout
from protocol.interpreter import const
from protocol.zones import ZONE_COUNT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import Board
    from protocol.telemetry import Record

    Refusal = tuple[int, int, int, int, int]

SLOW_MS = const(8)  # cartridge, self-test, gesture, light, histories
OUTPUTS_MS = const(1000)  # how an output is set up is read back so often, and before each arming
COLLECT_MS = const(1000)  # garbage is collected at standstill, at most this often
_WRAP = const(0x3FFFFFFF)
_RUNNING = codes.STATE_RUNNING


class App:
    """One pen on one board. `boot` once, then `poll` between the ticks.

    `tick` is what runs already while this is loaded; without one it begins with `boot`.
    """

    def __init__(self, board: "Board", tick: "Tick | None" = None) -> None:
        self.ticks = tick = tick or Tick(board)
        self.board = board
        self.unique_id = b""
        self.readings = tick.readings
        self.settings = tick.settings
        self.motion = tick.motion
        self.treatment = tick.treatment
        self.supervisor = tick.supervisor
        words = self.readings.words
        self._handle = board.handle(words)
        self.statistics = Statistics(words)
        self.wall_clock = WallClock(self.readings)
        self.plan_store = RecordStore(board.flash, layout.PLAN_AT)
        self.history = History(board.flash)
        self.updater = updating.Updater(self)
        # The parts of the main loop.
        self.cartridge_memory = CartridgeMemory(board.i2c)
        self.cartridge = CartridgeKeeper(
            self.cartridge_memory, self.treatment, self.history.used_elsewhere
        )
        self.self_test = SelfTest(self.readings, board.flash, board.i2c)
        self.arm_gesture = ArmGesture()
        self.indicator = Indicator(board.light, board.buzzer)
        services = PenServices(self)
        receiver = PlanReceiver(services.check_plan, services.keep_plan)
        self.dispatcher = Dispatcher(services, receiver)
        self.session = Session(board.link, self.dispatcher)
        self.telemetry = TelemetrySender(self.fill_telemetry, board.link.write)
        self.recorder = recording.Recorder(self)
        self._told_state = codes.STATE_BOOT
        self._last_ms = 0
        self._slow_ms = 0
        self._collect_ms = 0
        self._outputs_ms = 0
        self._boot_tested = False

    def boot(self) -> None:
        """Read what is stored, and start the tick unless it runs already."""
        self.unique_id = self.board.unique_id()
        self.recorder.count_unfinished()
        stored = self.plan_store.read()
        if stored is not None and plan_check.refusal(stored)[0] == codes.RESULT_OK:
            # Limits may have become tighter with new firmware: a plan that no longer passes stays
            # in the flash but not in force.
            self.put_plan_in_force(stored, plan_layout.digest(stored))
        loaded()
        gc.collect()
        self.ticks.start()

    def run(self) -> None:
        """Boot, then serve until the board goes down."""
        self.boot()
        wait = self.board.ticker.wait
        while wait():
            self.poll()

    # --- the main loop -----------------------------------------------------------------------

    def poll(self) -> None:
        """One pass of the main loop."""
        try:
            self._pass()
        except Exception as error:  # noqa: BLE001 - a main loop that errs is a fault, not a halt
            requests.fault(self.supervisor, codes.FAULT_INTERNAL)
            self.statistics.error(error)

    def _pass(self) -> None:
        self.session.poll()  # first: a request is answered at once
        supervisor = self.supervisor
        t_ms = self.readings.t_ms
        ms = (t_ms - self._last_ms) & _WRAP
        self._last_ms = t_ms
        requests.main_loop_lives(supervisor)
        if self.dispatcher.waiting:
            self.dispatcher.poll(self.session.link)
        if supervisor.state != self._told_state:
            self._tell_state(t_ms)
            if codes.STATE_ARMED <= supervisor.state <= codes.STATE_POSITIONING:
                self._outputs_hold()  # before each start: after a run nobody asks to arm again
            self.recorder.poll()  # an arming is noted before its button can be pressed
        self.telemetry.poll(ms)
        self._slow_ms += ms
        if self._slow_ms >= SLOW_MS:
            self._slow_pass(t_ms, self._slow_ms)
            self._slow_ms = 0

    def _slow_pass(self, t_ms: int, ms: int) -> None:
        """What a person or a chip is quick enough for, `ms` after the last time."""
        supervisor = self.supervisor
        state = supervisor.state
        conditions = supervisor.conditions
        word = conditions.word
        self.recorder.poll()
        self._tend_cartridge(state, ms)
        self._test_self(state)
        down = bool(word >> codes.COND_BUTTON & 1)
        if self.arm_gesture.step(down, conditions.button_held_ms, state):
            self.ask_arm(True)
        settings = self.settings
        self.updater.poll(state, word, ms)
        shown = self.updater.light(state)
        self.indicator.poll(
            t_ms, shown, word, settings.get("light_percent"), settings.get("buzzer"), ms
        )
        self.statistics.main_pass(ms)
        failed = self.ticks.failed
        if failed is not None:
            self.statistics.error(failed)
            self.ticks.failed = None
        self._outputs_ms += ms
        if self._outputs_ms >= OUTPUTS_MS:
            self._outputs_ms = 0
            self._outputs_hold()
        self._collect(ms)

    def _tell_state(self, t_ms: int) -> None:
        supervisor = self.supervisor
        self.telemetry.notice(
            t_ms,
            supervisor.state,
            self._told_state,
            supervisor.end_reason,
            supervisor.faults.current,
            self.treatment.zone,
        )
        self._told_state = supervisor.state

    def _tend_cartridge(self, state: int, ms: int) -> None:
        conditions = self.supervisor.conditions
        seated = conditions.word >> codes.COND_SEATED & 1
        armed = codes.STATE_ARMED <= state <= _RUNNING
        keeper = self.cartridge
        keeper.poll(seated, conditions.seat_generation, armed, self.wall_clock.unix_s(), ms)
        if keeper.mark_failed:
            keeper.mark_failed = 0
            requests.stop(self.supervisor, codes.STOP_CARTRIDGE)

    def _test_self(self, state: int) -> None:
        """At boot, and when the host asks."""
        supervisor = self.supervisor
        proof = supervisor.proof
        test = self.self_test
        if state != codes.STATE_BOOT:
            self._boot_tested = False
        elif self.readings.button:
            return  # keeps the pen in BOOT until it is released, or stuck
        elif self._boot_tested:
            pass
        elif self.readings.t_ms < SETTLE_MS:
            pass  # after a reset at speed the needles run out first; the stage is on its way home
        elif not test.running:
            self._boot_tested = True
            self.begin_self_test()
        if test.running and not proof.active and proof.done_count == test.proofs_before:
            requests.prove_stop_path(supervisor)  # not begun yet, or disturbed: once more
        if not test.poll(proof.done_count, proof.failed_bits, supervisor.faults.current):
            return
        requests.report_self_test(supervisor, not test.failed)
        if test.failed and supervisor.state == codes.STATE_BOOT:
            requests.fault(supervisor, codes.FAULT_SELF_TEST)
        reply = self.session.link.deferred(messages.SELF_TEST)
        if reply is not None:
            names = test.names()
            reply.json([("passed", 0 if names else 1), ("failed", names)])
            self.session.link.finish(codes.RESULT_OK)

    def _outputs_hold(self) -> bool:
        """Whether the outputs are set up as they were; if not, what is under way ends."""
        if self.board.outputs_wrong():
            requests.fault(self.supervisor, codes.FAULT_OUTPUT)
            return False
        return True

    def _collect(self, ms: int) -> None:
        """Collect garbage while nothing can move, so that it is not due while something does."""
        self._collect_ms += ms
        if self._collect_ms >= COLLECT_MS and self.supervisor.state < codes.STATE_ARMED:
            self._collect_ms = 0
            gc.collect()

    # --- for the services --------------------------------------------------------------------

    def ask_arm(self, by_button: bool) -> "Refusal":
        """Arming, by host or by button: one path."""
        if self.self_test.running:
            return (codes.RESULT_WRONG_STATE, 0, self.supervisor.state, 0, 0)
        refusal = self.updater.refusal()
        if refusal[0] != codes.RESULT_OK:
            return refusal
        if self.treatment.cartridge_result not in (codes.RESULT_OK, codes.RESULT_NO_CARTRIDGE):
            return self.cartridge.verdict
        if self.treatment.zone and self.treatment.progress.finished:
            return (codes.RESULT_DOSE_REACHED, 0, self.treatment.zone, 0, 0)
        if not self._outputs_hold():
            return (codes.RESULT_FAULT_LATCHED, 0, codes.FAULT_OUTPUT, 0, 0)
        return requests.arm(self.supervisor, by_button)

    def begin_self_test(self) -> "Refusal":
        """Start the self-test; refused where a proof of the stop path is."""
        refusal = requests.prove_stop_path(self.supervisor)
        if refusal[0] == codes.RESULT_OK:
            self.self_test.begin(self.supervisor.proof.done_count)
        return refusal

    def put_plan_in_force(self, data: bytes, sha256: bytes) -> None:
        """Take a plan that was checked and stored."""
        if self.treatment.put_in_force(plan_layout.unpack(data), sha256):
            self._take_up_session()
        self.cartridge.look_again()

    def _take_up_session(self) -> None:
        """A session goes on where the pen's own history left it: dose and time cannot be reset by
        a power cycle or by pushing its plan again (H26, H27).
        """
        progress = self.treatment.progress
        active_ms = 0
        for entry in self.history.usage_of_session(self.treatment.session_id):
            zone = entry[USAGE_ZONE]
            if 1 <= zone <= ZONE_COUNT:
                active_ms += entry[USAGE_ACTIVE_MS]
                progress.restore(
                    zone,
                    entry[USAGE_ACTIVE_MS],
                    entry[USAGE_CONTACT_MS],
                    entry[USAGE_PUNCTURES],
                    entry[USAGE_PASSES],
                )
        requests.begin_session(self.supervisor, active_ms)

    def fill_telemetry(self, record: "Record") -> None:
        """What is measured and counted now. Allocates nothing."""
        gather(self._handle, record, self.session.frames_bad)
