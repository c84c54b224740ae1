"""Skin by zone: thickness, stiffness against the needle, and how deep the needles really get.

Thickness is ultrasound epidermis + dermis, mean of women and men; where no figure was found the
nearest site stands in. Stiffness is relative to the cheek and a judgement: bone or cartilage close
below, or scar, resists more; thin loose skin less. Owns no state.
"""

from dataclasses import dataclass

from hardware.plant.needle import force_in
from hardware.plant.parameters import SkinParameters


@dataclass(frozen=True, slots=True)
class Zone:
    """One place on the body."""

    name: str
    thickness_um: int
    stiffness: float  # 1.0 = cheek


ZONES = {
    zone.name: zone
    for zone in (
        Zone("forehead", 1225, 1.25),  # 1.06 / 1.39 mm; bone about 3 mm down
        Zone("glabella", 1220, 1.2),  # 1.09 / 1.35 mm
        Zone("temple", 1115, 0.9),  # 0.98 / 1.25 mm
        Zone("periorbital", 800, 0.7),  # eyelid 0.75 / 0.85 mm is the nearest site
        Zone("nose", 1175, 1.3),  # dorsum 1.12 / 1.23 mm; cartilage
        Zone("cheek", 1200, 1.0),  # zygoma 1.07 / 1.33 mm
        Zone("malar", 1200, 1.1),
        Zone("perioral", 1160, 0.85),  # submandibular 1.09 / 1.23 mm
        Zone("chin", 1160, 1.1),
        Zone("neck", 1165, 0.75),  # 1.16 / 1.17 mm
        Zone("decolletage", 1165, 0.8),
        Zone("cheek-acne-scar", 1500, 2.0),  # excised facial skin 1.23-2.02 mm, scarred
        Zone("body-scar", 2000, 2.7),
        Zone("striae", 1600, 1.4),
        Zone("scalp", 1600, 1.5),
        Zone("hand", 1100, 0.9),
    )
}
DEFAULT_ZONE = "cheek"


def penetration_um(
    protrusion_um: float, fp_total_n: float, pressure: float, skin: SkinParameters
) -> float:
    """How deep the needles are in the skin when they protrude this far, in um.

    `max(0, protrusion - deflection)`: the skin gives way under the force of all needles
    (`fp_total_n` = Fp of one times their number), less so where the nose presses it firmly.
    `pressure` is 0.5 for a light hand, 1 normal, 2 firm.
    """
    if protrusion_um <= 0.0 or pressure <= 0.0:
        return 0.0
    stiffness = skin.stiffness_n_per_m * float(pressure**skin.stiffness_exponent)
    deflection_um = fp_total_n * force_in(protrusion_um * 1e-3) / stiffness * 1e6
    return max(0.0, protrusion_um - deflection_um)
