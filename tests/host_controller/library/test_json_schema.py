"""The schema for editors: what the reader takes passes it, what it cannot read does not."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from host_controller.library import json_schema
from host_controller.library.failures import LibraryInvalid
from tests.host_controller.library.small import TEXT, changed, parsed

FILE = Path("host_controller/library/library.schema.json")


def plain(value: Any) -> Any:
    """TOML as an editor hands it to a schema: dates are texts."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def problems(text: str) -> list[str]:
    validator = Draft202012Validator(json_schema.schema())
    return [error.message for error in validator.iter_errors(plain(tomllib.loads(text)))]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema.schema())


def test_the_file_beside_the_starter_is_what_the_tables_say() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == json_schema.schema()


def test_the_starter_and_a_clinics_library_pass() -> None:
    assert problems(Path("host_controller/library/starter_library.toml").read_text()) == []
    assert problems(TEXT) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('zone = "nose"', 'zone = "noze"'),
        ('zone = "nose"', 'zone = "eyelid"'),
        ('skin = "thick"', 'skin = "oily"'),
        ("rate_hz = { default = 80,", "rat_hz = { default = 80,"),
        ("default = 0.25,", 'default = "0.25",'),
        ("soft = [0.25, 0.50]", "soft = [0.25]"),
        ("default = 2, soft", "default = 1.5, soft"),
        ("pins = 36", "pins = 9"),
        ('id = "clinic"', 'id = "My Clinic"'),
        ('author = "np-07"', 'author = "Jane Doe"'),
        ('schema = "pen.library/1"', 'schema = "pen.library/2"'),
        ('sources = { depth = ["house"] }', "sources = { depth = [] }"),
    ],
)
def test_a_mistake_of_form_is_found_by_both(before: str, after: str) -> None:
    text = changed(before, after)
    assert problems(text)
    with pytest.raises(Exception, match=r"clinic\.toml"):
        parsed(text)


def test_what_only_the_reader_can_see_passes_the_schema() -> None:
    text = changed('sources = { depth = ["house"] }', 'sources = { depth = ["hearsay"] }')
    assert problems(text) == []
    with pytest.raises(LibraryInvalid):
        parsed(text)
