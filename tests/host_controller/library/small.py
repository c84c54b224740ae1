"""A small library for tests, as a clinic would write one, and ways to change it."""

from host_controller.library import reader
from host_controller.library.library import Library

TEXT = """\
schema = "pen.library/1"
id = "clinic"
version = 3
author = "np-07"
approval = "clinic library"
valid_from = 2026-01-01
review_by = 2027-01-01

[sources]
chart = "A maker's chart."
house = "What this clinic decided."

[indications]
fine-lines = "Fine lines"
acne-scars = "Acne scars"

[evaluated]
depth_mm = [0.10, 1.50]
rate_hz = [50, 150]
passes = [1, 6]
dose_per_cm2 = [50, 1000]
sources = ["chart"]

[defaults]
passes = { default = 2, soft = [1, 3], hard = [1, 4] }
dose_per_cm2 = { default = 300, soft = [100, 300], hard = [50, 600] }
interval_days = 28
pins = 12
pattern = "Along, then across."
endpoint = "Even redness."
sources = { passes = ["chart"], dose = ["chart"], interval = ["house"] }

# the cheek, as Dr. 3 likes it
[[entries]]
indication = "fine-lines"
zone = "cheek"
depth_mm = { default = 0.80, soft = [0.50, 1.20], hard = [0.25, 1.50] }
rate_hz = { default = 110, soft = [90, 130], hard = [80, 150] }
pins = 36
warnings = ["Darker skin: stay at or below the default."]
sources = { depth = ["chart"], rate = ["house"] }

[[entries]]
indication = "fine-lines"
zone = "nose"
depth_mm = { default = 0.25, soft = [0.25, 0.50], hard = [0.25, 0.75] }
rate_hz = { default = 80, soft = [60, 100], hard = [50, 150] }
sources = { depth = ["chart"], rate = ["house"] }

[[entries]]
indication = "fine-lines"
zone = "cheek"
skin = "thick"
depth_mm = { default = 1.00, soft = [0.50, 1.50], hard = [0.50, 1.50] }
sources = { depth = ["house"] }

[[entries]]
indication = "acne-scars"
zone = "cheek"
depth_mm = { default = 1.00, soft = [0.50, 1.50], hard = [0.25, 2.00], evaluated = [0.25, 2.00] }
rate_hz = { default = 110, soft = [90, 130], hard = [80, 150] }
interval_days = 42
sources = { depth = ["chart"], rate = ["house"], interval = ["chart"], evaluated = ["chart"] }

[[narrowings]]
role = "esthetician"
depth_most_mm = 0.60
may_override = false
sources = ["house"]

[[narrowings]]
role = "esthetician"
zones = ["nose"]
forbidden = true
sources = ["house"]

[[narrowings]]
skin = "thin"
depth_most_mm = 0.70
passes_most = 1
sources = ["house"]
"""


def changed(before: str, after: str, text: str = TEXT) -> str:
    """`text` with its first `before` replaced."""
    assert before in text
    return text.replace(before, after, 1)


def parsed(text: str = TEXT) -> Library:
    """The library of `text`."""
    return reader.parse("clinic.toml", text.encode())
