"""Every text of the pages, a folder a language: `texts/en/*.toml`, `texts/de/*.toml`.

A key that a language lacks is a failing test, not an English word on a German page; figures have
the language's own decimal mark. Owns the texts.
"""

import tomllib
from functools import lru_cache
from importlib.resources import files

from host_controller import words

LANGUAGES = ("en", "de")


@lru_cache
def texts(language: str) -> dict[str, str]:
    """All texts of a language by dotted key; raises FileNotFoundError for another language."""
    found: dict[str, str] = {}
    for file in sorted((files("host_controller.ui") / "texts" / language).iterdir(), key=str):
        for section, rows in tomllib.loads(file.read_text("utf-8")).items():
            found |= {f"{section}.{key}": text for key, text in rows.items()}
    return found


class Texts:
    """The texts of one language; `say("treat.depth")`, with values for its places."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = texts(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key; raises KeyError for one that is not in the catalogue."""
        return self._texts[key].format(**values)

    def knows(self, key: str) -> bool:
        """Whether the catalogue has this key: what others may name is perhaps not in it."""
        return key in self._texts

    def zone(self, name: str) -> str:
        """A treatment zone in words."""
        return self(f"zone.{name}")

    def of_library(self, text: str) -> str:
        """What a depth library says: in this language where known, else as it stands there."""
        return self._texts.get(f"library.{text}", text)

    # --- figures --------------------------------------------------------------------------------

    def figures(self, text: str) -> str:
        """Figures that were written with a point, with the mark of the language: 0.50 or 0,50."""
        return text.replace(".", self._texts["figures.mark"])

    def mm(self, depth_um: int) -> str:
        """Depth, for example 0.50 mm."""
        return self.figures(words.mm(depth_um))

    def hz(self, rate_chz: int, decimals: int = 1) -> str:
        """Stroke rate, for example 90.0 Hz."""
        return self.figures(words.hz(rate_chz, decimals))

    def celsius(self, temperature_cdeg: int) -> str:
        """Temperature, for example 29.5 °C."""
        return self.figures(words.celsius(temperature_cdeg))
