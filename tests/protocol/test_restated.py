"""Numbers that the hot paths restate, by hand, and what is chosen by the interpreter at import."""

import importlib
import importlib.util
from types import ModuleType

import pytest

from protocol import (
    decoder,
    frame,
    interpreter,
    machine_code,
    plan_layout,
    quick_decoder,
    reply,
    responder_link,
)

BY_HAND: dict[ModuleType, dict[str, int]] = {
    decoder: {
        "_SHORTEST": 8,  # type, sequence, flags, CRC, and the byte of the stuffing
        "_BUFFER_SIZE": 248,  # those and 240 of payload
        "_OVERFLOW": 0x10000,
        "_TYPE_AT": 1,
        "_SEQUENCE_AT": 2,
        "_FLAGS_AT": 3,
        "_RESIDUE": 0x2144DF1C,
    },
    quick_decoder: {
        "_TYPE_AT": 1,
        "_SEQUENCE_AT": 2,
        "_FLAGS_AT": 3,
        "_FILLED": 0,
        "_VERDICT": 1,
        "_NO_FRAME": 256,
        "_BAD_LENGTH": 257,
        "_BAD_STUFFING": 258,
    },
    reply: {"_OK": 0, "_ANSWER": 2, "_REFUSAL": 10},
    responder_link: {
        "DEFERRED": -1,
        "_STALE": 128,
        "_REQUEST": 1,
        "_PAYLOAD_AT": 4,
        "_CHECK_SIZE": 4,
        "_HELLO": 1,
        "_STOP": 2,
        "_OK": 0,
    },
    plan_layout: {"FLAG_LATCH": 1, "FLAG_TETHERED": 2, "FLAG_DEMONSTRATION": 4},
}


def begun_anew(module: ModuleType) -> ModuleType:
    """What the module is when it is imported now; the loaded one stays as it is."""
    spec = module.__spec__
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.mark.parametrize("module", BY_HAND)
def test_numbers_are_what_they_are_by_hand(module: ModuleType) -> None:
    found = {name: vars(module)[name] for name in BY_HAND[module]}
    assert found == BY_HAND[module]


def test_this_interpreter_is_not_the_pens() -> None:
    assert begun_anew(interpreter).MICROPYTHON is False


@pytest.mark.parametrize("on_the_pen", [False, True])
def test_the_pen_takes_machine_code_and_others_what_is_native(on_the_pen: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interpreter, "MICROPYTHON", on_the_pen)
        frames, decoders = begun_anew(frame), begun_anew(quick_decoder)
    native = decoder.Decoder, frames.seal_natively
    quick = decoders.QuickDecoder, machine_code.seal
    assert (decoders.quickest_decoder, frames.seal) == (quick if on_the_pen else native)


def test_an_answer_begins_empty_and_good() -> None:
    answer = reply.Reply()
    assert (answer.size, answer.result) == (0, 0)


def test_a_refusal_without_details_has_none() -> None:
    answer = reply.Reply()
    assert answer.refuse(7) == 7
    assert answer.buffer[4 : 4 + answer.size] == b"\x07\0" + bytes(12)
