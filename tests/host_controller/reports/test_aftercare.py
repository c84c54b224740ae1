"""The leaflet: areas, advice, the next date; and a clinic's own words."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from host_controller.reports.aftercare import leaflet, read_texts
from host_controller.reports.failures import AftercareTextWrong
from tests.host_controller.reports.made_up import session


def words_of(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def test_it_names_the_treated_areas_the_warning_signs_and_the_next_date() -> None:
    text = words_of(leaflet(session(), read_texts(), date(2026, 12, 20)))
    for part in ("forehead, cheek", "2026-12-20", "Call your practice at once", "pus", "Redness"):
        assert part in text, part
    assert "nose" not in text.split("numbers")[0].split("Treated:")[1]


def test_without_a_next_session_none_is_named() -> None:
    assert "next session" not in words_of(leaflet(session(), read_texts(), None))


def test_it_fits_on_one_page() -> None:
    pdf = leaflet(replace(session(), simulated="cpython"), read_texts(), date(2026, 12, 20))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_a_clinic_may_use_its_own_words() -> None:
    own = (
        b'title = "Zu Hause"\nopening = "Hallo."\n'
        b'[[sections]]\nheading = "Heute"\nlines = ["Ruhe."]'
    )
    text = words_of(leaflet(session(), read_texts(own), None))
    assert "Zu Hause" in text
    assert "Ruhe." in text


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"\xff", "not TOML"),
        (b"title = ", "not TOML"),
        (b'title = "x"', "'opening'"),
        (b'title = 3\nopening = "x"', "'title'"),
        (b'title = "x"\nopening = "x"', "sections"),
        (b'title = "x"\nopening = "x"\n[[sections]]\nheading = "h"', "Section 1"),
        (b'title = "x"\nopening = "x"\n[[sections]]\nheading = "h"\nlines = [1]', "not a text"),
    ],
)
def test_a_wrong_file_is_refused_in_words(source: bytes, says: str) -> None:
    with pytest.raises(AftercareTextWrong, match=says):
        read_texts(source)
