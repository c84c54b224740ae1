"""Readings of instruments as a person types them: a leading zero, decimals, no exponent, no sign.

What cannot be meant is refused with what could be, never rounded or cut. Owns no state.
"""

import re

from host_controller import errors
from host_controller.calibration.rate_check import from_rpm

_MM = re.compile(r"[0-9][.,][0-9]{2,3}")
_HZ = re.compile(r"[0-9]{2,3}([.,][0-9]{1,2})?")
_RPM = re.compile(r"[0-9]{4,5}([.,][0-9])?")


def gauge_um(text: str) -> int:
    """A gauge's reading in mm as um, for example 0.512; raises UsageError."""
    written = text.strip()
    if not _MM.fullmatch(written):
        raise errors.UsageError(
            f"{written!r} is no reading of the gauge.",
            cause="A reading has a digit, a point and two or three decimals, in millimetres.",
            next_step="For example 0.51 or 0.512.",
        )
    return round(float(written.replace(",", ".")) * 1000)


def rate_chz(text: str, per_minute: bool) -> int:
    """A strobe's or tachometer's reading as 0.01 Hz; raises UsageError."""
    written = text.strip()
    pattern, example = (_RPM, "6004") if per_minute else (_HZ, "100.1")
    if not pattern.fullmatch(written):
        unit = "revolutions per minute" if per_minute else "Hz"
        raise errors.UsageError(
            f"{written!r} is no reading in {unit}.",
            cause="The unit may be the other one.",
            next_step=f"For example {example}.",
        )
    value = float(written.replace(",", "."))
    return from_rpm(value) if per_minute else round(value * 100)
