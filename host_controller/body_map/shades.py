"""From depth to shade: one hue, darker with depth, so that a grey print keeps the order.

Six steps between the depths that matter on the drawing, each clearly darker than the one before
(CIE L* 93, 82, 70, 49, 40, 30); text on a shade has a contrast of at least 4.5.
Owns no state.
"""

STEPS = (  # up to this depth (um), fill, text on it
    (250, "#dcefec", "#10312d"),
    (500, "#a9d5cf", "#10312d"),
    (1000, "#74b6ae", "#0b2421"),
    (1500, "#2e8279", "#ffffff"),
    (2000, "#186861", "#ffffff"),
    (2500, "#0c4f4a", "#ffffff"),
)
NOT_TREATED = ("#ffffff", "#5b6b69")


def shade(depth_um: int | None) -> tuple[str, str]:
    """Fill and text colour of a depth 0..2500 um; of a zone without depth (None) white."""
    if depth_um is None:
        return NOT_TREATED
    for limit_um, fill, text in STEPS:
        if depth_um <= limit_um:
            return fill, text
    return STEPS[-1][1:]


def legend() -> list[tuple[str, str, str]]:
    """Each step as (text, fill, text colour): "to 0.25 mm", ..."""
    return [(f"to {limit_um / 1000:.2f} mm", fill, text) for limit_um, fill, text in STEPS]
