"""The identifier on a cartridge's pack (UDI), as a GS1 scanner or a person gives it.

Read are device (01), expiry (17), lot (10) and serial (21); a lot or an expiry that the seated
cartridge does not have means that another pack was scanned. Pure.
"""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from host_controller.records.failures import WrongPack

_FIELD = re.compile(r"\(([0-9]{2})\)([^()]+)")
_LENGTHS = {"01": 14, "17": 6}  # of fields without an end mark
_VALUE = re.compile(r"[!%-?A-Z_a-z\"]{1,20}")  # GS1's character set for lots and serials
_SCANNED = ("]d2", "]C1", "]Q3")  # what a scanner puts before a GS1 code
_END = "\x1d"  # ends a field of open length


class Udi(NamedTuple):
    """A pack's identifier; "" and None for what it does not say."""

    device: str  # 14 digits
    expires: date | None
    lot: str
    serial: str

    @property
    def text(self) -> str:
        """Human readable form, as it goes into the record."""
        parts = [f"(01){self.device}"]
        if self.expires:
            parts.append(f"(17){self.expires:%y%m%d}")
        parts += [f"(10){self.lot}"] if self.lot else []
        return "".join([*parts, f"(21){self.serial}" if self.serial else ""])


def read(text: str) -> Udi:
    """The identifier that `text` holds, with or without brackets; raises WrongPack."""
    plain = text.strip()
    for mark in _SCANNED:
        plain = plain.removeprefix(mark)
    fields = _bracketed(plain) if plain.startswith("(") else _scanned(plain)
    device = fields.get("01", "")
    if not (re.fullmatch(r"[0-9]{14}", device) and _digit_is_right(device)):
        raise _unreadable(text, "Its device number (01) has no right check digit.")
    for name in ("10", "21"):
        if name in fields and not _VALUE.fullmatch(fields[name]):
            raise _unreadable(text, f"Field ({name}) has up to 20 letters, digits and signs.")
    expires = _day(text, fields["17"]) if "17" in fields else None
    return Udi(device, expires, fields.get("10", ""), fields.get("21", ""))


def must_be_of(udi: Udi, lot: str, expires: date) -> None:
    """Raise WrongPack where the pack's lot or expiry is not that of the seated cartridge."""
    if udi.lot and udi.lot != lot:
        raise WrongPack(f"The pack is of lot {udi.lot}, the cartridge of lot {lot}.")
    if udi.expires and udi.expires != expires:
        raise WrongPack(f"The pack expires on {udi.expires}, the cartridge on {expires}.")


def _unreadable(text: str, cause: str) -> WrongPack:
    return WrongPack(
        f"{text[:60]!r} is no identifier of a pack.",
        cause=cause,
        next_step="Scan it again, or type it with its brackets: (01)...(17)...(10)...",
    )


def _bracketed(text: str) -> dict[str, str]:
    found = _FIELD.findall(text)
    whole = "".join(f"({name}){value}" for name, value in found) == text
    if not whole or len({name for name, _ in found}) != len(found):
        raise _unreadable(text, "It is cut off, or a field stands twice.")
    return dict(found)


def _scanned(text: str) -> dict[str, str]:
    """Fields without brackets: fixed lengths, or up to the end mark."""
    fields: dict[str, str] = {}
    rest = text.removeprefix(_END)
    while rest:
        name, rest = rest[:2], rest[2:]
        if not name.isdigit() or name in fields:
            raise _unreadable(text, "It does not follow GS1's rules.")
        length = _LENGTHS.get(name)
        value, rest = (rest[:length], rest[length:]) if length else _up_to_end(rest)
        fields[name], rest = value, rest.removeprefix(_END)
    return fields


def _up_to_end(rest: str) -> tuple[str, str]:
    value, _, after = rest.partition(_END)
    return value, after


def _digit_is_right(number: str) -> bool:
    """GS1's check digit: weights 3 and 1 from the right, sum a multiple of ten."""
    digits = [int(digit) for digit in number]
    weighted = sum(digit * (3 if at % 2 == 0 else 1) for at, digit in enumerate(digits[:-1]))
    return (weighted + digits[-1]) % 10 == 0


def _day(text: str, value: str) -> date:
    """A day of this century written YYMMDD; day 00 is the month's last."""
    try:
        year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:6])
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError as error:
        raise _unreadable(text, "Its expiry (17) is no date.") from error
