"""Before a client is treated: the right client, rested skin, every question; else nothing moves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from host_controller import dates
from host_controller.cli import before_treatment
from host_controller.planning import screening
from protocol import messages
from tests.host_controller import kept
from tests.host_controller.cli.conftest import Run
from tests.host_controller.courses.sessions import history, session, zone
from tests.host_controller.fake_pen import FakePen
from tests.host_controller.library.small import changed

ASKED = (
    "plan",
    "new",
    "plan.toml",
    "--client",
    "C-1042",
    "--concern",
    "wrinkles",
    "--zones",
    "chin",
)


@pytest.fixture(autouse=True)
def plan(pen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert pen(*ASKED).code == 0


def answers(client: str = "C-1042", left_open: str = "", day: str = "") -> str:
    text = screening.template(client, dates.today())
    for key in screening.QUESTIONS:
        if key != left_open:
            text = text.replace(f'{key} = ""', f'{key} = "no"')
    text = text.replace(dates.today().isoformat(), day) if day else text
    Path("answers.toml").write_text(text)
    return "answers.toml"


def test_without_answers_nothing_is_pushed_or_armed(at: Run, fake: FakePen) -> None:
    refused = at("treat", "plan.toml", "--yes")
    assert refused.code == 7
    assert "E135" in refused.err
    assert "pen plan screen" in refused.err
    assert fake.plan is None
    assert messages.ARM not in fake.requests


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"left_open": "sun"}, "1 of 12 questions"),
        ({"client": "C-1043"}, "answers are of C-1043"),
        ({"day": "2020-01-01"}, "answers are of 2020-01-01"),
    ],
)
def test_answers_that_do_not_hold_are_refused(
    at: Run, fake: FakePen, changes: dict[str, str], words: str
) -> None:
    refused = at("treat", "plan.toml", "--yes", "--screen", answers(**changes))
    assert refused.code == 7
    assert words in refused.err
    assert fake.plan is None


def test_another_client_than_the_plans_is_refused(at: Run, fake: FakePen) -> None:
    refused = at("treat", "plan.toml", "--yes", "--client", "C-9", "--screen", answers())
    assert refused.code == 2
    assert "for C-1042, not for C-9" in refused.err
    assert fake.plan is None


def test_answers_for_a_plan_without_a_client_are_refused(at: Run) -> None:
    at("plan", "new", "bare.toml")
    assert "names no client" in at("treat", "bare.toml", "--yes", "--screen", answers()).err


def test_a_plan_that_was_made_before_the_last_session_is_refused(
    at: Run, fake: FakePen, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    chin = history(session(day, zone("chin"), concern="wrinkles"))
    monkeypatch.setattr(before_treatment, "history_of", lambda _shared, _client: chin)
    refused = at("treat", "plan.toml", "--yes", "--screen", answers())
    assert refused.code == 7
    assert "E136" in refused.err
    assert fake.plan is None


def test_a_plan_that_lies_on_the_pen_ends_with_its_library(
    at: Run, fake: FakePen, tmp_path: Path
) -> None:
    assert at("plan", "push", "plan.toml").code == 0
    Path("clinic.toml").write_text(changed("review_by = 2027-01-01", "review_by = 2099-01-01"))
    for step in (("review",), ("approve", "--yes"), ("release",)):
        assert at("library", step[0], "clinic.toml", "--by", "dr-02", *step[1:]).code == 0
    assert at("library", "push", "clinic.toml", "--by", "np-07", "--without-pen").code == 0
    refused = at("treat", "--yes", "--screen", answers())
    assert refused.code == 8
    assert "E137" in refused.err
    assert messages.ARM not in fake.requests


def test_what_was_planned_and_answered_stands_in_the_record(
    at: Run, fake: FakePen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("host_controller.cli.treat.carry_out", lambda *_: "complete")
    done = at("treat", "plan.toml", "--yes", "--screen", answers(), "--operator", "np-07")
    assert done.code == 0, done.err
    assert "starter version 1, is draft: derived, not clinically approved" in done.err
    begin = next(entry for entry in kept.entries() if entry["type"] == "begin")
    assert begin["client"] == "C-1042"
    assert begin["planning"]["concern"] == "wrinkles"
    assert begin["planning"]["library_id"] == "starter"
    assert begin["planning"]["screen"]["sun"] == "no"
    assert len(begin["planning"]["screen"]) == 12
    assert [row["depth_um"] for row in begin["plan"]["zones"]] == [750]  # the whole plan
    assert fake.plan is not None  # the first pass was pushed


def test_every_question_is_asked_at_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["n"] * 7 + ["y", 2, "dr-03"] + ["n"] * 4)
    asked: list[str] = []

    def prompt(text: str, **_: object) -> object:
        asked.append(text)
        return next(given)

    monkeypatch.setattr("click.prompt", prompt)
    found = before_treatment.ask("C-1042", dates.today())
    assert found.open_questions == ()
    assert found.as_record()["sun"] == "yes: area-left-out, dr-03"
    assert sum(question in " ".join(asked) for question in screening.QUESTIONS.values()) == 12
