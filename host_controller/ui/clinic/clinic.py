"""What the parts of the clinic's page share in one window. Owns which records count."""

from collections.abc import Callable
from dataclasses import dataclass

from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic.archive import Archive
from host_controller.ui.clinic.photo_folder import PhotoFolder
from host_controller.ui.visit import Expected


@dataclass
class Clinic:
    """Texts, records, photos, and the ways to other pages."""

    say: Texts
    archive: Archive
    photos: PhotoFolder
    operator: str  # staff code of the visit, for what is written here
    treating: Callable[[], bool]  # a treatment is under way
    may_start: Callable[[], bool]  # this window controls, and nobody is treated
    start: Callable[[Expected], object]  # a visit for somebody
    open_client: Callable[[str], object]
    simulated: bool  # sessions of simulated pens count too
