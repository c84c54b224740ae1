"""Ways through the pages without a browser: what a click leads to, and what it does not."""

import pytest
from nicegui import ui
from nicegui.testing import User

from host_controller.ui import problems
from host_controller.ui.catalogue import Texts
from host_controller.ui.visit import CHECKLIST, CLIENT, PLAN, TREAT
from protocol import codes, plan_layout
from protocol.zones import zone_name
from tests.host_controller.fake_pen import FakePen
from tests.host_controller.ui.simulated_user import Windows, until, walk

pytestmark = pytest.mark.slow


def fill(user: User, label: str, text: str) -> None:
    user.find(kind=ui.input, content=label).clear().type(text)


def choose(user: User, label: str, value: str) -> None:
    (field,) = user.find(kind=ui.select, content=label).elements
    assert value in field.options
    field.set_value(value)


async def to_questions(windows: Windows, user: User, client: str = "C-1042") -> None:
    fill(user, "Client number", client)
    fill(user, "Your staff code", "AB1")
    choose(user, "Concern", "enlarged-pores")
    choose(user, "Skin type (Fitzpatrick)", "III")
    user.find(kind=ui.button, content="Ask the questions").click()


async def to_plan(windows: Windows, user: User) -> None:
    await to_questions(windows, user)
    await windows.sees(user, "All asked, all no")
    user.find(kind=ui.button, content="All asked, all no").click()
    user.find(kind=ui.button, content="To the plan").click()
    await windows.sees(user, "Send to the pen")


def test_a_pen_is_found_and_named_in_the_header(fake: FakePen) -> None:
    async def steps(windows: Windows) -> None:
        user = await windows.open()
        await windows.sees(user, "FAKE0001")
        await windows.sees(user, "Cartridge seated")

    walk(fake, steps)


def test_a_name_is_no_client_number(fake: FakePen) -> None:
    async def steps(windows: Windows) -> None:
        user = await windows.open()
        await windows.sees(user, "Client number")
        await to_questions(windows, user, "Anna")
        await until(lambda: bool(user.notify.messages))
        assert "E101 'Anna' cannot be used as a client number." in user.notify.messages[-1]
        assert windows.program.visit.step == CLIENT

    walk(fake, steps)


def test_no_plan_before_every_question_is_answered(fake: FakePen) -> None:
    async def steps(windows: Windows) -> None:
        user = await windows.open()
        await windows.sees(user, "Client number")
        await to_questions(windows, user)
        await windows.sees(user, "Ask C-1042")
        user.find(kind=ui.button, content="To the plan").click()
        await windows.sees(user, "12 questions have no answer.")
        assert windows.program.visit.step == CHECKLIST
        user.find(kind=ui.button, content="All asked, all no").click()
        user.find(kind=ui.button, content="To the plan").click()
        await until(lambda: windows.program.visit.step == PLAN)

    walk(fake, steps)


def test_a_depth_beyond_the_hard_limit_is_refused_and_the_plan_keeps_its_own(
    fake: FakePen,
) -> None:
    async def steps(windows: Windows) -> None:
        user = await windows.open()
        await windows.sees(user, "Client number")
        await to_plan(windows, user)
        visit = windows.program.visit
        zone = visit.zones[0]
        before = visit.value(zone, "depth")
        field = user.find(marker=f"depth-{zone}")
        field.clear().type("2.45").trigger("blur")
        await windows.sees(user, "E193 2.45 mm is outside")
        await windows.sees(user, f"The plan keeps {before / 1000:.2f} mm.")
        assert visit.value(zone, "depth") == before
        (send,) = user.find(kind=ui.button, content="Send to the pen").elements
        assert not send.enabled
        assert fake.plan is None

    walk(fake, steps)


def test_a_plan_goes_to_the_pen_and_its_first_zone_is_the_pens(fake: FakePen) -> None:
    async def steps(windows: Windows) -> None:
        user = await windows.open()
        await windows.sees(user, "Client number")
        await to_plan(windows, user)
        zones = windows.program.visit.zones
        user.find(kind=ui.button, content="Send to the pen").click()
        await until(lambda: windows.program.visit.step == TREAT)
        await windows.sees(user, "Ready to arm")
        assert fake.plan is not None
        plan = plan_layout.unpack(fake.plan)
        # The shallower first pass: only zones of the plan, each at its first depth or less.
        assert {zone_name(row.zone) for row in plan.rows} <= set(zones)
        assert fake.zone == plan.rows[0].zone
        assert fake.state == codes.STATE_CONFIGURED  # nothing is armed by itself

    walk(fake, steps)


def test_a_zone_keeps_its_button_while_the_pen_goes_from_one_to_the_next(fake: FakePen) -> None:
    """One that is made anew meanwhile would lose the click on it."""

    async def steps(windows: Windows) -> None:
        user = await windows.open()
        await windows.sees(user, "Client number")
        await to_plan(windows, user)
        user.find(kind=ui.button, content="Send to the pen").click()
        await windows.sees(user, "Ready to arm")
        assert fake.plan is not None
        for row in plan_layout.unpack(fake.plan).rows[1:3]:
            name = zone_name(row.zone)
            (before,) = user.find(marker=f"zone-{name}").elements
            user.find(marker=f"zone-{name}").click()
            await until(lambda row=row, before=before: "pen-here" in before.classes)  # type: ignore[misc]
            assert fake.zone == row.zone
            (after,) = user.find(marker=f"zone-{name}").elements
            assert after is before

    walk(fake, steps)


def test_a_refusal_to_arm_is_told_in_the_pens_own_number(fake: FakePen) -> None:
    async def steps(windows: Windows) -> None:
        user = await windows.open()
        await windows.sees(user, "Client number")
        await to_plan(windows, user)
        user.find(kind=ui.button, content="Send to the pen").click()
        await windows.sees(user, "Ready to arm")
        fake.button = True
        await windows.sees(user, "Arm: ")
        user.find(kind=ui.button, content="Arm: ").click()
        await until(lambda: bool(user.notify.messages))
        assert "R24 The pen's button is pressed" in user.notify.messages[-1]
        assert fake.state == codes.STATE_CONFIGURED

    walk(fake, steps)


def test_a_second_window_looks_on_until_it_takes_control(fake: FakePen) -> None:
    async def steps(windows: Windows) -> None:
        first = await windows.open()
        await windows.sees(first, "Client number")
        second = await windows.open()
        await windows.sees(second, "This window looks on.")
        await second.should_not_see("Client number")
        second.find(kind=ui.button, content="Take control").click()
        await windows.sees(second, "Client number")
        await windows.sees(first, "This window looks on.")

    walk(fake, steps)


def test_a_part_of_the_clinics_page_is_opened_by_its_address(fake: FakePen) -> None:
    async def steps(windows: Windows) -> None:
        user = await windows.open("/clinic?part=pens")
        await windows.sees(user, "No pen has treated")
        user = await windows.open("/clinic?part=nonsense")
        await windows.sees(user, "Nobody is due within")

    walk(fake, steps)


def test_a_german_program_refuses_in_german(fake: FakePen) -> None:
    say = Texts("de")

    async def steps(windows: Windows) -> None:
        user = await windows.open()
        await windows.sees(user, say("client.number"))
        fill(user, say("client.number"), "Anna")
        user.find(kind=ui.button, content=say("client.next")).click()
        await until(lambda: bool(user.notify.messages))
        assert "E101 So kann das nicht aufgezeichnet werden." in user.notify.messages[-1]

    try:
        walk(fake, steps, language="de")
    finally:
        problems.speak(Texts("en"))
