"""`pen plan new --client`: a proposal, a checked file, reasons, rest, questions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from host_controller.cli import plan_new
from host_controller.courses.history import History
from host_controller.planning import plan_file
from tests.host_controller.cli.conftest import Run
from tests.host_controller.courses.sessions import history, session, zone

ASKED = (
    "plan", "new", "--client", "C-1042", "--concern", "acne-scars", "--zones", "cheek,forehead",
    "--fitzpatrick", "III",
)  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def had(monkeypatch: pytest.MonkeyPatch, found: History) -> None:
    monkeypatch.setattr(plan_new, "history_of", lambda _shared, _client: found)


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).date().isoformat()


def test_a_plan_is_proposed_and_written(pen: Run) -> None:
    made = pen(*ASKED, "plan.toml")
    assert made.code == 0, made.err
    assert "C-1042: Atrophic acne scars, Fitzpatrick III" in made.out
    assert "derived, not clinically approved" in made.out
    assert max(map(len, made.out.splitlines())) <= 80
    plan = plan_file.load("plan.toml")
    assert [(row.name, row.depth_um, row.first_depth_um) for row in plan.zones] == [
        ("cheek", 1000, 600), ("forehead", 500, 300),
    ]  # fmt: skip
    checked = pen("plan", "check", "plan.toml")
    assert "for C-1042, acne-scars; checked against starter version 1 (draft" in checked.out
    assert "cheek: first pass at 0.60 mm" in checked.out


def test_the_file_has_a_name_of_its_own_and_is_never_overwritten(pen: Run, tmp_path: Path) -> None:
    assert pen(*ASKED).code == 0
    (file,) = tmp_path.glob("C-1042-*.toml")
    before = file.read_bytes()
    again = pen(*ASKED)
    assert again.code == 2
    assert "not touched" in again.err
    assert file.read_bytes() == before


def test_a_dry_run_writes_nothing(pen: Run, tmp_path: Path) -> None:
    shown = pen(*ASKED, "--dry-run", "--json")
    assert shown.code == 0
    assert not list(tmp_path.glob("*.toml"))
    found = shown.object
    assert found["schema"] == "pen.plan.proposal/1"
    assert found["file"] is None
    assert [row["zone"] for row in found["zones"]] == ["cheek", "forehead"]
    assert found["zones"][0]["per_pass_per_cm2"] == 150
    assert found["plan"]["basis"]["library_version"] == 1


def test_a_value_outside_soft_asks_for_a_reason_and_records_it(pen: Run) -> None:
    deep = (*ASKED, "plan.toml", "--set", "forehead.depth=1.00")
    refused = pen(*deep)
    assert refused.code == 7
    assert "above the soft limits of starter version 1" in refused.err
    assert "--reason forehead=WORD --approved-by CODE" in refused.err
    assert not Path("plan.toml").exists()
    assert pen(*deep, "--reason", "forehead=scar").code == 2  # nobody stands for it
    made = pen(*deep, "--reason", "forehead=scar", "--approved-by", "dr-03", "--json")
    assert made.code == 0, made.err
    (found,) = made.object["plan"]["basis"]["deviations"]
    assert (found["zone"], found["field"], found["value"], found["high"]) == (
        "forehead", "depth", 1000, 750,
    )  # fmt: skip
    assert (found["reason"], found["approved_by"]) == ("scar", "dr-03")


def test_outside_hard_no_reason_helps(pen: Run) -> None:
    refused = pen(
        *ASKED, "--set", "forehead.depth=1.60", "--reason", "forehead=study",
        "--approved-by", "dr-03",
    )  # fmt: skip
    assert refused.code == 7
    assert "E132" in refused.err


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--set", "cheek.depth"), 2, "no change"),
        (("--set", "cheek.colour=1"), 2, "no change"),
        (("--set", "cheeks.depth=1"), 2, "not a zone"),
        (("--set", "cheek.depth=deep"), 2, "no value"),
        (("--set", "cheek.depth=0.255"), 2, "no value"),
        (("--set", "cheek.area=40.5"), 2, "no value"),
        (("--set", "cheek.depth=nan"), 2, "no value"),
        (("--set", "cheek.depth=1e99"), 2, "no value"),
        (("--set", "cheek.passes=1.5"), 2, "no value"),
        (("--reason", "cheek=because"), 2, "no reason from the list"),
        (("--approved-by", "Jane Doe"), 2, "never names"),
        (("--role", "butcher"), 2, "no role"),
        (("--zones", "cheek,scalp"), 7, "E134"),
        (("--concern", "warts"), 7, "E134"),
        (("--client", "Jane Doe"), 2, "never names"),
        (("--fitzpatrick", "VII"), 2, "E101"),
        (("--glide", "0"), 2, "E101"),
    ],
)
def test_what_cannot_be_meant_is_told(
    pen: Run, options: tuple[str, ...], code: int, words: str
) -> None:
    told = pen(*ASKED, "plan.toml", *options)
    assert told.code == code
    assert words in told.err
    assert "next:" in told.err
    assert not Path("plan.toml").exists()


def test_without_a_concern_or_a_client_it_says_what_is_missing(pen: Run) -> None:
    assert "concern is missing" in pen("plan", "new", "--client", "C-1").err
    assert "For whom" in pen("plan", "new", "--concern", "wrinkles").err
    assert "file to write is missing" in pen("plan", "new").err


@pytest.mark.parametrize(("days", "code"), [(27, 7), (28, 0)])
def test_the_interval_is_held_and_a_reason_opens_it(
    pen: Run, monkeypatch: pytest.MonkeyPatch, days: int, code: int
) -> None:
    had(monkeypatch, history(session(days_ago(days), zone("forehead"), concern="acne-scars")))
    told = pen(*ASKED, "plan.toml")
    assert told.code == code
    if code:
        assert "E136" in told.err
        assert "forehead: treated on" in told.err
        assert pen(*ASKED, "plan.toml", "--early", "clinician").code == 0
        plan = plan_file.load("plan.toml")
        assert plan.basis is not None
        assert plan.basis.early_reason == "clinician"


def test_the_last_session_again(pen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    last = session(days_ago(40), zone("cheek", 1100), zone("chin", 800), concern="acne-scars")
    had(monkeypatch, history(last))
    made = pen("plan", "new", "again.toml", "--client", "C-1042", "--repeat")
    assert made.code == 0, made.err
    plan = plan_file.load("again.toml")
    assert [(row.name, row.depth_um) for row in plan.zones] == [("cheek", 1100), ("chin", 800)]
    had(monkeypatch, history())
    assert "no session" in pen("plan", "new", "--client", "C-1042", "--repeat").err


def test_a_repetition_that_has_become_too_much_is_refused(
    pen: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = session(days_ago(40), zone("nose", 900), concern="acne-scars")
    had(monkeypatch, history(last))
    assert pen("plan", "new", "--client", "C-1042", "--repeat").code == 7


def test_questions_are_written_to_be_answered(pen: Run) -> None:
    assert pen("plan", "screen", "q.toml", "--client", "C-1042").code == 0
    assert "sunburn" in Path("q.toml").read_text()
    assert pen("plan", "screen", "q.toml", "--client", "C-1042").code == 2
    assert pen("plan", "screen", "r.toml", "--client", "Jane Doe").code == 2
