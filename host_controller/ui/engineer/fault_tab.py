"""Faults: the one that stands, and the log from the pen's flash with its snapshots.

Owns what this window has drawn.
"""

import asyncio
from collections import Counter
from html import escape
from itertools import islice

from nicegui import ui

from host_controller import errors, refusals, words
from host_controller.replies import FaultEntry
from host_controller.ui import treatment_jobs
from host_controller.ui.catalogue import Texts
from host_controller.ui.desk import Desk
from host_controller.ui.engineer.calibration_words import mm
from host_controller.ui.engineer.parts import Hands, cell, fault_words, html, small
from host_controller.ui.engineer.workshop import Workshop
from host_controller.ui.problems import tell
from host_controller.ui.problems import words as told_words
from protocol import codes
from protocol.texts import FAULT_TEXTS, PRIORITY_HIGH
from protocol.zones import zone_name

SHOWN = 64  # entries of the log; the pen answers one at a time


def acknowledge(desk: Desk, fault: int) -> None:
    """Job: acknowledge by the treatment where there is one, which records it."""
    if desk.session is not None:
        treatment_jobs.acknowledge(desk)
    else:
        desk.pen.acknowledge(fault)


def read_log(desk: Desk) -> list[FaultEntry]:
    """Job: the newest entries."""
    return list(islice(desk.pen.faults(), SHOWN))


class FaultTab:
    """One window's faults."""

    def __init__(self, say: Texts, workshop: Workshop, hands: Hands) -> None:
        self._say = say
        self._workshop = workshop
        self._hands = hands
        self._standing = -1
        self._reading = False
        self._asked = False
        self._drawn: list[FaultEntry] | None = None
        self._now = ui.column().classes("pen-card w-full gap-2")
        with ui.column().classes("pen-card w-full gap-2"):
            with ui.element("div").classes("eng-bar"):
                html(f"<h2 class='pen-h2'>{escape(say('engineer.log'))}</h2>").classes(
                    remove="w-full"
                )
                small(say("engineer.read_again"), self._read)
                self._told = ui.label().classes("eng-fact").props("role=status")
            self._counts = ui.label().classes("eng-fact")
            self._log = html("")

    def refresh(self) -> None:
        """Show a fault that has come or gone, and the log once it was read."""
        reading = self._workshop.desk.view.reading
        fault = reading.fault if reading else 0
        if fault != self._standing:
            self._standing = fault
            self._show_standing(fault)
            self._asked = False  # the log has one more entry
        if not self._asked and not self._reading and self._workshop.idle:
            self._asked = True
            ui.timer(0.3, self._read, once=True)  # the pen writes its log at standstill
        if self._workshop.faults is not self._drawn:
            self._drawn = self._workshop.faults
            self._show_log(self._drawn or [])

    # --- the one that stands ----------------------------------------------------------------------

    def _show_standing(self, fault: int) -> None:
        say = self._say
        self._now.clear()
        with self._now:
            if not fault:
                html(f"<h2 class='pen-h2'>{cell(say('engineer.no_fault'), 'eng-good')}</h2>")
                return
            sentence, next_step = self._words(fault)
            number = refusals.fault_number(fault)
            title = f"{escape(number)} {self._priority(fault)} {escape(sentence)}"
            html(f"<h2 class='pen-h2'>{title}</h2>")
            html(f"<p><b>{escape(say('engineer.how_to_clear'))}</b> {escape(next_step)}</p>")
            ui.label(say("engineer.first_cause")).classes("eng-fact")
            small(
                say("engineer.acknowledge", number=number),
                lambda: self._acknowledge(fault),
                main=True,
                hands=self._hands,
            )

    def _words(self, fault: int) -> tuple[str, str]:
        return fault_words(
            self._say, fault, refusals.fault_sentence(fault), refusals.fault_next_step(fault)
        )

    def _priority(self, fault: int) -> str:
        row = FAULT_TEXTS.get(fault)
        return cell(
            self._say(f"engineer.priority_{row[0] if row else PRIORITY_HIGH}"), "eng-priority"
        )

    async def _acknowledge(self, fault: int) -> None:
        try:
            await asyncio.wrap_future(
                self._workshop.desk.submit(lambda desk: acknowledge(desk, fault))
            )
        except errors.PenError as problem:
            tell(problem)

    # --- the log ----------------------------------------------------------------------------------

    async def _read(self) -> None:
        if self._reading:
            return
        if not self._workshop.idle:
            self._told.set_text(self._say("engineer.not_now"))
            return
        self._reading = True
        try:
            self._workshop.faults = await asyncio.wrap_future(self._workshop.desk.submit(read_log))
            self._told.set_text("")
        except errors.PenError as problem:
            told = told_words(problem)
            self._told.set_text(f"{told.number} {told.sentence}")
        finally:
            self._reading = False

    def _show_log(self, entries: list[FaultEntry]) -> None:
        counts = Counter(entry.fault for entry in entries)
        self._counts.set_text(
            " · ".join(
                f"{refusals.fault_number(fault)} × {count}" for fault, count in counts.most_common()
            )
            or self._say("engineer.log_empty")
        )
        self._log.set_content("".join(self._entry(entry, counts) for entry in entries))

    def _entry(self, entry: FaultEntry, counts: Counter[int]) -> str:
        sentence, next_step = self._words(entry.fault)
        say = self._say
        number = refusals.fault_number(entry.fault)
        zone = say.zone(zone_name(entry.zone)) if entry.zone else "–"
        facts = snapshot(say, entry)
        cells = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts
        )
        return (
            f'<details class="eng-fault"><summary><span>#{entry.number}</span><b>{number}</b>'
            f"{self._priority(entry.fault)}<span>{escape(words.moment(entry.unix_s))}</span>"
            f"<span>{escape(sentence)}</span><span>{escape(zone)}</span></summary><div>"
            f"<p><b>{escape(say('engineer.how_to_clear'))}</b> {escape(next_step)}</p>"
            f"<p class='eng-fact'>{escape(say('engineer.seen', count=counts[entry.fault]))}</p>"
            f"<dl class='eng-snapshot'>{cells}</dl></div></details>"
        )


def snapshot(say: Texts, entry: FaultEntry) -> list[tuple[str, str]]:
    """What the pen kept of the moment, with units."""
    set_word = say("engineer.set")
    bits = range(len(codes.CONDITION_NAMES))
    held = [codes.CONDITION_NAMES[bit] for bit in bits if entry.conditions >> bit & 1]
    known = entry.state < len(codes.STATE_NAMES)
    return [
        (say("engineer.state"), say(f"state.{entry.state}") if known else str(entry.state)),
        (
            say("engineer.depth"),
            f"{mm(say, entry.depth_um)} · {set_word} {mm(say, entry.depth_set_um)}",
        ),
        (
            say("engineer.rate"),
            f"{say.hz(entry.rate_chz, 2)} · {set_word} {say.hz(entry.rate_set_chz, 2)}",
        ),
        (say("engineer.current"), f"{entry.current_ma} mA"),
        (say("engineer.duty"), say.figures(f"{entry.duty / 50:.1f} %")),
        (
            say("engineer.voltage"),
            say.figures(f"{entry.supply_mv / 1000:.3f} V · {entry.battery_pct} %"),
        ),
        (say("engineer.temperature"), say.figures(f"{entry.temperature_cdeg / 100:.2f} °C")),
        (say("engineer.pen_clock"), say.figures(f"{entry.t_ms / 1000:.3f} s")),
        (say("engineer.session"), f"{entry.session_id:08x}" if entry.session_id else "–"),
        (say("engineer.conditions"), ", ".join(held) or "–"),
    ]
