"""A refusal of the pen as an exception: its number, sentence and next step, with the figures.

The words stand in `protocol/texts.py`; this module adds what an error reply carries (context,
value, low, high) in the units people read, and the exit code. Owns no state.
"""

from host_controller import errors
from protocol import codes
from protocol.texts import FAULT_TEXTS, RESULT_TEXTS
from protocol.zones import zone_name

_VERSION = (
    codes.RESULT_UNKNOWN_TYPE,
    codes.RESULT_BAD_LENGTH,
    codes.RESULT_SCHEMA_MISMATCH,
    codes.RESULT_PLAN_FORMAT,
)
_VERIFY = (codes.RESULT_HASH_MISMATCH, codes.RESULT_CHUNK_GAP)
_FAULT = (
    codes.RESULT_FAULT_LATCHED,
    codes.RESULT_CAUSE_PRESENT,
    codes.RESULT_SELF_TEST_FAILED,
    codes.RESULT_NOT_BY_HOST,
)
_FAILED = (codes.RESULT_STORAGE_FAILED, codes.RESULT_NO_SUCH_ENTRY, codes.RESULT_UNSUPPORTED)
_USAGE = (codes.RESULT_UNKNOWN_SETTING,)


def exit_code_of(code: int) -> int:
    """Exit code for a RESULT_* number; whatever is no special case is a refusal (7)."""
    for group, exit_code in (
        (_VERSION, errors.EXIT_VERSION),
        (_VERIFY, errors.EXIT_VERIFY),
        (_FAULT, errors.EXIT_PEN_FAULT),
        (_FAILED, errors.EXIT_FAILED),
        (_USAGE, errors.EXIT_USAGE),
    ):
        if code in group:
            return exit_code
    return errors.EXIT_REFUSED


def fault_number(fault: int) -> str:
    """Number of a fault as shown to people, for example F22."""
    return f"F{fault:02d}"


def fault_sentence(fault: int) -> str:
    """Sentence of a fault; an unknown number (newer firmware) is named as such."""
    row = FAULT_TEXTS.get(fault)
    return row[1] if row else f"The pen shows fault {fault}, which this program does not know."


def fault_next_step(fault: int) -> str:
    """What a person does about a fault."""
    row = FAULT_TEXTS.get(fault)
    return row[2] if row else "Update this program; until then, switch the pen off and on."


def _mm(depth_um: int) -> str:
    return f"{depth_um / 1000:.2f} mm"


def _hz(rate_chz: int) -> str:
    return f"{rate_chz / 100:.0f} Hz"


def _pins(pins: int) -> str:
    return f"{pins} pins" if pins else "nano"


def _state(value: int) -> str:
    known = 0 <= value < len(codes.STATE_NAMES)
    return codes.STATE_NAMES[value] if known else f"unknown ({value})"


def detail(code: int, context: int, value: int, low: int, high: int) -> str:
    """The figures of an error reply as a sentence; empty where the code carries none."""
    zone = zone_name(context)
    sentences = {
        codes.RESULT_WRONG_STATE: f"Its state is: {_state(value)}.",
        codes.RESULT_OUT_OF_RANGE: f"{value} was given; {low} to {high} is allowed.",
        codes.RESULT_UNKNOWN_ZONE: f"Zone number {value} was given.",
        codes.RESULT_ABOVE_ZONE_CAP: f"{zone}: {_mm(value)} was asked, the cap is {_mm(high)}.",
        codes.RESULT_ABOVE_OVERRIDE_MAX: (
            f"{zone}: {_mm(value)} was asked, {_mm(high)} is the most with an override."
        ),
        codes.RESULT_RATE_OUT_OF_RANGE: (
            f"{zone}: {_hz(value)} was asked, {_hz(low)} to {_hz(high)} is allowed."
        ),
        codes.RESULT_CHUNK_GAP: f"Offset {value} came, {low} was expected.",
        codes.RESULT_PLAN_FORMAT: f"It stumbled at byte {context} of the plan.",
        codes.RESULT_ZONE_NOT_IN_PLAN: f"{zone_name(value)} was asked.",
        codes.RESULT_DUPLICATE_ZONE: f"{zone_name(value)} is there twice.",
        codes.RESULT_CARTRIDGE_EXPIRED: f"It expired {value} days ago.",
        codes.RESULT_CARTRIDGE_WRONG: f"{_pins(value)} are seated, {_pins(low)} are planned.",
        codes.RESULT_FAULT_LATCHED: f"{fault_number(value)}: {fault_sentence(value)}",
        codes.RESULT_CAUSE_PRESENT: f"{fault_number(value)}: {fault_sentence(value)}",
        codes.RESULT_NOT_BY_HOST: f"{fault_number(value)}: {fault_sentence(value)}",
        codes.RESULT_BATTERY_LOW: f"It is at {value} %, {low} % is needed.",
    }
    return sentences.get(code, "")


class PenRefused(errors.PenError):
    """The pen refused a request; nothing on it changed."""

    number = "R00"
    exit_code = errors.EXIT_REFUSED
    cause = ""  # its sentence is the reason
    next_step = "Follow the reason above."

    def __init__(
        self, code: int, context: int = 0, value: int = 0, low: int = 0, high: int = 0
    ) -> None:
        """Take the fields of an error reply (units depend on the code, see `protocol/codes`)."""
        known = RESULT_TEXTS.get(code)
        sentence = known[0] if known else f"The pen refused with result {code}."
        next_step = known[1] if known else "Update this program: it does not know this result."
        figures = detail(code, context, value, low, high)
        super().__init__(f"{sentence} {figures}".rstrip(), next_step=next_step)
        self.code = code
        self.context = context
        self.value = value
        self.low = low
        self.high = high
        self.number = f"R{code:02d}"
        self.exit_code = exit_code_of(code)

    def as_dict(self) -> dict[str, object]:
        """The refusal with the figures as numbers."""
        figures = {"context": self.context, "value": self.value, "low": self.low, "high": self.high}
        return {**super().as_dict(), "pen": figures}


class PenFaulted(errors.PenError):
    """The pen latched a fault while something was under way."""

    number = "F00"
    exit_code = errors.EXIT_PEN_FAULT
    cause = "The pen stopped by itself and latched what is wrong."

    def __init__(self, fault: int) -> None:
        super().__init__(fault_sentence(fault), next_step=fault_next_step(fault))
        self.fault = fault
        self.number = fault_number(fault)
