"""HELLO's answer: within one frame, read strictly for its keys and leniently for more."""

import pytest

from protocol import codec, hello, version


def test_round_trip() -> None:
    pairs = hello.pairs("e6614c311b7a5c2f", "0.1.0", "starter0", ["latch", "tether"])
    pen = hello.parse(codec.pack_json(pairs))
    assert pen.product == "microneedling-pen"
    assert (pen.serial, pen.firmware, pen.library) == ("e6614c311b7a5c2f", "0.1.0", "starter0")
    assert pen.schema == version.SCHEMA_ID
    assert pen.capabilities == ["latch", "tether"]
    assert pen.speaks_our_schema


def test_the_longest_answer_fits_one_frame() -> None:
    names = ["capable"] * 5
    assert len(codec.pack_json(hello.pairs("s" * 24, "v" * 24, "l" * 16, names))) <= 240


def test_the_longest_answer_of_this_pen_fits_one_frame() -> None:
    names = ["plan", "logs", "settings", "self-test", "update"]
    pairs = hello.pairs("s" * 16, "v" * 24, "l" * 16, names, "i" * 16)
    assert len(codec.pack_json(pairs)) <= 240


def test_the_image_is_told_once_it_is_known() -> None:
    pairs = hello.pairs("s", "0.1.0", "", [], "0123456789abcdef")
    assert hello.parse(codec.pack_json(pairs)).image == "0123456789abcdef"
    pairs = hello.pairs("s", "0.1.0", "", [])
    assert "image" not in dict(pairs)
    assert hello.parse(codec.pack_json(pairs)).image == ""
    assert hello.parse(codec.pack_json([*pairs, ("image", 7)])).image == ""


@pytest.mark.parametrize(
    ("serial", "simulated"),
    [("73696d5f63eca6f3", True), ("e6614c311b7a5c2f", False), ("5f73696d63eca6f3", False)],
)
def test_the_number_of_a_simulated_pen_says_so(serial: str, simulated: bool) -> None:
    pen = hello.parse(codec.pack_json(hello.pairs(serial, "0.1.0", "", [])))
    assert pen.simulated == simulated


def test_keys_of_a_later_pen_are_passed_over() -> None:
    pairs = [*hello.pairs("s", "f", "", []), ("colour", "blue")]
    assert hello.parse(codec.pack_json(pairs)).serial == "s"


def test_a_pen_of_another_schema_is_told_apart() -> None:
    pairs = dict(hello.pairs("s", "f", "", [])) | {"schema": "00000000"}
    assert not hello.parse(codec.pack_json(list(pairs.items()))).speaks_our_schema


@pytest.mark.parametrize("key", ["product", "serial", "firmware", "schema", "library"])
@pytest.mark.parametrize("value", [None, 7, ["x"]])
def test_a_missing_or_wrong_text_is_named(key: str, value: object) -> None:
    pairs = dict(hello.pairs("s", "f", "", [])) | {key: value}
    with pytest.raises(ValueError, match=f"no text '{key}'"):
        hello.parse(codec.pack_json(list(pairs.items())))


def test_missing_capabilities_are_named() -> None:
    pairs = hello.pairs("s", "f", "", [])[:-1]
    with pytest.raises(ValueError, match="no list 'capabilities'"):
        hello.parse(codec.pack_json(pairs))
