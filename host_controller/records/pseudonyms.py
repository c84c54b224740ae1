"""What may stand in a record for a person: the clinic's numbers and codes, never a name.

A number has at most three letters in front (C-1042, np-07, dr_3, 7), so that neither a name nor an
e-mail address nor a name with a year can pass. Owns no state.
"""

import re

from host_controller import errors

_PSEUDONYM = re.compile(r"([A-Za-z]{1,3}[-_]?)?[0-9]{1,10}")
CLIENT = "a client number"
_SERIAL = re.compile(r"(?=.*[0-9])[A-Za-z0-9-]{1,32}")
_WORD = re.compile(r"[a-z0-9]{1,24}([ -][a-z0-9]{1,24}){0,5}")


def is_pseudonym(text: str) -> bool:
    """Whether `text` can be a client number or a staff code."""
    return _PSEUDONYM.fullmatch(text) is not None


def is_serial(text: str) -> bool:
    """Whether `text` can be a pen's serial number: letters and at least one digit, no space."""
    return _SERIAL.fullmatch(text) is not None


def pseudonym(text: str, what: str) -> str:
    """`text` when it can be a client number or staff code; raises UsageError otherwise."""
    if not is_pseudonym(text):
        raise errors.UsageError(
            f"{text!r} cannot be used as {what}.",
            cause="Records hold numbers and codes only, never names or e-mail addresses.",
            next_step="Use up to 3 letters and up to 10 digits, for example C-0042.",
        )
    if what == CLIENT and text != text.upper():
        raise errors.UsageError(
            f"{text!r} cannot be used as {what}.",
            cause="One person under two numbers would have two histories.",
            next_step=f"Write capital letters: {text.upper()}.",
        )
    return text


def other_spellings(client: str) -> tuple[str, ...]:
    """The same number with another mark between letters and digits: C-1042, C_1042, C1042."""
    found = re.fullmatch(r"([A-Za-z]{1,3})[-_]?([0-9]+)", client)
    if found is None:
        return ()
    letters, digits = found.groups()
    spelled = (f"{letters}{mark}{digits}" for mark in ("-", "_", ""))
    return tuple(one for one in spelled if one != client)


def chosen(text: str, words: tuple[str, ...], what: str) -> str:
    """`text` when it is in a short list; raises UsageError with the list otherwise."""
    if text not in words or not _WORD.fullmatch(text):
        raise errors.UsageError(
            f"{text!r} is no {what}.",
            cause="Records take reasons from a short list, not free text.",
            next_step=f"Choose one of: {', '.join(words)}.",
        )
    return text
