"""The ways through the pages, as a practitioner clicks them. Each returns when the page is there.

`Walk` counts the deliberate actions: a click, a key, a field that is filled in.
"""

from playwright.sync_api import Page, expect

from tests.browser.real_program import RealProgram


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

    def __init__(self, page: Page, program: RealProgram) -> None:
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
        """Choose a zone on the map, or leave it out."""
        self.page.locator(f'[data-zone][aria-label="{name}"]').first.click()
        self.actions += 1

    def send(self) -> None:
        """The plan to the pen, up to the live page."""
        self.click("Send to the pen")
        self.page.get_by_role("button", name="Arm for 30 s").wait_for()

    def arm(self) -> None:
        """Arm the pen."""
        self.click("Arm for 30 s")
        self.state("ARMED")

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

    def state(self, words: str) -> None:
        """Wait until the pen says that it is in this state."""
        expect(self.page.locator(".pen-state")).to_have_text(words)
