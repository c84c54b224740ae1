"""Every number has a sentence and a next step, and no sentence belongs to a number that is gone."""

import pytest

from protocol import codes, texts

TABLES = {
    "RESULT_": texts.RESULT_TEXTS,
    "STOP_": texts.STOP_TEXTS,
    "FAULT_": texts.FAULT_TEXTS,
}


def numbers(prefix: str) -> dict[str, int]:
    found = {name: value for name, value in vars(codes).items() if name.startswith(prefix)}
    return {name: value for name, value in found.items() if isinstance(value, int)}


@pytest.mark.parametrize("prefix", TABLES)
def test_every_code_has_its_text_and_every_text_its_code(prefix: str) -> None:
    assert set(TABLES[prefix]) == set(numbers(prefix).values())


@pytest.mark.parametrize("prefix", TABLES)
def test_numbers_are_unique(prefix: str) -> None:
    values = list(numbers(prefix).values())
    assert len(values) == len(set(values))


@pytest.mark.parametrize("prefix", TABLES)
def test_sentences_are_whole_unique_and_followed_by_a_next_step(prefix: str) -> None:
    rows = [row[-2:] for row in TABLES[prefix].values()]
    for sentence, next_step in rows:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert next_step[0].isupper()
        assert next_step.rstrip().endswith((".", "`"))
    assert len({sentence for sentence, _ in rows}) == len(rows)


def test_faults_have_a_priority() -> None:
    assert all(row[0] in ("high", "medium", "low") for row in texts.FAULT_TEXTS.values())


@pytest.mark.parametrize(
    "fault",
    [
        codes.FAULT_WITHDRAW,
        codes.FAULT_PARK,
        codes.FAULT_MOTION_UNCOMMANDED,
    ],
)
def test_faults_that_may_leave_needles_out_say_so_and_are_high(fault: int) -> None:
    priority, sentence, next_step = texts.FAULT_TEXTS[fault]
    assert priority == "high"
    assert "exposed" in next_step or "out" in sentence
