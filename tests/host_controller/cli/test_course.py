"""`pen course`: what a client had, grades with photos by hash, who is due."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from host_controller.records.home import home
from host_controller.records.spool import Spool
from tests.host_controller.cli.conftest import Run
from tests.host_controller.records.made_up import treatment

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def had(record_id: str, days_ago: int, client: str = "C-1042", simulated: str = "") -> None:
    at = NOON - timedelta(days=days_ago)
    session_id = 1 + sum(map(ord, record_id + client))
    entries = treatment(record_id, at, client=client, session_id=session_id, simulated=simulated)
    Spool(home()).append(entries)


def day(days_ago: int) -> str:
    return (NOON - timedelta(days=days_ago)).astimezone().date().isoformat()


def test_a_client_who_had_nothing(pen: Run) -> None:
    nothing = pen("course", "show", "C-1042").out
    assert "had nothing yet" in nothing
    assert "--simulated" in nothing
    assert pen("course", "show", "Jane Doe").code == 2


def test_a_course_is_shown_with_dose_and_the_next_day(pen: Run) -> None:
    had("20260101-a", 60)
    had("20260201-a", 20)
    shown = pen("course", "show", "C-1042")
    assert shown.code == 0, shown.err
    assert f"sessions 2, the last on {day(20)}; due {day(-8)}, in 8 days" in shown.out
    assert "cheek 1.00 mm" in shown.out
    assert "600/cm²" in shown.out  # 300 twice
    assert max(map(len, shown.out.splitlines())) <= 80
    found = pen("course", "show", "C-1042", "--json").object
    assert found["courses"][0]["due"] == day(-8)
    assert {row["zone"]: row["sessions"] for row in found["dose"]} == {
        "forehead": 2, "cheek": 2, "nose": 2,
    }  # fmt: skip


def test_sessions_of_simulated_pens_are_shown_only_when_asked_for(pen: Run) -> None:
    had("20260101-a", 60, simulated="cpython")
    assert "had nothing yet" in pen("course", "show", "C-1042").out
    assert "sessions 1" in pen("course", "show", "C-1042", "--simulated").out


def test_a_grade_is_kept_with_the_hashes_of_its_photos(pen: Run, tmp_path: Path) -> None:
    photo = tmp_path / "before.jpg"
    photo.write_bytes(b"no real photo")
    graded = ("course", "score", "C-1042", "--concern", "acne-scars", "--by", "np-07")
    assert pen(*graded, "--grade", "3", "--before", str(photo)).code == 0
    found = pen(*graded, "--grade", "2", "--after", str(photo), "--json").object
    assert found["after_sha256"] == [hashlib.sha256(b"no real photo").hexdigest()]
    shown = pen("course", "show", "C-1042")
    assert f"{datetime.now().astimezone().date()} 2 (mild)" in shown.out
    assert photo.read_bytes() == b"no real photo"


@pytest.mark.parametrize(
    "options",
    [
        ("--concern", "acne-scars", "--grade", "5"),
        ("--concern", "acne-scars", "--grade", "-1"),
        ("--concern", "warts", "--grade", "1"),
        ("--concern", "acne-scars", "--grade", "1", "--by", "Jane Doe"),
        ("--concern", "acne-scars", "--grade", "1", "--before", "nowhere.jpg"),
    ],
)
def test_a_grade_that_cannot_be_meant_is_told(pen: Run, options: tuple[str, ...]) -> None:
    told = pen("course", "score", "C-1042", *options)
    assert told.code == 2
    assert "next:" in told.err


def test_who_is_due_is_listed_the_longest_first(pen: Run) -> None:
    had("20260101-a", 30, client="C-1")
    had("20260101-b", 90, client="C-2")
    had("20260101-c", 5, client="C-3")
    listed = pen("course", "due")
    assert [line.split()[0] for line in listed.out.splitlines()[1:]] == ["C-2", "C-1"]
    assert "62 days ago" in listed.out
    found = pen("course", "due", "--ahead", "30", "--json").object["due"]
    assert [row["client"] for row in found] == ["C-2", "C-1", "C-3"]


def test_nobody_is_due(pen: Run) -> None:
    assert "nobody is due within 7 days" in pen("course", "due").out


def test_a_plan_is_held_against_what_the_records_say(pen: Run, tmp_path: Path) -> None:
    had("20260201-a", 20)
    file = str(tmp_path / "plan.toml")
    asked = (
        "plan",
        "new",
        file,
        "--client",
        "C-1042",
        "--concern",
        "acne-scars",
        "--zones",
        "nose",
    )
    refused = pen(*asked)
    assert refused.code == 7
    assert "E136" in refused.err
    assert f"nose: treated on {day(20)}" in refused.err
    assert pen(*asked, "--early", "protocol").code == 0


def test_the_last_session_is_proposed_again_from_the_records(pen: Run, tmp_path: Path) -> None:
    had("20260101-a", 60)
    file = str(tmp_path / "plan.toml")
    made = pen("plan", "new", file, "--client", "C-1042", "--repeat")
    assert made.code == 0, made.err
    for words in ("cheek     1.00 mm", "forehead  0.50 mm", "nose      0.25 mm"):
        assert words in made.out
