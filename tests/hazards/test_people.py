"""H40, H42-H44: what people read, what is kept of them, and what is only a demonstration."""

import re
from pathlib import Path

import pytest

from firmware.safety.faults import BY_POWER, ROWS
from hardware.board import rev_a as board
from protocol import codes, plan_layout, texts
from protocol.zones import zone_id
from tests.hazards.bench import refused
from tests.system.harness import BenchPen, plan_image, row

ROOT = Path(__file__).resolve().parents[2]
FAULTS = [row[0] for row in ROWS]

# Words of a pen that is sold to carry something into the skin (H42).
PROMISES = re.compile(
    r"\b(serum|exosome|prp|platelet|vitamin|hyaluron\w*|infus\w+|meso\w*therapy|peptide|botox|"
    r"deliver\w* (drug|product|active)\w*|anti.?age?ing|rejuvenat\w+|cure[sd]?)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("fault", FAULTS)
def test_h40_every_fault_has_a_sentence_a_next_step_and_a_priority(fault: int) -> None:
    priority, sentence, next_step = texts.FAULT_TEXTS[fault]
    assert priority in texts.PRIORITIES
    assert sentence.endswith(".")
    assert len(next_step) > 10


@pytest.mark.parametrize("fault", [12, 13, 26, 28, 63, 67])
def test_h10_h40_a_fault_that_hides_needles_left_outside_tells_to_look_at_them(fault: int) -> None:
    """All that only a power cycle clears, and a stage that did not come home itself."""
    lasting = {number for number, _, who in ROWS if who == BY_POWER}
    assert fault in lasting | {codes.FAULT_WITHDRAW}
    assert len(lasting) == 5
    priority, _, next_step = texts.FAULT_TEXTS[fault]
    assert priority == texts.PRIORITY_HIGH
    assert "needles" in next_step


def test_h40_every_stop_and_every_refusal_has_words() -> None:
    numbers = {v for k, v in vars(codes).items() if k.startswith("STOP_") and isinstance(v, int)}
    assert numbers <= set(texts.STOP_TEXTS)
    results = {v for k, v in vars(codes).items() if k.startswith("RESULT_")}
    assert results - {codes.RESULT_OK} <= set(texts.RESULT_TEXTS)


@pytest.mark.system
def test_h40_pen_and_host_name_the_same_fault_and_keep_it_until_it_is_acknowledged(
    pen: BenchPen,
) -> None:
    pen.running()
    pen.person.release()
    pen.bench.faults.cam_jammed = True
    pen.wait_state(codes.STATE_FAULT, limit_ms=3000)
    pen.bench.faults.cam_jammed = False
    pen.pump(20_000)
    status = pen.status()
    assert (status.state, status.fault) == (codes.STATE_FAULT, codes.FAULT_STALL)
    assert pen.plant.light[0] > 0  # red
    assert pen.plant.light[1] == pen.plant.light[2] == 0
    assert next(iter(pen.pen.faults())).fault == codes.FAULT_STALL
    assert refused(lambda: pen.pen.acknowledge(codes.FAULT_STALL)) == codes.RESULT_OK


@pytest.mark.parametrize(
    "folder", ["protocol", "host_controller", "docs", "firmware/treatment", "README.md"]
)
def test_h42_nothing_here_offers_to_carry_anything_into_the_skin(folder: str) -> None:
    path = ROOT / folder
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    for file in files:
        about_hazards = file.name.startswith(("hazards", "generate_hazards"))
        refuses_them = file.name == "wording.py"  # the list by which libraries are refused
        if file.suffix in (".py", ".toml", ".json", ".md") and not about_hazards | refuses_them:
            found = PROMISES.search(file.read_text(encoding="utf-8"))
            assert not found, f"{file}: {found}"


@pytest.mark.system
def test_h43_the_pen_keeps_numbers_only(pen: BenchPen) -> None:
    """After a treatment its flash holds no text but the plan's own name and the settings."""
    pen.running()
    pen.person.release()
    pen.pen.stop()
    pen.pen.wait_parked()
    pen.pump(300)
    start = board.FLASH_RECORDS_OFFSET
    content = bytes(pen.plant.flash.content[start : start + board.FLASH_RECORDS_BYTES])
    words = {found.decode() for found in re.findall(rb"[A-Za-z][A-Za-z ]{5,}", content)}
    assert words <= {"harness"}, "the plan's own name is the only text"
    assert not re.search(rb"[A-Za-z0-9]@[A-Za-z0-9]", content)  # one such byte is a number


def demonstration(depth_um: int, rate_chz: int = 5000) -> plan_layout.Plan:
    """A demonstration on a cheek."""
    flags = plan_layout.FLAG_DEMONSTRATION | plan_layout.FLAG_LATCH
    rows = [row("cheek", depth_um, rate_chz)]
    return plan_layout.Plan(500, flags, 12, 2500, b"test0001", b"demo", rows)


@pytest.mark.system
@pytest.mark.parametrize(("depth_um", "good"), [(250, True), (260, False), (1500, False)])
def test_h44_a_demonstration_stays_out_of_the_dermis(
    pen: BenchPen, depth_um: int, good: bool
) -> None:
    data = plan_layout.pack(demonstration(depth_um))
    image = plan_image([row()])._replace(data=data, sha256=plan_layout.digest(data))
    assert (refused(lambda: pen.pen.push_plan(image)) == codes.RESULT_OK) == good


@pytest.mark.system
def test_h44_a_plan_says_that_it_is_a_demonstration_and_a_power_cycle_chooses_nothing(
    pen: BenchPen,
) -> None:
    data = plan_layout.pack(demonstration(250))
    image = plan_image([row()])._replace(data=data, sha256=plan_layout.digest(data))
    pen.configure(image)
    info = pen.pen.plan_info()
    assert info is not None
    assert info.flags & plan_layout.FLAG_DEMONSTRATION
    pen.bench.power_cut(300)
    pen.connect()
    assert pen.status().zone == 0
    pen.pen.push_plan(plan_image([row()]))
    pen.pen.select_zone(zone_id("cheek"))
    info = pen.pen.plan_info()
    assert info is not None
    assert not info.flags & plan_layout.FLAG_DEMONSTRATION
