"""What the pen writes to its flash, one scenario each, and what must be there after a restart.

A scenario prepares a flash, does its work step by step and says after each step what is committed.
After a cut the judge knows what was committed before and which step was in hand; it looks at the
flash only through a firmware that starts anew on it. Owns no state.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from firmware.history import USAGE_ACTIVE_MS, USAGE_PUNCTURES, History
from firmware.storage import layout
from firmware.storage.record_store import RecordStore
from firmware.storage.settings import Settings
from tests.firmware.storage.released import Released, released
from tests.power_cut.torn import SECTOR, TornFlash

SESSION = 77
CARTRIDGE = b"\x01\x02\x03\x04"
ZONE = 6
RUN_MOST = 5000  # punctures that the limits of a run allow; it makes 3000


@dataclass
class Model:
    """What a pen must remember, kept by the test alone."""

    plan: "bytes | None" = None
    plan_in_hand: "bytes | None" = None
    settings: dict[str, int] = field(default_factory=dict)
    settings_in_hand: dict[str, int] = field(default_factory=dict)
    faults: list[int] = field(default_factory=list)  # marks of the entries, oldest first
    fault_in_hand: "int | None" = None
    done: int = 0  # punctures that really were made in the zone
    done_ms: int = 0
    counted: int = 0  # what the pen must say when nothing is open
    bound: int = 0  # more than this a noted run cannot make
    open: bool = False  # a run is being noted, or its end is not committed


Step = Callable[[TornFlash, Model], None]


@dataclass(frozen=True)
class Scenario:
    """A name, what was before, and the steps in which the supply may fail."""

    name: str
    prepare: Callable[[TornFlash, Model], None]
    steps: tuple[Step, ...]


def usage(punctures: int, active_ms: int, stop: int = 1) -> tuple[Any, ...]:
    """A usage entry without its number."""
    return (
        1,
        SESSION,
        CARTRIDGE,
        ZONE,
        1,
        stop,
        12,
        1000,
        9000,
        active_ms,
        active_ms,
        punctures,
        9,
    )


def fault(mark: int) -> tuple[Any, ...]:
    """A fault entry without its number, told by its time."""
    return (mark, mark, 22, 6, ZONE, 80, 1, SESSION, 9000, 0, 1000, 990, 900, 3900, 2500, 4000)


def write_plan(data: bytes) -> Step:
    """A plan replaces the one before."""

    def step(flash: TornFlash, model: Model) -> None:
        model.plan_in_hand = data
        RecordStore(flash, layout.PLAN_AT).write(data)
        model.plan, model.plan_in_hand = data, None

    return step


def change_settings(**changes: int) -> Step:
    """The host changes settings."""

    def step(flash: TornFlash, model: Model) -> None:
        model.settings_in_hand = {**model.settings, **changes}
        Settings(RecordStore(flash, layout.SETTINGS_AT)).change(changes)
        model.settings, model.settings_in_hand = model.settings_in_hand, {}

    return step


def add_fault(flash: TornFlash, model: Model) -> None:
    """A fault goes into the history."""
    mark = (model.faults[-1] if model.faults else 0) + 1
    model.fault_in_hand = mark
    History(flash).add_fault(*fault(mark))
    model.faults.append(mark)
    model.fault_in_hand = None


def make_room(flash: TornFlash, model: Model) -> None:
    """At standstill, ahead of need."""
    history = History(flash)
    if not history.find_room_ahead():
        history.make_room_ahead()


def note_run(flash: TornFlash, model: Model) -> None:
    """ARMED is entered: more than this the run cannot do."""
    model.open = True
    model.bound = model.done + RUN_MOST
    History(flash).open_run(*usage(model.bound, model.done_ms + 60_000, 14))


def run(flash: TornFlash, model: Model) -> None:
    """Needles run; nothing is written."""
    model.done += 3000
    model.done_ms += 30_000


def end_run(flash: TornFlash, model: Model) -> None:
    """Parked: the zone's totals are kept."""
    History(flash).add_usage(*usage(model.done, model.done_ms))
    model.counted = model.done
    model.open = False


def disarm(flash: TornFlash, model: Model) -> None:
    """The arming ends without a run."""
    History(flash).close_run()
    model.open = False


def restart(flash: TornFlash) -> History:
    """What the pen does with its histories when it starts."""
    history = History(flash)
    left = history.unfinished_run()
    if left is not None:
        history.add_usage(*left)
    return history


def start_again(flash: TornFlash, model: Model) -> None:
    """A start, which has to count a run that was not ended."""
    restart(flash)
    if model.open:
        model.counted = model.bound
        model.open = False


def many(step: Step, times: int) -> Callable[[TornFlash, Model], None]:
    """The same step again and again, with a sound supply."""

    def prepare(flash: TornFlash, model: Model) -> None:
        for _ in range(times):
            step(flash, model)

    return prepare


def in_turn(*steps: Step) -> Callable[[TornFlash, Model], None]:
    """Steps with a sound supply."""

    def prepare(flash: TornFlash, model: Model) -> None:
        for step in steps:
            step(flash, model)

    return prepare


def left_by(pen: Released) -> Callable[[TornFlash, Model], None]:
    """Plan and settings of a pen with released firmware; its histories have their tests."""
    end = layout.SETTINGS_AT + 2 * SECTOR

    def prepare(flash: TornFlash, model: Model) -> None:
        flash.cells[:end] = pen.cells[:end]
        model.settings = dict(pen.settings)
        model.plan = pen.plan

    return prepare


def nothing(flash: TornFlash, model: Model) -> None:
    """A pen from the factory."""


OLD = b"the plan before" * 20
NEW = bytes(range(256)) + b"new!"  # 260 bytes, the longest plan


def scenarios() -> Iterator[Scenario]:
    """All of them."""
    yield Scenario("first plan", nothing, (write_plan(NEW),))
    yield Scenario("plan replaced", write_plan(OLD), (write_plan(NEW),))
    yield Scenario(
        "plan replaced twice", in_turn(write_plan(b"x" * 50), write_plan(OLD)), (write_plan(NEW),)
    )
    yield Scenario("longest record", write_plan(OLD), (write_plan(NEW * 11),))
    yield Scenario("first settings", nothing, (change_settings(buzzer=0),))
    yield Scenario(
        "settings changed",
        change_settings(buzzer=0, hall_offset_um=7),
        (change_settings(buzzer=1, hall_offset_um=-9), change_settings(light_percent=20)),
    )
    for pen in released():
        yield Scenario(
            f"settings of {pen.name}", left_by(pen), (change_settings(buzzer=1, light_percent=9),)
        )
    for count in (0, 1, 62, 63, 64, 65):
        yield Scenario(f"fault after {count}", many(add_fault, count), (add_fault, add_fault))
    for count in (0, 63, 64):
        runs = in_turn(note_run, run, end_run)
        yield Scenario(f"run after {count}", many(runs, count), (note_run, run, end_run))
    yield Scenario("arming without a run", nothing, (note_run, disarm, note_run, run, end_run))
    yield Scenario("two runs of an arming", nothing, (note_run, run, end_run, note_run, run))
    yield Scenario("start after a cut run", in_turn(note_run, run), (start_again, note_run, run))
    yield Scenario("faults come round", many(add_fault, 16 * 64), (add_fault, make_room, add_fault))
    yield Scenario(
        "armings come round", many(in_turn(note_run, disarm), 2 * 64), (make_room, note_run, run)
    )
    yield Scenario(
        "a whole session",
        in_turn(write_plan(OLD), change_settings(buzzer=0), add_fault),
        (
            make_room,
            write_plan(NEW),
            change_settings(light_percent=30),
            note_run,
            run,
            end_run,
            note_run,
            run,
            end_run,
            add_fault,
            write_plan(OLD),
        ),
    )


def judge(flash: TornFlash, model: Model) -> list[str]:
    """Start anew on the cells; what is lost or half used, in words."""
    wrong = []
    plan = RecordStore(flash, layout.PLAN_AT).read()
    if plan != model.plan and (model.plan_in_hand is None or plan != model.plan_in_hand):
        wrong.append("the plan is neither the old one nor the new one")
    held = Settings(RecordStore(flash, layout.SETTINGS_AT))
    choices = [model.settings] + ([model.settings_in_hand] if model.settings_in_hand else [])
    if not any(all(held.get(n) == v for n, v in choice.items()) for choice in choices):
        wrong.append("settings are neither all old nor all new")
    history = restart(flash)
    wrong += _faults(history, model)
    wrong += _usage(history, model)
    if History(flash).unfinished_run() is not None:
        wrong.append("a run that was counted would be counted again")
    return wrong


def _faults(history: History, model: Model) -> list[str]:
    """The last committed faults, in order, and perhaps the one in hand."""
    marks = []
    while (entry := history.fault(len(marks))) is not None and len(marks) < 70:
        if entry[1:] != fault(entry[1]):
            return [f"fault entry {entry[0]} is not what was written"]
        marks.append(entry[1])
    if model.fault_in_hand is not None and marks[:1] == [model.fault_in_hand]:
        del marks[0]
    want = model.faults[::-1][: len(marks)]
    if marks != want or len(marks) < min(len(model.faults), 69):
        return [f"faults {marks[:3]}..., committed {model.faults[-3:]}"]
    return []


def _usage(history: History, model: Model) -> list[str]:
    """Never less than was done, never more than was possible, exact when nothing was open."""
    found = list(history.usage_of_session(SESSION))
    punctures = found[0][USAGE_PUNCTURES] if found else 0
    active_ms = found[0][USAGE_ACTIVE_MS] if found else 0
    if punctures < model.done or active_ms < model.done_ms:
        return [f"{punctures} punctures counted, {model.done} made"]
    if not model.open and punctures != model.counted:
        return [f"{punctures} punctures counted, {model.counted} committed"]
    if punctures > max(model.bound, model.counted):
        return [f"{punctures} punctures counted, {model.bound} possible"]
    if model.done and not history.used_elsewhere(CARTRIDGE, SESSION + 1):
        return ["the cartridge is not known as used"]
    return []


def settle(flash: TornFlash, model: Model) -> None:
    """What was in hand was taken or not; from now on that is what must stay."""
    model.plan = RecordStore(flash, layout.PLAN_AT).read()
    model.plan_in_hand = None
    if model.settings_in_hand:
        held = Settings(RecordStore(flash, layout.SETTINGS_AT))
        if all(held.get(name) == value for name, value in model.settings_in_hand.items()):
            model.settings = model.settings_in_hand
        model.settings_in_hand = {}
    history = restart(flash)
    newest = history.fault(0)
    if model.fault_in_hand is not None and newest is not None and newest[1] == model.fault_in_hand:
        model.faults.append(model.fault_in_hand)
    model.fault_in_hand = None
    found = list(history.usage_of_session(SESSION))
    model.counted = found[0][USAGE_PUNCTURES] if found else 0
    model.done = model.counted  # a later run is counted on top of what the pen believes
    model.done_ms = found[0][USAGE_ACTIVE_MS] if found else 0
    model.open = False
