"""Words that no library may hold: needling is not a way to bring a substance into the skin.

A needling device is cleared without any topical; presets that suggest one invite granulomas and
infections (H42). Melasma gets no preset: studies and advice contradict each other. Pure.
"""

import re

_DELIVERY = re.compile(
    r"deliver|infus|inject|permeat|absor[bp]|transderm|topical|serum|vitamin|peptide|hyaluron|"
    r"exosome|growth factor|plasma|\bprp\b|\bprf\b|mesotherap|ampoule|cocktail|botulin|"
    r"tranexam|minoxidil",
    re.IGNORECASE,
)
_NO_PRESET = re.compile(r"melasma|chloasma", re.IGNORECASE)
_EYE = re.compile(r"eye|lid|orbit", re.IGNORECASE)


def claim_in(text: str) -> str:
    """The part of `text` that speaks of a substance; "" when there is none."""
    found = _DELIVERY.search(text)
    return found[0] if found else ""


def has_no_preset(indication: str) -> bool:
    """Whether an indication's name is one that gets no preset."""
    return bool(_NO_PRESET.search(indication))


def is_of_the_eye(zone: str) -> bool:
    """Whether a zone's name means the lid or the inside of the orbital rim."""
    return bool(_EYE.search(zone)) and zone != "periorbital"
