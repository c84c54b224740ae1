"""The report says what was planned and measured, and what the record is worth."""

import io
import json
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from host_controller.records.views import CorrectionRecord, OverrideRecord, SessionRecord
from host_controller.reports.treatment_report import report_data, treatment_report
from tests.host_controller.reports.made_up import HEAD, session


def opened(record: SessionRecord) -> PdfReader:
    return PdfReader(io.BytesIO(treatment_report(record)))


def words_of(record: SessionRecord) -> str:
    return " ".join(" ".join(page.extract_text() for page in opened(record).pages).split())


def test_planned_and_measured_stand_in_one_line_per_zone() -> None:
    text = words_of(session())
    assert "forehead 0.50 mm 0.50 (0.48–0.52) 90 Hz 90 (89–91) 3 of 3 388 of 400 1:02" in text
    assert re.search(r"cheek \* 1\.50 mm 1\.50 \(1\.48–1\.52\)", text)
    assert "nose 0.50 mm –" in text
    assert "not treated" in text


def test_who_when_and_with_what() -> None:
    text = words_of(session())
    for part in ("C-1042", "2026-11-22", "AB", "14:05 to 14:31 (UTC+01:00)", "PEN-A-00017",
                 "lot L2611", "starter version 3", "derived, not clinically approved",
                 "acne-scars", "Fitzpatrick III"):  # fmt: skip
        assert part in text, part


def test_the_chain_head_stands_in_full() -> None:
    assert HEAD in words_of(session()).replace(" ", "")


def test_a_simulated_pen_is_told_in_the_first_line() -> None:
    assert words_of(replace(session(), simulated="cpython")).startswith("Simulated pen")
    assert "Simulated" not in words_of(session())


def test_an_interrupted_record_says_so() -> None:
    text = words_of(replace(session(), outcome="interrupted", ended=None))
    assert "The record was interrupted" in text


def test_overrides_stops_faults_answers_and_corrections_are_listed() -> None:
    correction = CorrectionRecord(session().begun, "operator", "AC", "AB", "wrong-operator", "AB")
    text = words_of(replace(session(), corrections=(correction,)))
    for part in ("cheek: depth 1.50 mm, thick-scar, by AB", "14:06:05 forehead: button, needles in",
                 "F22 in cheek, acknowledged", "cold sores: yes: antiviral-cover",
                 "operator: AC → AB, wrong-operator"):  # fmt: skip
        assert part in text, part


def test_an_override_carries_the_unit_of_what_was_changed() -> None:
    """The fields as planning names them, in the pen's units."""
    rows = [
        ("depth", 1800, "depth 1.80 mm"),
        ("rate", 12_000, "rate 120"),
        ("passes", 4, "passes 4"),
        ("dose", 450, "dose 450/cm²"),
    ]
    changed = tuple(
        OverrideRecord("cheek", field, value, "scar", "dr-03") for field, value, _ in rows
    )
    told = report_data(replace(session(), overrides=changed))["overrides"]
    for (_, _, text), line in zip(rows, told, strict=True):
        assert line.startswith(f"cheek: {text}"), line


def test_needles_not_confirmed_in_is_not_hidden() -> None:
    stop = replace(session().stops[0], needles_in=False)
    assert "needles NOT confirmed in" in words_of(replace(session(), stops=(stop,)))


def test_it_claims_the_archive_standard_and_carries_its_data() -> None:
    reader = opened(session())
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    data = json.loads(reader.attachments["data.json"][0])
    assert data == json.loads(json.dumps(report_data(session())))


def test_the_same_record_gives_the_same_file() -> None:
    assert treatment_report(session()) == treatment_report(session())


@pytest.mark.parametrize("outcome", ["ended by the user", "failed", "open"])
def test_every_outcome_can_be_printed(outcome: str) -> None:
    bare = replace(
        session(), outcome=outcome, zones=(), samples=(), stops=(), screen=(), cartridges=()
    )
    assert outcome in words_of(bare)


def test_eight_zones_of_a_usual_session_fit_on_two_pages() -> None:
    zone = session().zones[0]
    names = ("forehead", "glabella", "temple", "nose", "malar", "cheek", "perioral", "chin")
    many = tuple(replace(zone, zone=name) for name in names)
    assert len(opened(replace(session(), zones=many)).pages) <= 2
