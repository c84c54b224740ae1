"""What the clinic's pages show is what the program prints, today as when they were written."""

from pathlib import Path

import pytest

from docs import generate_clinic_guide


@pytest.mark.parametrize("page", generate_clinic_guide.PAGES, ids=lambda page: page.name)
def test_the_output_in_the_page_is_the_programs(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("```console") >= 3
    assert generate_clinic_guide.filled(text) == text, "next step: make docs"


def test_a_page_that_shows_something_else_is_found() -> None:
    wrong = "```console\n$ pen library list\nlibrary in force: none\n```\n"
    right = generate_clinic_guide.filled(wrong)
    assert "starter" in right
    assert right != wrong


def test_an_edit_that_finds_nothing_is_an_error() -> None:
    with pytest.raises((ValueError, OSError)):
        generate_clinic_guide.filled("<!-- edit clinic.toml: one => two -->\n")
