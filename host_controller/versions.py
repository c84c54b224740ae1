"""Which side is older when pen and program do not speak the same protocol. Owns no state."""

from importlib import metadata

from host_controller import errors
from protocol import version
from protocol.hello import PenIdentity

_DISTRIBUTION = "microneedling-pen"


def program_version() -> str:
    """Version of this program; "0" when it runs without being installed."""
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "0"


def _parts(text: str) -> tuple[int, ...]:
    numbers = text.partition("+")[0].partition("-")[0].split(".")
    return tuple(int(part) for part in numbers if part.isdecimal())


def require_our_schema(identity: PenIdentity) -> None:
    """Raise SchemaMismatch for a pen that would not understand more than HELLO and STOP."""
    if not identity.speaks_our_schema:
        raise mismatch(identity, program_version())


def mismatch(identity: PenIdentity, ours: str) -> errors.SchemaMismatch:
    """The error for a pen of another schema: says which side is older and what to run."""
    pen, program = _parts(identity.firmware), _parts(ours)
    if pen < program:
        cause = f"The pen is older: firmware {identity.firmware}, program {ours}."
        next_step = f"Flash the pen with the firmware of this program, {ours}: `pen flash FILE`."
    elif pen > program:
        cause = f"This program is older: program {ours}, firmware {identity.firmware}."
        next_step = "Update this program: python -m pip install --upgrade microneedling-pen"
    else:
        cause = f"Both call themselves {ours}, but were built from different sources."
        next_step = "Install program and firmware from the same source tree."
    return errors.SchemaMismatch(
        f"Pen {identity.serial} speaks protocol {identity.schema}, this program "
        f"{version.SCHEMA_ID}.",
        cause=cause,
        next_step=next_step,
    )
