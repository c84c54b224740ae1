"""Treatment zones by number and short name (their caps are the pen's, in firmware/safety).

There is no eyelid zone, and none can be added: inside the orbital rim is never treated (H04).
Numbers are part of the wire: appended, never reused. Owns no state.
"""

ZONES = (
    (1, "forehead"),
    (2, "glabella"),
    (3, "temple"),
    (4, "periorbital"),  # outside the orbital rim only
    (5, "nose"),
    (6, "cheek"),
    (7, "malar"),
    (8, "perioral"),
    (9, "chin"),
    (10, "neck"),
    (11, "decolletage"),
    (12, "cheek-acne-scar"),
    (13, "body-scar"),
    (14, "striae"),
    (15, "scalp"),
    (16, "hand"),
)
ZONE_COUNT = 16


def zone_name(zone_id: int) -> str:
    """Short name of a zone number; "zone N" for a number this table does not know."""
    for number, name in ZONES:
        if number == zone_id:
            return name
    return "zone %d" % zone_id


def zone_id(name: str) -> int:
    """Number of a zone's short name; 0 (no zone has it) for a name this table does not know."""
    for number, known in ZONES:
        if known == name:
            return number
    return 0
