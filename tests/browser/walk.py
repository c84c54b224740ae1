"""The ways through the pages, as a practitioner clicks them. Each returns when the page is there.

`Walk` counts the deliberate actions: a click, a key, a field that is filled in.
"""

import re
from typing import Any, Protocol

from playwright.sync_api import Page, expect

# By its place in the page: its words name what is armed.
ARM = "[data-testid=arm]"
END = "End the treatment"
STATE_MS = 20_000  # of a pen on a busy machine
AT_ONCE_MS = 5_000
TRIES = 5


class SimulatedPerson(Protocol):
    """Who presses the button of the simulated pen."""

    def do(self, **orders: Any) -> dict[str, Any]:
        """Orders for the person, things and plant."""


def in_control(page: Page) -> Page:
    """Wait for the page; take control if another window had it."""
    expect(page.get_by_role("button", name="STOP")).to_be_visible()
    page.locator(".pen-content > *").first.wait_for()
    take = page.get_by_role("button", name="Take control")
    if take.is_visible():
        take.click()
        take.wait_for(state="hidden")
    return page


class Walk:
    """One visit through one window."""

    def __init__(self, page: Page, program: SimulatedPerson) -> None:
        self.page = page
        self.program = program
        self.actions = 0

    def click(self, name: str, role: str = "button", *, exact: bool = False) -> None:
        """Click what has this name."""
        self.page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]
        self.actions += 1

    def fill(self, label: str, text: str) -> None:
        """Write into a field."""
        self.page.get_by_label(label).fill(text)
        self.actions += 1

    def choose(self, label: str, option: str) -> None:
        """Choose from a list: one action, opened and taken."""
        self.page.get_by_label(label).click()
        self.page.get_by_role("option", name=option, exact=True).click()
        self.actions += 1

    def client(self, number: str = "C-1042", concern: str = "acne scars") -> None:
        """Who and what for, up to the questions."""
        self.fill("Client number", number)
        self.fill("Your staff code", "AB1")
        self.choose("Concern", concern)
        self.choose("Skin type", "III")
        self.click("Ask the questions")
        self.page.get_by_role("button", name="To the plan").wait_for()

    def questions(self) -> None:
        """All asked, all no, up to the plan."""
        self.click("All asked")
        self.click("To the plan")
        self.page.get_by_role("button", name="Send to the pen").wait_for()

    def zone(self, name: str) -> None:
        """Choose a zone on the map, or leave it out; `name` as the protocol has it."""
        zone = self.page.locator(f'[data-zone="{name}"][role=checkbox]').first
        wanted = "false" if zone.get_attribute("aria-checked") == "true" else "true"
        zone.press("Enter")
        self.actions += 1
        expect(zone).to_have_attribute("aria-checked", wanted)

    def only_zones(self, *names: str) -> None:
        """Leave out every proposed zone but these."""
        chosen = self.page.locator('[data-zone][role=checkbox][aria-checked="true"]')
        chosen.first.wait_for()
        for name in {zone.get_attribute("data-zone") or "" for zone in chosen.all()} - {*names}:
            self.zone(name)

    def send(self) -> None:
        """The plan to the pen, up to the live page."""
        self.click("Send to the pen")
        self.page.locator(ARM).wait_for()

    def arm(self) -> None:
        """Arm the pen; afresh when a busy machine made it let go at once."""
        self.actions += 1
        for _ in range(TRIES):
            self.state("Ready to arm")
            self.page.locator(ARM).click()
            try:
                self.state("ARMED", AT_ONCE_MS)
            except AssertionError:
                continue
            return
        raise AssertionError("the pen is not armed")

    def to_armed(self) -> None:
        """From the first page to an armed pen."""
        self.client()
        self.questions()
        self.send()
        self.arm()

    def press(self) -> None:
        """The simulated thumb, until the needles run."""
        self.program.do(press=True)
        self.state("NEEDLES RUN")

    def run(self) -> None:
        """Arm and press until the needles run; afresh when a busy machine made it stop between."""
        for _ in range(TRIES):
            self.program.do(press=False)
            self.arm()
            self.program.do(press=True)
            try:
                self.state("NEEDLES RUN", AT_ONCE_MS)
            except AssertionError:
                continue
            return
        raise AssertionError("the needles do not run")

    def stop(self) -> None:
        """STOP by key, until the pen stands."""
        self.page.keyboard.press("Escape")
        self.program.do(press=False)
        self.state("Ready to arm")

    def end(self) -> None:
        """End the treatment, up to its record."""
        self.click(END)
        self.page.get_by_role("button", name="Report (PDF)").wait_for()

    def home(self) -> None:
        """To the first page, wherever the visit stands; a new cartridge is on."""
        self.program.do(press=False, contact=False, cable=True, cartridge="remove")
        page = self.page
        number = page.get_by_label("Client number")
        back = page.locator(".pen-steps").get_by_role("button", name="Client", exact=True)
        leaves = [page.get_by_role("button", name=name) for name in (END, "Next client")]
        while not number.is_visible():
            number.or_(back).or_(leaves[0]).or_(leaves[1]).first.wait_for()
            for leave in (back, *leaves):
                if leave.is_visible():
                    leave.click()
                    leave.wait_for(state="detached")
        self.state("Ready, no cartridge")
        self.program.do(cartridge={"pins": 12, "state": "new"})
        self.state(re.compile("Cartridge seated|Ready to arm"))  # a plan may still be on the pen

    def state(self, words: str | re.Pattern[str], patience_ms: int = STATE_MS) -> None:
        """Wait until the pen says that it is in this state."""
        expect(self.page.locator(".pen-state")).to_have_text(words, timeout=patience_ms)
