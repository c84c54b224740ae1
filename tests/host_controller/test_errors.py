"""Errors: stable numbers, exit codes as documented, a cause and a next step in each."""

from host_controller import errors
from host_controller.errors import PenError, all_errors

# Restated by hand: scripts depend on them.
CODES = {
    "E100": 1, "E101": 2, "E102": 2, "E110": 3, "E111": 4, "E112": 3, "E113": 3, "E114": 5,
    "E115": 5, "E116": 1, "E117": 1, "E118": 1, "E119": 1, "E120": 6, "E130": 2, "E131": 2,
    "E132": 7, "E133": 8, "E134": 7, "E135": 7, "E136": 7, "E137": 8,
    "E140": 8, "E141": 1, "E142": 1, "E143": 6, "E144": 1, "E145": 7, "E146": 7, "E147": 1,
    "E148": 2, "E149": 7, "E150": 1, "E151": 2, "E152": 1, "E153": 1, "E160": 9, "E161": 1,
    "E162": 9, "E163": 7, "E164": 7, "E165": 1, "E166": 8,
    "E170": 130, "E180": 2, "E181": 2, "E182": 7, "E183": 2, "E184": 7, "E185": 7,
    "E186": 8, "E187": 7, "E188": 7, "E189": 1, "E190": 7, "E191": 7, "E192": 2, "E193": 7,
    "E171": 8, "E172": 7, "E173": 7, "E174": 6, "E175": 7, "E176": 3, "E177": 1, "E178": 1,
    "E179": 8, "E196": 1, "E197": 4, "E198": 3, "E199": 7,
}  # fmt: skip


def test_numbers_and_exit_codes_are_those_promised() -> None:
    found = {error.number: error.exit_code for error in all_errors()}
    assert found == CODES


def test_each_number_belongs_to_one_class() -> None:
    numbers = [error.number for error in all_errors()]
    assert len(numbers) == len(set(numbers))


def test_every_exit_code_is_explained() -> None:
    assert {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130} == set(errors.EXIT_CODES)
    assert {error.exit_code for error in all_errors()} <= set(errors.EXIT_CODES)


def test_every_error_has_a_cause_and_a_next_step() -> None:
    for error in all_errors():
        assert error.cause.endswith(".")
        assert error.next_step.endswith((".", "`"))
        assert error.__doc__


def test_an_error_as_json_has_stable_keys() -> None:
    error = PenError("It failed.", lines=["a:1: wrong"], details=[{"line": 1}])
    assert error.as_dict() == {
        "schema": "pen.error/1",
        "number": "E100",
        "sentence": "It failed.",
        "cause": PenError.cause,
        "next": PenError.next_step,
        "exit_code": 1,
        "details": [{"line": 1}],
    }
    assert str(error) == "It failed.\na:1: wrong"
