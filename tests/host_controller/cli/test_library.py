"""`pen library`: a clinic's library from a first draft to the pen, and every way it is refused."""

from pathlib import Path

import pytest

from host_controller.cli.info import library_named
from host_controller.library import store
from protocol import codes
from tests.host_controller.cli.conftest import Run
from tests.host_controller.fake_pen import FakePen
from tests.host_controller.library.small import TEXT, changed


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "clinic.toml"
    path.write_text(changed("review_by = 2027-01-01", "review_by = 2099-01-01"), encoding="utf-8")
    return str(path)


def released(pen: Run, file: str) -> None:
    assert pen("library", "review", file, "--by", "dr-02").code == 0
    assert pen("library", "approve", file, "--by", "dr-02", "--yes").code == 0
    assert pen("library", "release", file, "--by", "np-07").code == 0


def test_before_anything_the_starter_is_in_force_and_says_what_it_is(pen: Run) -> None:
    listed = pen("library", "list")
    assert "starter" in listed.out
    assert "draft" in listed.out
    assert "in force" in listed.out
    shown = pen("library", "show")
    assert "derived, not clinically approved" in shown.out
    assert "acne-scars: Atrophic acne scars" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    found = pen("library", "list", "--json").object
    assert [row["in_force"] for row in found["libraries"]] == [True]


def test_one_entry_is_shown_with_its_limits_and_every_source(pen: Run) -> None:
    shown = pen("library", "show", "--concern", "acne-scars", "--zone", "cheek-acne-scar")
    assert "soft 0.50 to 1.50 mm, hard 0.25 to 2.00 mm" in shown.out
    assert "NCT02646917" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    found = pen("library", "show", "--concern", "acne-scars", "--zone", "nose", "--json").object
    (entry,) = found["entries"]
    assert entry["depth"]["default"] == 250
    assert entry["depth"]["hard"] == [250, 750]


def test_a_role_is_shown_narrowed_and_an_unknown_one_refused(pen: Run) -> None:
    arguments = ("library", "show", "--concern", "wrinkles", "--json", "--role")
    found = pen(*arguments, "esthetician").object
    zones = {entry["zone"]: entry for entry in found["entries"]}
    assert "neck" not in zones
    assert zones["cheek"]["depth"]["hard"][1] == 500
    assert pen(*arguments, "butcher").code == 2
    refused = pen("library", "show", "--concern", "wrinkles", "--zone", "scalp")
    assert refused.code == 7
    assert "E134" in refused.err


def test_from_the_starter_to_a_pen(at: Run, tmp_path: Path, fake: FakePen) -> None:
    path = tmp_path / "own.toml"
    made = at("library", "new", str(path), "--author", "np-07", "--review-by", "2099-12-31")
    assert made.code == 0
    assert (tmp_path / "library.schema.json").is_file()
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#:schema ./library.schema.json")
    assert "# --- acne" in text or "# --- atrophic" in text
    assert "good: clinic version 1, 47 entries" in at("library", "validate", str(path)).out
    same = at("library", "review", str(path), "--by", "np-07")
    assert same.code == 7
    assert "E185" in same.err
    released(at, str(path))
    pushed = at("library", "push", str(path), "--by", "np-07")
    assert pushed.code == 7  # the fake pen has the limits of a nose everywhere
    assert "E190" in pushed.err
    assert "wrinkles, cheek" in pushed.err
    assert store.in_force().library_id == "starter"
    assert at("library", "push", str(path), "--by", "np-07", "--without-pen").code == 0
    assert store.in_force().library_id == "clinic"


def test_a_push_is_held_against_the_pens_own_limits(at: Run, tmp_path: Path) -> None:
    path = tmp_path / "nose.toml"
    text = changed("review_by = 2027-01-01", "review_by = 2099-01-01")
    cheek = text[
        text.index("# the cheek") : text.index(
            '[[entries]]\nindication = "fine-lines"\nzone = "nose"'
        )
    ]
    rest = text[text.index('[[entries]]\nindication = "fine-lines"\nzone = "cheek"\nskin') :]
    rest = rest[: rest.index("[[narrowings]]\nrole")]
    narrow = text[text.index("[[narrowings]]\nrole") : text.index("[[narrowings]]\nskin")]
    text = text.replace(cheek, "").replace(rest, "").replace(narrow, "")
    path.write_text(text)
    released(at, str(path))
    found = at("library", "push", str(path), "--by", "np-07", "--json")
    assert found.code == 0, found.err
    assert found.object["zones_compared"] == 1


def test_nothing_is_pushed_while_a_pen_is_armed(at: Run, file: str, fake: FakePen) -> None:
    released(at, file)
    fake.state = codes.STATE_ARMED
    refused = at("library", "push", file, "--by", "np-07")
    assert refused.code == 7
    assert "E191" in refused.err
    assert store.in_force().library_id == "starter"


def test_what_is_not_released_or_out_of_date_is_not_pushed(pen: Run, file: str) -> None:
    draft = pen("library", "push", file, "--by", "np-07", "--without-pen")
    assert draft.code == 7
    assert "E184" in draft.err
    path = Path(file)
    path.write_text(changed("valid_from = 2026-01-01", "valid_from = 2098-01-01", path.read_text()))
    early = pen("library", "push", file, "--by", "np-07", "--without-pen")
    assert "E187" in early.err


def test_a_library_past_its_review_date_is_not_good(pen: Run, file: str) -> None:
    path = Path(file)
    text = path.read_text()
    path.write_text(changed("review_by = 2099-01-01", "review_by = 2026-01-02", text))
    expired = pen("library", "validate", file)
    assert (expired.code, "E187" in expired.err) == (7, True)
    path.write_text(changed("valid_from = 2026-01-01", "valid_from = 2098-01-01", text))
    assert pen("library", "validate", file).code == 0  # written for later


def test_an_edit_after_approval_is_found_by_every_command(pen: Run, file: str) -> None:
    released(pen, file)
    path = Path(file)
    path.write_text(changed("default = 0.80", "default = 0.85", path.read_text()))
    for arguments in (("validate",), ("show",), ("diff",), ("push", "--by", "np-07")):
        found = pen("library", arguments[0], file, *arguments[1:])
        assert found.code == 8
        assert "E186" in found.err


def test_approval_shows_what_changed_and_asks(pen: Run, file: str) -> None:
    pen("library", "review", file, "--by", "dr-02")
    asked = pen("library", "approve", file, "--by", "dr-02")
    assert asked.code == 2
    assert "Nobody can confirm" in asked.err
    assert "from starter version 1" in asked.out
    assert "0.75 mm → 0.80 mm" in asked.out
    assert "allow more than before" in asked.out


def test_diff_of_two_files(pen: Run, file: str, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(changed("soft = [0.50, 1.20]", "soft = [0.40, 1.30]"))
    told = pen("library", "diff", file, str(other))
    assert "wider  depth soft: 0.50 to 1.20 mm → 0.40 to 1.30 mm" in told.out
    found = pen("library", "diff", file, str(other), "--json").object
    assert any(change["what"] == "depth soft" and change["wider"] for change in found["changes"])
    assert "no value differs" in pen("library", "diff", file, file).out


def test_retiring_is_the_last_step(pen: Run, file: str) -> None:
    released(pen, file)
    assert pen("library", "push", file, "--by", "np-07", "--without-pen").code == 0
    retired = pen("library", "retire", file, "--by", "np-07")
    assert "none is in force now" in retired.out
    refused = pen("plan", "new", "--client", "C-1", "--concern", "fine-lines")
    assert (refused.code, "E184" in refused.err) == (7, True)
    assert pen("library", "retire", file, "--by", "np-07").code == 7


@pytest.mark.parametrize("step", ["review", "approve", "release", "retire", "push"])
def test_a_step_needs_a_staff_code_and_never_a_name(pen: Run, file: str, step: str) -> None:
    assert pen("library", step, file).code == 2
    named = pen("library", step, file, "--by", "Jane Doe")
    assert named.code == 2
    assert "never names" in named.err


def test_bad_files_are_told_with_number_and_next_step(pen: Run, tmp_path: Path) -> None:
    missing = pen("library", "validate", str(tmp_path / "none.toml"))
    assert (missing.code, "E180" in missing.err) == (2, True)
    bad = tmp_path / "bad.toml"
    bad.write_text(TEXT.replace('zone = "nose"', 'zone = "eyelid"', 1))
    refused = pen("library", "validate", str(bad), "--json")
    assert refused.code == 7
    assert refused.object["number"] == "E182"
    assert refused.object["details"][0]["key"] == "entries[1].zone"
    assert pen("library", "show", "nowhere").code == 2


def test_the_schema_is_printed(pen: Run) -> None:
    assert '"title": "Depth library of a microneedling pen"' in pen("library", "schema").out


def test_info_names_the_library_whose_hash_the_pen_keeps(pen: Run) -> None:
    starter = store.starter()
    assert library_named(starter.tag) == f"starter version 1, draft, {starter.tag}"
    assert library_named("0123abcd") == "0123abcd"
    assert library_named("starter1") == "starter1"
