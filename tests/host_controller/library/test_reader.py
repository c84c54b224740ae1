"""Library files: what is accepted, what an entry means, and how each mistake is named."""

import pytest

from host_controller import errors
from host_controller.library.failures import LibraryInvalid, LibraryRefused, LibraryUnreadable
from host_controller.library.guardrail import Range
from tests.host_controller.library.small import TEXT, changed, parsed


def test_what_an_entry_leaves_out_comes_from_the_defaults() -> None:
    entry = parsed().find("fine-lines", "nose")
    assert entry is not None
    assert (entry.depth.default, entry.rate.default) == (250, 8000)
    assert (entry.passes.default, entry.dose.default, entry.interval_days) == (2, 300, 28)
    assert (entry.pins, entry.endpoint) == (12, "Even redness.")
    assert entry.depth.mechanical == Range(50, 2500)
    assert entry.depth.evaluated == Range(100, 1500)


def test_an_entry_may_say_more_than_the_defaults() -> None:
    entry = parsed().find("acne-scars", "cheek")
    assert entry is not None
    assert entry.interval_days == 42
    assert entry.depth.evaluated == Range(250, 2000)
    assert entry.sources["interval"] == ("chart",)


def test_thick_skin_has_its_own_entry_and_other_skin_the_usual_one() -> None:
    library = parsed()
    thick = library.find("fine-lines", "cheek", "thick")
    assert thick is not None
    assert (thick.depth.default, thick.rate.default, thick.pins) == (1000, 11000, 36)
    nose = library.find("fine-lines", "nose", "thick")
    assert nose is not None
    assert nose.depth.default == 250


def test_a_role_narrows_and_may_be_kept_out() -> None:
    library = parsed()
    cheek = library.find("fine-lines", "cheek", role="esthetician")
    assert cheek is not None
    assert (cheek.depth.default, cheek.depth.soft, cheek.depth.hard) == (
        600,
        Range(500, 600),
        Range(250, 600),
    )
    assert cheek.rate.hard == Range(8000, 13000)  # no override: hard ends where soft ends
    assert library.find("fine-lines", "nose", role="esthetician") is None
    assert library.find("fine-lines", "nose", role="nurse") is not None
    assert library.roles == ("esthetician",)


def test_thin_skin_narrows_for_every_role() -> None:
    thin = parsed().find("fine-lines", "cheek", "thin", "esthetician")
    assert thin is not None
    assert (thin.depth.hard.high, thin.passes.hard.high) == (600, 1)


MISTAKES = [
    # limits that do not nest: each layer in turn, and the default
    ("default = 0.80,", "default = 1.21,", LibraryRefused, "default value (1.21 mm)"),
    ("soft = [0.50, 1.20]", "soft = [0.50, 1.51]", LibraryRefused, "soft range (0.50 to 1.51 mm)"),
    ("hard = [0.25, 1.50] }\nrate", "hard = [0.25, 1.60] }\nrate", LibraryRefused, "evaluated"),
    ("depth_mm = [0.10, 1.50]", "depth_mm = [0.10, 2.60]", LibraryRefused, "2.60 mm"),
    ("soft = [0.50, 1.20]", "soft = [1.20, 0.50]", LibraryRefused, "goes backwards"),
    ("soft = [90, 130]", "soft = [70, 130]", LibraryRefused, "soft range (70 to 130 Hz)"),
    # what the pen itself would refuse
    ("hard = [0.25, 0.75]", "hard = [0.25, 0.76]", LibraryRefused, "maximum for nose"),
    ("soft = [0.25, 0.50], hard = [0.25, 0.75]", "soft = [0.25, 0.51], hard = [0.25, 0.75]",
     LibraryRefused, "cap for nose"),
    ("rate_hz = { default = 110, soft = [90, 130], hard = [80, 150] }\npins",
     "rate_hz = { default = 110, soft = [90, 130], hard = [60, 150] }\npins",
     LibraryRefused, "pen's own for cheek"),
    # what can never be in a library
    ('zone = "nose"', 'zone = "upper-eyelid"', LibraryRefused, "none can be added"),
    ('zone = "nose"', 'zone = "inner-orbital-rim"', LibraryRefused, "none can be added"),
    ('acne-scars = "Acne', 'melasma = "Dark patches"\nacne-scars = "Acne', LibraryRefused,
     "no preset"),
    ('indication = "acne-scars"', 'indication = "Melasma"', LibraryRefused, "no preset"),
    ('"Even redness."', '"Then the serum is absorbed better."', LibraryRefused, "'serum'"),
    ('"Fine lines"', '"Fine lines, with PRP"', LibraryRefused, "'PRP'"),
    ('"Along, then across."', '"Along, to deliver actives."', LibraryRefused, "'deliver'"),
    # a role that widens
    ("depth_most_mm = 0.60", "depth_most_mm = 2.10", LibraryRefused, "more than any entry"),
    # sources
    ('sources = { depth = ["chart"], rate = ["house"] }', 'sources = { depth = ["chart"] }',
     LibraryInvalid, "without a source"),
    ('sources = { depth = ["house"] }', "sources = { depth = [] }", LibraryInvalid, "no value"),
    ('sources = { depth = ["house"] }', "", LibraryInvalid, "without a source"),
    ('sources = { depth = ["house"] }', 'sources = { depth = ["hearsay"] }', LibraryInvalid,
     "'hearsay' is not among"),
    (', evaluated = ["chart"]', "", LibraryInvalid, "without a source"),
    ('interval = ["chart"], ', "", LibraryInvalid, "without a source"),
    # names and kinds
    ('zone = "nose"', 'zone = "noze"', LibraryInvalid, "Did you mean 'nose'?"),
    ('indication = "acne-scars"', 'indication = "acne-scar"', LibraryInvalid, "Did you mean"),
    ('skin = "thick"', 'skin = "oily"', LibraryInvalid, "'oily' is not known"),
    ("depth_mm = { default = 0.25,", "depth_mm = { defualt = 0.25,", LibraryInvalid, "'defualt'"),
    ("rate_hz = { default = 80,", "rat_hz = { default = 80,", LibraryInvalid, "'rate_hz' is miss"),
    ("default = 0.25,", "default = 0.255,", LibraryInvalid, "finer than the pen's step"),
    ("default = 0.25,", "default = 250,", LibraryRefused, "millimetre?"),
    ("default = 0.25,", 'default = "0.25",', LibraryInvalid, "A number was expected"),
    ("soft = [0.25, 0.50]", "soft = [0.25]", LibraryInvalid, "[lowest, highest]"),
    ("default = 2, soft", "default = 1.5, soft", LibraryInvalid, "not a whole number"),
    ("pins = 36", "pins = 9", LibraryInvalid, "cartridge"),
    ("pins = 36", "pins = true", LibraryInvalid, "cartridge"),
    ("interval_days = 42", "interval_days = 0", LibraryRefused, "out of range"),
    ('zones = ["nose"]', 'zones = ["knee"]', LibraryInvalid, "'knee'"),
    ('zones = ["nose"]', 'zones = ["hand"]', LibraryInvalid, "concerns no entry"),
    ('role = "esthetician"\ndepth', "depth", LibraryInvalid, "neither a role nor a skin"),
    ('schema = "pen.library/1"', 'schema = "pen.library/2"', LibraryInvalid, "name the format"),
    ('id = "clinic"', 'id = "My Clinic"', LibraryInvalid, "short name"),
    ('author = "np-07"', 'author = "Jane Doe"', LibraryInvalid, "staff code"),
    ("version = 3", "version = 0", LibraryRefused, "out of range"),
    # dates
    ("review_by = 2027-01-01", "review_by = 2025-12-31", LibraryRefused, "go backwards"),
    ("valid_from = 2026-01-01", 'valid_from = "2026-01-01"', LibraryInvalid, "date was expected"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kind", "words"), MISTAKES)
def test_each_mistake_is_named_with_its_place(
    before: str, after: str, kind: type[errors.PenError], words: str
) -> None:
    with pytest.raises(kind) as caught:
        parsed(changed(before, after))
    assert words in str(caught.value)
    assert all(line.startswith("clinic.toml") for line in caught.value.lines)
    assert caught.value.number in ("E181", "E182")
    assert caught.value.next_step


def test_a_mistake_has_its_line() -> None:
    with pytest.raises(LibraryRefused) as caught:
        parsed(changed("default = 0.80,", "default = 1.30,"))
    line = TEXT.splitlines().index(
        "depth_mm = { default = 0.80, soft = [0.50, 1.20], hard = [0.25, 1.50] }"
    )
    assert caught.value.lines[0].startswith(f"clinic.toml:{line + 1}: entries[0].depth_mm: ")


def test_thick_skin_stays_within_the_hard_range_of_usual_skin() -> None:
    text = changed("hard = [0.25, 1.50] }\nrate", "hard = [0.25, 1.40] }\nrate")
    with pytest.raises(LibraryRefused, match="wider than that for usual skin"):
        parsed(text)


def test_the_same_entry_twice_is_refused() -> None:
    with pytest.raises(LibraryInvalid, match="there twice"):
        parsed(changed('skin = "thick"\n', ""))


def test_thick_skin_before_usual_skin_is_refused() -> None:
    thick = TEXT[TEXT.index('[[entries]]\nindication = "fine-lines"\nzone = "cheek"\nskin') :]
    thick = thick[: thick.index("\n\n") + 2]
    text = changed(thick, "")
    text = changed("# the cheek, as Dr. 3 likes it\n", thick, text)
    with pytest.raises(LibraryInvalid, match="no entry for usual skin"):
        parsed(text)


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"a = ", b"[" * 100_000, b"x" * (1 << 20) + b"x", b"a = nan\nb"]
)
def test_what_is_no_toml_is_unreadable_or_invalid(raw: bytes) -> None:
    from host_controller.library import reader

    with pytest.raises((LibraryUnreadable, LibraryInvalid)):
        reader.parse("clinic.toml", raw)


def test_every_problem_is_named_at_once() -> None:
    text = changed("default = 0.80,", "default = 1.30,")
    text = changed('zone = "nose"', 'zone = "noze"', text)
    with pytest.raises(LibraryRefused) as caught:
        parsed(text)
    shown = str(caught.value)
    assert "1.30 mm" in shown
    assert "noze" in shown
    assert "it cannot be used" in shown
