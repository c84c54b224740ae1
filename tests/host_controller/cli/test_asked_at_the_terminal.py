"""What is asked at a terminal: why a limit is left, whether a library is approved."""

import sys
from pathlib import Path

import pytest

from host_controller.library import reader
from host_controller.planning import plan_file
from tests.host_controller.cli.conftest import Run
from tests.host_controller.cli.terminal import Terminal
from tests.host_controller.library.small import changed

pytestmark = pytest.mark.slow
PEN = [sys.executable, "-m", "host_controller.cli.main"]


def test_a_reason_is_chosen_from_the_list_and_a_name_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    asked = [
        "plan", "new", str(file), "--client", "C-1042", "--concern", "wrinkles", "--zones", "chin",
        "--set", "chin.depth=1.20",
    ]  # fmt: skip
    with Terminal([*PEN, *asked]) as terminal:
        terminal.wait_for("chin: 1.20 mm is outside the soft limits. Why?")
        terminal.wait_for("1 scar")
        terminal.type("9\n")
        terminal.wait_for("not in the range")
        terminal.type("2\n")
        terminal.wait_for("approved by")
        terminal.type("dr-03\n")
        terminal.wait_for("written:")
        assert terminal.exit_code() == 0
    plan = plan_file.load(str(file))
    assert plan.basis is not None
    (found,) = plan.basis.deviations
    assert (found.value, found.reason, found.approved_by) == (1200, "thick-skin", "dr-03")


@pytest.mark.parametrize(
    ("answer", "state"), [("y", "approved"), ("n", "reviewed"), ("", "reviewed")]
)
def test_an_approval_is_asked_for_after_the_changes_were_shown(
    pen: Run, tmp_path: Path, answer: str, state: str
) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(changed("review_by = 2027-01-01", "review_by = 2099-01-01"))
    assert pen("library", "review", str(file), "--by", "dr-02").code == 0
    with Terminal([*PEN, "library", "approve", str(file), "--by", "dr-02"]) as terminal:
        terminal.wait_for("0.75 mm → 0.80 mm")
        terminal.wait_for("Approve clinic version 3 as dr-02?")
        terminal.type(f"{answer}\n")
        code = terminal.exit_code()
    assert (code == 0) == (state == "approved")
    assert reader.load(file).state == state
