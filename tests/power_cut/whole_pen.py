"""A whole pen on the bench loses its supply in each flash operation of a session.

From its first start through settings, plan, a run, another run that is cut by the host, a fault,
to a second plan. Afterwards it starts, has no fault, keeps what it had, and can do it all again.
Owns one bench at a time.
"""

from hardware.plant.flash import PowerCut as PlantCut
from host_controller.errors import PenError
from protocol import codes
from protocol.zones import zone_id
from tests.power_cut.every_cut import Tally
from tests.system.harness import TODAY, BenchPen, plan_image, row

OLD = plan_image([row("cheek", 1000)], session_id=1)
NEW = plan_image([row("nose", 250), row("chin", 500)], session_id=2)
FRACTIONS = (0.0, 0.3, 0.7, 1.0)


class Session:
    """The work, and what is known of it when it stops."""

    def __init__(self, sim: BenchPen) -> None:
        self.sim = sim
        self.plans: tuple[bytes | None, ...] = (None,)  # of which one must be there
        self.counted = 0  # punctures that the pen has said after a run and a wait

    def work(self) -> None:
        """All of it; PenError when the pen goes."""
        sim = self.sim
        sim.pen.set_settings({"light_percent": 33, "hall_offset_um": 0})
        sim.pen.set_clock(TODAY)
        sim.wait_state(codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED)
        self._push(OLD)
        sim.pen.select_zone(zone_id("cheek"))
        sim.wait_state(codes.STATE_CONFIGURED)
        sim.person.touch("cheek")
        sim.arm()
        for _ in range(2):
            self._run()
        sim.pen.stop()
        sim.pump(100)
        taken = sim.plant.remove()
        sim.pump(50)
        if taken is not None:
            sim.plant.insert(taken)
        sim.pump(200)
        self._push(NEW)
        sim.pump(100)

    def _push(self, image: "object") -> None:
        sim = self.sim
        self.plans = (self.plans[-1], image.sha256)  # type: ignore[attr-defined]
        sim.pen.push_plan(image)  # type: ignore[arg-type]
        self.plans = self.plans[1:]

    def _run(self) -> None:
        sim = self.sim
        sim.person.press()
        sim.wait_state(codes.STATE_RUNNING, limit_ms=2000)
        sim.pump(600)
        sim.person.release()
        sim.pump(50)
        sim.person.press()
        sim.wait_state(codes.STATE_ARMED, limit_ms=2000)
        sim.person.release()
        sim.pump(50)
        self.counted = sim.status().punctures


def cut_in(operation: int, fraction: float, seed: int) -> list[str]:
    """Cut one operation of a session; what is wrong afterwards."""
    with BenchPen(seed=seed) as sim:
        session = Session(sim)
        sim.plant.flash.cut_after(operation, fraction)
        try:
            session.work()
        except (PenError, PlantCut, TimeoutError):
            pass
        if not sim.bench.faults.supply_cut:
            return ["the cut did not come"]
        sim.person.release()
        sim.bench.advance(200)
        sim.bench.power_on()
        return judge(sim, session)


def judge(sim: BenchPen, session: Session) -> list[str]:
    """The pen after its start."""
    sim.connect()
    wrong = []
    if sim.bench.firmware_error:
        wrong.append(sim.bench.firmware_error)
    status = sim.status()
    if status.fault:
        wrong.append(f"fault {status.fault}")
    info = sim.pen.plan_info()
    if (info.sha256 if info else None) not in session.plans:
        wrong.append("the plan is neither the old one nor the new one")
    counted = max((entry.punctures for entry in sim.pen.usage()), default=0)
    if counted < session.counted:
        wrong.append(f"{counted} punctures counted, {session.counted} were told")
    sim.pen.set_clock(TODAY)
    sim.wait_state(codes.STATE_CARTRIDGE_OK, codes.STATE_IDLE)
    sim.pen.push_plan(NEW)
    return wrong


def operations() -> int:
    """Flash operations of a session, from the first start on."""
    with BenchPen() as sim:
        before = sim.plant.flash.operations
        Session(sim).work()
        return sim.plant.flash.operations - before


def every_operation(tally: Tally, fractions: tuple[float, ...] = FRACTIONS) -> None:
    """Cut each of them, each way."""
    for operation in range(operations()):
        for number, fraction in enumerate(fractions):
            wrong = cut_in(operation, fraction, 1 + operation + 100 * number)
            tally.take(f"whole pen, operation {operation}, {fraction:.0%}", wrong)
