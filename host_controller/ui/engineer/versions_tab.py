"""Versions: the pen beside this computer, what could be newer, the self-test, the settings.

Owns what this window has drawn.
"""

import asyncio
import platform
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from nicegui import ui

from host_controller import errors, versions
from host_controller.flashing import built, image_file
from host_controller.library import store as libraries
from host_controller.pen_words import cartridge_words, library_words, plan_words
from host_controller.ui.catalogue import Texts
from host_controller.ui.desk import Desk
from host_controller.ui.engineer.parts import Hands, cell, html, small, table
from host_controller.ui.engineer.workshop import Facts, Workshop
from host_controller.ui.problems import tell
from protocol.hello import PenIdentity
from protocol.version import SCHEMA_ID

if TYPE_CHECKING:
    from host_controller.flashing.built import Built


def ask(desk: Desk) -> Facts:
    """Job: what the pen tells of itself."""
    pen = desk.pen
    return Facts(
        pen.identity.serial,
        pen.settings(),
        cartridge_words(pen.cartridge()),
        plan_words(pen.plan_info()),
    )


class VersionsTab:
    """One window's view of what is on the pen and what is here."""

    def __init__(self, say: Texts, workshop: Workshop, hands: Hands) -> None:
        self._say = say
        self._workshop = workshop
        self._asked_for = ""
        self._busy = False
        self._built: Built | None = None
        self._key: object = None
        with ui.column().classes("pen-card w-full gap-2"):
            html(f"<h2 class='pen-h2'>{escape(say('engineer.versions'))}</h2>")
            self._update = ui.label().classes("pen-amber")
            self._update.set_visibility(False)
            self._table = html("")
        with ui.column().classes("pen-card w-full gap-2"):
            with ui.element("div").classes("eng-bar"):
                html(f"<h2 class='pen-h2'>{escape(say('engineer.self_test'))}</h2>").classes(
                    remove="w-full"
                )
                small(say("engineer.test"), self._test, hands=hands)
            self._result = html("")
        with ui.column().classes("pen-card w-full gap-2"):
            with ui.element("div").classes("eng-bar"):
                html(f"<h2 class='pen-h2'>{escape(say('engineer.on_the_pen'))}</h2>").classes(
                    remove="w-full"
                )
                small(say("engineer.read_again"), self._ask)
            self._settings = html("")

    def refresh(self) -> None:
        """Ask a pen that is new here, draw what has changed."""
        workshop = self._workshop
        identity = workshop.desk.view.identity
        serial = workshop.serial
        if serial and serial != self._asked_for and workshop.idle and not self._busy:
            self._asked_for = serial
            ui.timer(0.01, self._ask, once=True)
        key = (identity, serial, self._built, workshop.facts, workshop.facts.self_test_at)
        if identity is None or key == self._key:
            return
        self._key = key
        self._table.set_content(self._versions(identity))
        self._show_update(identity)
        self._show_facts(workshop.facts)

    # --- questions --------------------------------------------------------------------------------

    async def _ask(self) -> None:
        if self._busy:
            return
        if not self._workshop.idle:
            ui.notify(self._say("engineer.not_now"), position="top")
            return
        self._busy = True
        workshop = self._workshop
        try:
            before = workshop.facts
            facts = await asyncio.wrap_future(workshop.desk.submit(ask))
            if before.serial == facts.serial:
                facts.self_test, facts.self_test_at = before.self_test, before.self_test_at
            workshop.facts = facts
            identity = workshop.desk.view.identity
            if identity is not None:
                image = await asyncio.to_thread(built.newest)
                self._built = built.against(identity, image)
        except errors.PenError as problem:
            tell(problem)
        finally:
            self._busy = False

    async def _test(self) -> None:
        workshop = self._workshop

        def job(desk: Desk) -> list[str]:
            workshop.require_idle(desk)
            return desk.pen.self_test()

        try:
            failed = await asyncio.wrap_future(workshop.desk.submit(job))
        except errors.PenError as problem:
            tell(problem)
            return
        workshop.facts.serial = workshop.serial
        workshop.facts.self_test = ", ".join(failed) or "passed"
        workshop.facts.self_test_at = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
        self._key = None

    # --- what is shown ----------------------------------------------------------------------------

    def _versions(self, identity: PenIdentity) -> str:
        say, view = self._say, self._workshop.desk.view
        image = self._built.image if self._built else None
        library = libraries.in_force()
        on_pen = library_words(identity)
        schema_good = identity.schema == SCHEMA_ID
        rows = [
            (
                say("engineer.firmware"),
                cell(identity.firmware, "eng-mono"),
                cell(f"{image.info.version}+{image.info.commit}", "eng-mono") if image else "–",
                self._verdict(),
            ),
            (
                say("engineer.image"),
                cell(identity.image or say("engineer.counting"), "eng-mono"),
                cell(image.image_id, "eng-mono") if image else "–",
                "",
            ),
            (
                say("engineer.schema"),
                cell(identity.schema, "eng-mono"),
                cell(SCHEMA_ID, "eng-mono"),
                cell(
                    say("engineer.same" if schema_good else "engineer.differs"), _kind(schema_good)
                ),
            ),
            (
                say("engineer.board"),
                cell(f"{identity.product}, {identity.serial}"),
                cell(image_file.BOARD),
                cell(say("engineer.simulated"), "eng-note") if view.simulated else "",
            ),
            (
                say("engineer.library"),
                cell(on_pen or "–", "eng-mono"),
                cell(library.tag, "eng-mono") + f" {escape(library.name)}",
                self._library_verdict(on_pen, library.tag),
            ),
            (
                say("engineer.program"),
                "–",
                cell(f"{versions.program_version()}, Python {platform.python_version()}"),
                "",
            ),
            (say("engineer.can_do"), cell(", ".join(identity.capabilities) or "–"), "–", ""),
        ]
        header = ("", say("engineer.pen"), say("engineer.here"), "")
        shown = [(f"<b>{escape(row[0])}</b>", *row[1:]) for row in rows]
        return table(header, shown, say("engineer.versions"))

    def _verdict(self) -> str:
        if self._built is None:
            return ""
        good = self._built.verdict == built.SAME
        kind = "eng-good" if good else "eng-note"
        return cell(self._say(f"engineer.image_{self._built.verdict}"), kind)

    def _library_verdict(self, on_pen: str, here: str) -> str:
        if not on_pen:
            return cell(self._say("engineer.no_plan"), "eng-note")
        same = on_pen == here
        text = self._say("engineer.same" if same else "engineer.library_other")
        return cell(text, "eng-good" if same else "eng-note")

    def _show_update(self, identity: PenIdentity) -> None:
        found = self._built
        newer = found is not None and found.verdict == built.NEWER
        if newer and found is not None and found.image is not None:
            version = f"{found.image.info.version}+{found.image.info.commit}"
            self._update.set_text(
                self._say(
                    "engineer.update",
                    old=identity.firmware,
                    new=version,
                    file=found.image.path,
                )
            )
        self._update.set_visibility(newer)

    def _show_facts(self, facts: Facts) -> None:
        say = self._say
        result = cell(say("engineer.not_tested"), "eng-fact")
        if facts.self_test:
            good = facts.self_test == "passed"
            text = say("engineer.passed") if good else say("engineer.failed", names=facts.self_test)
            result = cell(f"{text} ({facts.self_test_at})", _kind(good))
        self._result.set_content(result)
        rows = [
            (say("engineer.cartridge"), facts.cartridge),
            (say("engineer.plan"), facts.plan),
            *((name, str(value)) for name, value in facts.settings.items()),
        ]
        header = (say("engineer.name"), say("engineer.value"))
        shown = [(cell(name, "eng-mono"), cell(value)) for name, value in rows]
        self._settings.set_content(table(header, shown, say("engineer.on_the_pen")))


def _kind(good: bool) -> str:
    return "eng-good" if good else "eng-bad"
